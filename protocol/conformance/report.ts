import { utf8 } from '@scure/base';

export interface ConformanceReport {
  readonly cases: number;
  readonly passed: number;
  /** names of the cases whose verdict was not the file's */
  readonly failed: readonly string[];
  readonly notApplicable: readonly { readonly case: string; readonly reason: string }[];
}

/** Runs every case of one file of test data; the same contents give the same report. */
export type ConformanceAdapter = (contents: Uint8Array) => ConformanceReport;

/** Counts cases as they are judged. */
export class ConformanceTally {
  private cases = 0;
  private readonly failed: string[] = [];
  private readonly skipped: { case: string; reason: string }[] = [];

  judge(name: string, passed: boolean): void {
    this.cases++;
    if (!passed) this.failed.push(name);
  }

  skip(name: string, reason: string): void {
    this.cases++;
    this.skipped.push({ case: name, reason });
  }

  report(): ConformanceReport {
    const { cases, failed, skipped } = this;
    return { cases, passed: cases - failed.length - skipped.length, failed, notApplicable: skipped };
  }
}

export const parseJson = (contents: Uint8Array): unknown => JSON.parse(utf8.encode(contents));

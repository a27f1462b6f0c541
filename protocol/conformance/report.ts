import { utf8 } from '@scure/base';
import { decodeHex } from '../codec/hex.ts';
import { isFault } from '../fault.ts';

export interface ConformanceReport {
  readonly cases: number;
  readonly passed: number;
  /** names of the cases whose verdict was not the file's */
  readonly failed: readonly string[];
  readonly notApplicable: readonly { readonly case: string; readonly reason: string }[];
}

/** Runs every case of one file of test data; the same contents give the same report. */
export type ConformanceAdapter = (contents: Uint8Array) => ConformanceReport;

/** The same for what can only be computed with a promise, as a worker's key derivation. */
export type AsyncConformanceAdapter = (contents: Uint8Array) => Promise<ConformanceReport>;

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

/** Hexadecimal of a file; what is none is no bytes, which then fails its case. */
export const toBytes = (hex: string): Uint8Array => {
  const bytes = decodeHex(hex);
  return isFault(bytes) ? new Uint8Array(0) : bytes;
};

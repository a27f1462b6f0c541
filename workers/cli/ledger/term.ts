import { InvalidArgumentError } from 'commander';
import { Failure } from '#protocol/failure';
import type { DebtTerm } from '#protocol/script/forms/debt';

/** When a debt is due, as it stands on a command line. */
export interface TermFlags {
  readonly term?: number;
  readonly due?: number;
  readonly instalments?: number;
}

/** A height, or a date as ISO 8601 has it. @unit result: a transaction's lock time */
export const readDue = (text: string): number => {
  if (/^\d{1,8}$/.test(text)) return Number(text);
  const time = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(text) ? Date.parse(text) / 1_000 : Number.NaN;
  if (!Number.isFinite(time)) throw new InvalidArgumentError('a height, or a date such as 2027-03-31 or 2027-03-31T12:00:00Z');
  return Math.floor(time);
};

/**
 * One term for each instalment, equally far apart.
 *
 * Failures: `term-missing`: neither a term nor a date, or both; `term-instalments`: instalments of a date
 */
export const termsOf = ({ term, due, instalments = 1 }: TermFlags): readonly DebtTerm[] => {
  if ((term === undefined) === (due === undefined)) throw new Failure('term-missing');
  if (due !== undefined && instalments !== 1) throw new Failure('term-instalments');
  if (due !== undefined) return [{ kind: 'expiry', lockTime: due }];
  return Array.from({ length: instalments }, (_, i) => ({ kind: 'blocks', blocks: (term ?? 0) * (i + 1) }));
};

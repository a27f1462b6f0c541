import { formatAmount } from '#protocol/tx/amount-text';
import type { ActivityView } from '../rpc/chain-view.ts';

const HEAD = ['time', 'txid', 'direction', 'change', 'fee', 'height', 'stage', 'counterparty', 'label'];

/** Spreadsheets run what begins like a formula: such a text gets an apostrophe before it. */
const quote = (text: string): string => {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

const signed = (units: bigint): string => (units < 0n ? `-${formatAmount(-units)}` : formatAmount(units));

const row = (entry: ActivityView): string =>
  [
    new Date(entry.time * 1000).toISOString(),
    entry.txid,
    entry.direction,
    signed(entry.change),
    entry.fee === undefined ? '' : formatAmount(entry.fee),
    entry.proof.height?.toString() ?? '',
    entry.proof.stage,
    entry.counterparty ?? '',
    entry.label ?? '',
  ]
    .map(quote)
    .join(',');

/** @source SPEC CW7; RFC 4180 */
export const encodeActivityCsv = (entries: readonly ActivityView[]): string => [HEAD.join(','), ...entries.map(row)].join('\r\n');

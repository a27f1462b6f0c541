import { type Fault, fault } from '#protocol/fault';
import type { LabelEntry } from '../rpc/chain-calls.ts';

const KINDS: ReadonlySet<string> = new Set(['tx', 'addr', 'pubkey', 'input', 'output', 'xpub', 'spscan']);
/** BIP329 asks importers to take at least 255 characters */
export const MAX_LABEL_LENGTH = 255;
export const MAX_LABELS = 10_000;
const MAX_REF_LENGTH = 200;
const MAX_ORIGIN_LENGTH = 200;

/** One JSON object a line. @source BIP329 */
export const encodeLabels = (labels: readonly LabelEntry[]): string =>
  labels.map(({ kind, ref, label, origin, spendable }) => JSON.stringify({ type: kind, ref, label, origin, spendable })).join('\n');

/** What this wallet does not use of a record, and only passes on. */
const readRest = ({ origin, spendable }: Record<string, unknown>): Pick<LabelEntry, 'origin' | 'spendable'> => ({
  ...(typeof origin === 'string' && origin.length <= MAX_ORIGIN_LENGTH ? { origin } : {}),
  ...(typeof spendable === 'boolean' ? { spendable } : {}),
});

const parseLine = (line: string): LabelEntry | undefined => {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = value as Record<string, unknown>;
  const { type, ref, label } = fields;
  if (typeof type !== 'string' || typeof ref !== 'string' || typeof label !== 'string') return undefined;
  if (!KINDS.has(type) || ref.length > MAX_REF_LENGTH) return undefined;
  return { kind: type as LabelEntry['kind'], ref, label: label.slice(0, MAX_LABEL_LENGTH), ...readRest(fields) };
};

/**
 * Reads BIP329 lines; records of types this wallet does not keep are passed over, as the BIP asks.
 *
 * @fault `label-form`: no line could be read; `label-count`: more than 10,000
 * @source SPEC CW6; BIP329
 */
export const parseLabels = (text: string): readonly LabelEntry[] | Fault<'label-form' | 'label-count'> => {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length > MAX_LABELS) return fault('label-count', { lines: lines.length });
  const labels = lines.map(parseLine).filter((entry) => entry !== undefined);
  return labels.length === 0 && lines.length > 0 ? fault('label-form', { lines: lines.length }) : labels;
};

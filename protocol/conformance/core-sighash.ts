import { encodeReversedHex } from '../codec/hash32.ts';
import { decodeHex } from '../codec/hex.ts';
import { isFault } from '../fault.ts';
import { decodeBitcoinTransaction } from './bitcoin-transaction.ts';
import { computeLegacySighash } from './legacy-sighash.ts';
import { type ConformanceAdapter, ConformanceTally, parseJson } from './report.ts';

type Line = readonly [transaction: string, script: string, index: number, type: number, hash: string];

const isRight = ([transaction, script, index, type, hash]: Line): boolean => {
  const [bytes, code] = [decodeHex(transaction), decodeHex(script)];
  if (isFault(bytes) || isFault(code)) return false;
  const tx = decodeBitcoinTransaction(bytes);
  return !isFault(tx) && encodeReversedHex(computeLegacySighash(tx, index, code, type)) === hash;
};

/** core/sighash.json: signature hashes before BIP143. */
export const checkCoreSighash: ConformanceAdapter = (contents) => {
  const tally = new ConformanceTally();
  const lines = (parseJson(contents) as readonly (Line | readonly [string])[]).filter((entry): entry is Line => entry.length > 1);
  for (const [index, line] of lines.entries()) tally.judge(`${index}`, isRight(line));
  return tally.report();
};

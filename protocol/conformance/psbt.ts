import { base64 } from '@scure/base';
import { equalBytes } from '../codec/bytes.ts';
import { isFault } from '../fault.ts';
import { checkPsbtInputs, decodePsbt } from '../psbt/meaning.ts';
import { encodePsbt } from '../psbt/psbt.ts';
import { type ConformanceAdapter, ConformanceTally, parseJson, toBytes } from './report.ts';

interface PsbtCase {
  readonly group: string;
  readonly case: string;
  readonly hex?: string;
  readonly base64: string;
}

const isRight = ({ group, hex, base64: text }: PsbtCase): boolean => {
  const bytes = base64.decode(text);
  if (hex !== undefined && !equalBytes(toBytes(hex), bytes)) return false;
  const read = decodePsbt(bytes);
  if (/invalid/.test(group)) return isFault(read);
  if (/cannot be computed/.test(group)) return isFault(read) && read.fault === 'psbt-lock-time';
  if (isFault(read) || !equalBytes(encodePsbt(read.psbt), bytes)) return false;
  if (/Signer/.test(group)) return isFault(checkPsbtInputs(read));
  const stated = /computed to be (\d+)/.exec(group)?.[1];
  return stated === undefined || read.lockTime === Number(stated);
};

/** bips/bip-0174_psbt.json and bips/bip-0370_psbt.json: invalid ones are refused, valid ones come back byte for byte. */
export const checkPsbts: ConformanceAdapter = (contents) => {
  const tally = new ConformanceTally();
  for (const each of parseJson(contents) as readonly PsbtCase[]) tally.judge(`${each.group} ${each.case}`, isRight(each));
  return tally.report();
};

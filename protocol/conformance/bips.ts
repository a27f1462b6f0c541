import { equalBytes } from '../codec/bytes.ts';
import { encodeHex } from '../codec/hex.ts';
import { isFault } from '../fault.ts';
import { decodeBech32 } from '../script/bech32-text.ts';
import { buildMultisig, matchMultisig, sortKeys } from '../script/forms/multisig.ts';
import { decodeWitnessAddress, encodeWitnessAddress } from '../script/witness-address.ts';
import { matchWitnessProgram } from '../script/witness-program.ts';
import { type ConformanceAdapter, type ConformanceReport, ConformanceTally, parseJson, toBytes } from './report.ts';

interface SortCase {
  readonly title: string;
  readonly list: readonly string[];
  readonly sorted: readonly string[];
  readonly script: string;
}

/** bips/bip-0067.json: order of keys and the multisig script; its P2SH addresses have no meaning here. */
export const checkBip67: ConformanceAdapter = (contents) => {
  const tally = new ConformanceTally();
  for (const { title, list, sorted, script } of parseJson(contents) as readonly SortCase[]) {
    const keys = list.map(toBytes);
    const form = matchMultisig(toBytes(script));
    const isSorted = sortKeys(keys).map(encodeHex).join() === sorted.join();
    tally.judge(title, isSorted && form !== undefined && encodeHex(buildMultisig({ threshold: form.threshold, keys })) === script);
  }
  return tally.report();
};

interface AddressFile {
  readonly valid_strings: readonly string[];
  readonly invalid_strings: readonly { readonly hex: string; readonly reason: string }[];
  readonly valid_addresses: readonly { readonly address: string; readonly scriptPubKey: string }[];
  readonly invalid_addresses: readonly (string | { readonly address: string })[];
}

const BITCOIN_PREFIXES = ['bc', 'tb'];

const isKnownAddress = (text: string): boolean => {
  const decoded = decodeWitnessAddress(text);
  return !isFault(decoded) && BITCOIN_PREFIXES.includes(decoded.prefix);
};

const isAddressOf = (text: string, script: Uint8Array): boolean => {
  const [decoded, program] = [decodeWitnessAddress(text), matchWitnessProgram(script)];
  if (isFault(decoded) || program === undefined || !BITCOIN_PREFIXES.includes(decoded.prefix)) return false;
  const same = decoded.version === program.version && equalBytes(decoded.program, program.program);
  return same && encodeWitnessAddress(decoded) === text.toLowerCase();
};

const toText = (hex: string): string => String.fromCharCode(...toBytes(hex));

const checkAddressFile = (contents: Uint8Array, variant: 'bech32' | 'bech32m'): ConformanceReport => {
  const tally = new ConformanceTally();
  const file = parseJson(contents) as AddressFile;
  for (const text of file.valid_strings) {
    const decoded = decodeBech32(text);
    tally.judge(text, !isFault(decoded) && decoded.variant === variant);
  }
  for (const { hex, reason } of file.invalid_strings) {
    const decoded = decodeBech32(toText(hex));
    tally.judge(`${hex} ${reason}`, isFault(decoded) || decoded.variant !== variant);
  }
  for (const { address, scriptPubKey } of file.valid_addresses) {
    const script = toBytes(scriptPubKey);
    if (variant === 'bech32' && matchWitnessProgram(script)?.version !== 0)
      tally.skip(address, '01 Scripts, BIP350: versions above 0 are written in bech32m');
    else tally.judge(address, isAddressOf(address, script));
  }
  for (const entry of file.invalid_addresses) {
    const address = typeof entry === 'string' ? entry : entry.address;
    tally.judge(address, !isKnownAddress(address));
  }
  return tally.report();
};

/** bips/bip-0173.json */
export const checkBip173: ConformanceAdapter = (contents) => checkAddressFile(contents, 'bech32');

/** bips/bip-0350.json */
export const checkBip350: ConformanceAdapter = (contents) => checkAddressFile(contents, 'bech32m');

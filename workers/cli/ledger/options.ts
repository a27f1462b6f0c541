import { type Command, InvalidArgumentError, Option } from 'commander';
import { decodeHex } from '#protocol/codec/hex';
import { isFault } from '#protocol/fault';
import type { LocalNode } from '#protocol/node/cli/ask-node';
import { readPort } from '#protocol/node/cli/finish';
import { defaultFolder } from '#protocol/node/cli/node-folder';
import { parseAmount } from '#protocol/tx/amount-text';

export interface NodeFlags {
  readonly network: string;
  readonly data?: string;
  readonly http: number;
  readonly json: boolean;
}

export interface KeyFlags {
  readonly dev: readonly string[];
  readonly words?: string;
  readonly path: readonly string[];
}

export interface SendFlags extends NodeFlags, KeyFlags {
  readonly feeRate?: bigint;
  readonly out?: string;
  readonly wait: number;
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

export const readUnits = (text: string): bigint => {
  const units = parseAmount(text);
  if (isFault(units)) throw new InvalidArgumentError(`an amount in VC with at most 8 decimals (${units.fault})`);
  return units;
};

export const readCount = (text: string): number => {
  const count = Number(text);
  if (!/^\d{1,9}$/.test(text) || !Number.isSafeInteger(count)) throw new InvalidArgumentError('a whole number');
  return count;
};

const readBigCount = (text: string): bigint => BigInt(readCount(text));

/** @shape length: in bytes; undefined: any */
export const readBytesOf =
  (length?: number) =>
  (text: string): Uint8Array => {
    const bytes = decodeHex(text);
    if (isFault(bytes) || (length !== undefined && bytes.length !== length))
      throw new InvalidArgumentError(length === undefined ? 'hexadecimal digits' : `${length * 2} hexadecimal digits`);
    return bytes;
  };

export const nodeOf = ({ data, network, http }: NodeFlags): LocalNode => ({ folder: data ?? defaultFolder(network), port: http });

export const withNode = (command: Command): Command =>
  command
    .addOption(new Option('--network <name>', 'which network').choices(['dev', 'test', 'main']).default('dev'))
    .option('--data <folder>', "the node's folder, which has its token (default: ~/.valuecyber/<network>)")
    .option('--http <port>', 'where the node listens', readPort, 8480)
    .option('--json', 'print JSON on stdout', false);

export const withKeys = (command: Command): Command =>
  command
    .option('--words <file>', 'a file with recovery words')
    .option('--path <path>', "a key of those words, m/84'/1'/0'/0/0 for one; may be given again", collect, [])
    .option('--dev <name>', 'a published key of the development network: member:0, agent:0, account:0; may be given again', collect, []);

export const withSending = (command: Command): Command =>
  withKeys(withNode(command))
    .option('--fee-rate <units>', 'base units for 1,000 virtual bytes (default: what the node asks for)', readBigCount)
    .option('--out <file>', 'write a draft instead of sending, for others to sign')
    .option('--wait <seconds>', 'wait until it is in a block', readCount, 0);

/** The last lines of every help on what signs. */
export const KEYS_HELP = `
The first key pays the fee and takes the change: its address must hold value. Keys never stand on the command line: they
are of words in a file (--words, --path), or published ones of the development network (--dev).
Exit codes: 0 done, 1 refused with a code, 3 a draft was written that still lacks signatures.`;

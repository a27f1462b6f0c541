import { decodeHex, encodeHex } from '../../codec/hex.ts';
import { hash160 } from '../../crypto/hash.ts';
import { isCurvePoint } from '../../crypto/key.ts';
import type { Parameters } from '../../params/parameters.ts';
import type { Element } from '../../tx/element.ts';

/** Lower-case hexadecimal digits, two a byte. */
export type Hex = string;

export const bytesOf = (hex: Hex): Uint8Array => {
  const bytes = decodeHex(hex);
  if (bytes instanceof Uint8Array) return bytes;
  throw new Error(`${hex} is hexadecimal`);
};
export const tagOfScript = (script: Hex): Hex => /^0014(.{40})$/.exec(script)?.[1] ?? encodeHex(hash160(bytesOf(script)));

const SMALL = '5[1-9a-f]|60';
const KEY = '(?:02|03)[0-9a-f]{64}';

/** A minimally pushed number above zero, of at most five bytes. */
const readNumber = (push: Hex): number | undefined => {
  if (new RegExp(`^(${SMALL})$`).test(push)) return Number.parseInt(push, 16) - 0x50;
  const bytes = (push.slice(2).match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16));
  if (Number.parseInt(push.slice(0, 2), 16) !== bytes.length || bytes.length < 1 || bytes.length > 5) return undefined;
  const [before, last] = [bytes.at(-2) ?? 0, bytes.at(-1) as number];
  if (last >= 0x80 || (last === 0 && before < 0x80)) return undefined;
  const number = bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
  return number > 16 ? number : undefined;
};

export interface NaiveMultisig {
  readonly threshold: number;
  readonly keys: readonly Hex[];
}

const MULTISIG = new RegExp(`^(${SMALL}|01..)((?:21${KEY})+)(${SMALL}|01..)ae$`);

export const readMultisig = (script: Hex): NaiveMultisig | undefined => {
  const [, least = '', keys = '', count = ''] = MULTISIG.exec(script) ?? [];
  const list = (keys.match(/.{68}/g) ?? []).map((push) => push.slice(2));
  const [threshold, number] = [readNumber(least), readNumber(count)];
  if (threshold === undefined || number !== list.length || number > 20 || threshold > number) return undefined;
  return { threshold, keys: list };
};

export type NaiveCheck = { readonly keyHash?: Hex; readonly named?: Hex; readonly multisig?: NaiveMultisig };

export interface NaiveCommitment {
  readonly hash: Hex;
  readonly check: NaiveCheck;
}

const readCheck = (script: Hex): NaiveCheck | undefined => {
  const keyHash = /^76a914(.{40})88ac$/.exec(script)?.[1];
  if (keyHash !== undefined) return { keyHash };
  const [, named, rest] = new RegExp(`^21(${KEY})ad(.*)$`).exec(script) ?? [undefined, undefined, script];
  const multisig = readMultisig(rest ?? '');
  if (multisig === undefined) return undefined;
  return named === undefined ? { multisig } : { named, multisig };
};

export const readCommitment = (script: Hex): NaiveCommitment | undefined => {
  const [, hash, rest] = /^53ba20(.{64})88(.*)$/.exec(script) ?? [];
  const check = rest === undefined ? undefined : readCheck(rest);
  return hash === undefined || check === undefined ? undefined : { hash, check };
};

/** @unit blocks; intervals: of 512 seconds; expiry: as a lock time */
export type NaiveTerm = { readonly blocks: number } | { readonly intervals: number } | { readonly expiry: number };

export interface NaiveDebt {
  readonly tag: Hex;
  readonly term: NaiveTerm;
  readonly operand: number;
}

const TIME_FLAG = 1 << 22;

export const readDebt = (script: Hex): NaiveDebt | undefined => {
  const [, tag, push, opcode] = /^76a914(.{40})8763ac6775(.+)(b1|b2)68$/.exec(script) ?? [];
  const operand = push === undefined ? undefined : readNumber(push);
  if (tag === undefined || operand === undefined) return undefined;
  if (opcode === 'b1') return operand <= 0xffff_ffff ? { tag, operand, term: { expiry: operand } } : undefined;
  if (operand >= 1 && operand <= 0xffff) return { tag, operand, term: { blocks: operand } };
  const intervals = operand - TIME_FLAG;
  return intervals >= 1 && intervals <= 0xffff ? { tag, operand, term: { intervals } } : undefined;
};

export interface NaiveOutput {
  readonly element: Element;
  readonly amount: bigint;
  readonly script: Hex;
  readonly layer: number;
}

const isOnePush = (hex: Hex): boolean => {
  if (/^(00|4f|5[1-9a-f]|60)$/.test(hex)) return true;
  const long = /^4c(..)/.exec(hex)?.[1];
  const size = Number.parseInt(long ?? hex.slice(0, 2), 16);
  const data = hex.slice(long === undefined ? 2 : 4);
  if (data.length !== 2 * size) return false;
  return long === undefined ? size >= 1 && size <= 75 && !/^(0[1-9a-f]|10|81)$/.test(data) : size > 75 && size <= 80;
};

export const isData = ({ element, amount, script }: Omit<NaiveOutput, 'layer'>): boolean =>
  element === 'value' && amount === 0n && script.startsWith('6a') && isOnePush(script.slice(2));

export interface NaiveStakeForm {
  readonly key: Hex;
  readonly share: number;
  readonly owner: Hex;
}

const lifted = new Map<Hex, boolean>();

const isOnCurve = (key: Hex): boolean => {
  const known = lifted.get(key) ?? isCurvePoint(bytesOf(`02${key}`));
  lifted.set(key, known);
  return known;
};

export const readStake = ({ element, amount, script, layer }: NaiveOutput, { minStake }: Parameters): NaiveStakeForm | undefined => {
  const [, key = '', low = '', high = '', owner = ''] = /^20(.{64})02(..)(..)6d(.*)$/.exec(script) ?? [];
  const share = Number.parseInt(high + low, 16);
  const isStake = layer === 1 && element === 'value' && amount >= minStake && key !== '' && share <= 10_000 && !owner.startsWith('6a');
  return isStake && isOnCurve(key) ? { key, share, owner } : undefined;
};

/** The script by which an output is judged. */
export const ownScript = (output: NaiveOutput, parameters: Parameters): Hex => readStake(output, parameters)?.owner ?? output.script;

export const ownerTag = (output: NaiveOutput, parameters: Parameters): Hex => {
  const debt = output.element === 'debt' ? readDebt(output.script) : undefined;
  return debt?.tag ?? tagOfScript(ownScript(output, parameters));
};

export const isKeyLike = (script: Hex): boolean => new RegExp(`^${KEY}$`).test(script);

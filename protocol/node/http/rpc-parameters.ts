import { asHash32, decodeReversedHex, type Hash32 } from '#protocol/codec/hash32';
import { decodeHex } from '#protocol/codec/hex';
import { isFault } from '#protocol/fault';
import { RPC_CODES, RpcRefusal } from './json-rpc.ts';

const refuse = (name: string): never => {
  throw new RpcRefusal(RPC_CODES.parameter, `invalid ${name}`);
};

export const readHash = (value: unknown): Hash32 => {
  const bytes = typeof value === 'string' ? decodeHex(value) : undefined;
  return bytes instanceof Uint8Array && bytes.length === 32 ? asHash32(bytes) : refuse('blockhash');
};

export const readTxid = (value: unknown): Hash32 => {
  const txid = typeof value === 'string' ? decodeReversedHex(value) : undefined;
  return txid === undefined || isFault(txid) ? refuse('txid') : txid;
};

export const readBytes = (value: unknown): Uint8Array => {
  const bytes = typeof value === 'string' ? decodeHex(value) : undefined;
  return bytes instanceof Uint8Array ? bytes : refuse('hexstring');
};

export const readInteger = (value: unknown, fallback?: number): number => {
  if (value === undefined && fallback !== undefined) return fallback;
  return Number.isInteger(value) && (value as number) >= 0 ? (value as number) : refuse('integer');
};

export const readFlag = (value: unknown, fallback: boolean): boolean => {
  if (value === undefined) return fallback;
  return typeof value === 'boolean' ? value : value === 1 || value === 0 ? value === 1 : refuse('boolean');
};

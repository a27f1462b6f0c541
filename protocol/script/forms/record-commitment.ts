import { concatBytes } from '../../codec/bytes.ts';
import { invariant } from '../../invariant.ts';
import { OP } from '../opcodes.ts';
import { computeNhash256 } from '../operations/hashing.ts';
import { type KeyCheck, matchKeyCheck } from './key-check.ts';

const HEAD_BYTES = 36;
const PARTS = 3;

/** @shape hash: 32 bytes; keyCheck: a bare key check */
export interface RecordCommitment {
  readonly hash: Uint8Array;
  readonly keyCheck: KeyCheck;
}

/** @source SPEC SF4 */
export const computeRecordHash = (table: Uint8Array, key: Uint8Array, value: Uint8Array): Uint8Array =>
  computeNhash256([table, key, value]);

/** `3 NHASH256 <hash32> EQUALVERIFY` and a key check. @source SPEC SF4 */
export const buildRecordCommitment = (hash: Uint8Array, keyCheck: Uint8Array): Uint8Array => {
  invariant(hash.length === 32 && matchKeyCheck(keyCheck) !== undefined, 'a commitment has a hash and a key check');
  return concatBytes(Uint8Array.of(OP.TRUE + PARTS - 1, OP.NHASH256, 32), hash, Uint8Array.of(OP.EQUALVERIFY), keyCheck);
};

/** @source SPEC SF4 */
export const matchRecordCommitment = (script: Uint8Array): RecordCommitment | undefined => {
  const head = script[0] === OP.TRUE + PARTS - 1 && script[1] === OP.NHASH256 && script[2] === 32;
  if (!head || script[HEAD_BYTES - 1] !== OP.EQUALVERIFY) return undefined;
  const keyCheck = matchKeyCheck(script.subarray(HEAD_BYTES));
  return keyCheck && { hash: script.subarray(3, HEAD_BYTES - 1), keyCheck };
};

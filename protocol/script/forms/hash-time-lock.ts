import { concatBytes, equalBytes } from '../../codec/bytes.ts';
import { invariant } from '../../invariant.ts';
import { ScriptCursor } from '../cursor.ts';
import { readScriptNumber } from '../number.ts';
import { OP } from '../opcodes.ts';
import { buildScript, encodeNumberPush } from '../push.ts';
import { isCompressedKey } from '../signature-encoding.ts';

const HASH_OFFSET = 7;
const KEY_OFFSET = HASH_OFFSET + 34;
const KEY_BYTES = 33;
const TIMEOUT_OFFSET = KEY_OFFSET + KEY_BYTES + 1;
const MAX_LOCK_TIME = 0xffff_ffff;
const LOCK_NUMBER_BYTES = 5;

/** @shape hash: sha256 of the 32-byte secret; claimKey, refundKey: compressed @unit timeout: lock time, not zero */
export interface HashTimeLock {
  readonly hash: Uint8Array;
  readonly claimKey: Uint8Array;
  readonly refundKey: Uint8Array;
  readonly timeout: number;
}

const SECRET_LENGTH = Uint8Array.of(32);

/** The witness script: with the secret `claimKey` signs, from the timeout on `refundKey`. @source SPEC SF6 */
export const buildHashTimeLock = ({ hash, claimKey, refundKey, timeout }: HashTimeLock): Uint8Array => {
  invariant(hash.length === 32 && isCompressedKey(claimKey) && isCompressedKey(refundKey), 'a lock has a hash and two keys');
  invariant(timeout >= 1 && timeout <= MAX_LOCK_TIME, 'a timeout is a lock time');
  return concatBytes(
    buildScript(OP.IF, OP.SIZE, SECRET_LENGTH, OP.EQUALVERIFY, OP.SHA256, hash, OP.EQUALVERIFY, claimKey, OP.ELSE),
    encodeNumberPush(timeout),
    buildScript(OP.CHECKLOCKTIMEVERIFY, OP.DROP, refundKey, OP.ENDIF, OP.CHECKSIG),
  );
};

const readTimeout = (script: Uint8Array): number | undefined => {
  const cursor = new ScriptCursor(script);
  cursor.offset = Math.min(TIMEOUT_OFFSET, script.length);
  if (cursor.atEnd || !cursor.advance()) return undefined;
  if (cursor.opcode >= OP.TRUE && cursor.opcode <= OP.SIXTEEN) return cursor.opcode - OP.TRUE + 1;
  return readScriptNumber(cursor.data, true, LOCK_NUMBER_BYTES);
};

/** Reads the witness script back: it matches exactly where building it anew gives the same bytes. @source SPEC SF6 */
export const matchHashTimeLock = (script: Uint8Array): HashTimeLock | undefined => {
  const timeout = readTimeout(script);
  if (timeout === undefined || timeout < 1 || timeout > MAX_LOCK_TIME) return undefined;
  const keyEnd = script.length - 2;
  const form = {
    hash: script.subarray(HASH_OFFSET, HASH_OFFSET + 32),
    claimKey: script.subarray(KEY_OFFSET, KEY_OFFSET + KEY_BYTES),
    refundKey: script.subarray(Math.max(keyEnd - KEY_BYTES, 0), keyEnd),
    timeout,
  };
  if (!isCompressedKey(form.claimKey) || !isCompressedKey(form.refundKey)) return undefined;
  return equalBytes(buildHashTimeLock(form), script) ? form : undefined;
};

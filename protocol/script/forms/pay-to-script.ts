import { concatBytes } from '../../codec/bytes.ts';
import { sha256 } from '../../crypto/hash.ts';
import { OP } from '../opcodes.ts';

const HASH_BYTES = 32;
const SCRIPT_BYTES = 34;

/** @source BIP141: P2WSH */
export const buildPayToScript = (witnessScript: Uint8Array): Uint8Array =>
  concatBytes(Uint8Array.of(OP.FALSE, HASH_BYTES), sha256(witnessScript));

const matchProgram = (script: Uint8Array, version: number): Uint8Array | undefined =>
  script.length === SCRIPT_BYTES && script[0] === version && script[1] === HASH_BYTES ? script.subarray(2) : undefined;

/** @shape result: the script hash, 32 bytes that share memory with the script */
export const matchPayToScript = (script: Uint8Array): Uint8Array | undefined => matchProgram(script, OP.FALSE);

/** @shape result: the descriptor hash, 32 bytes that share memory with the script @source SPEC SC13 */
export const matchCollective = (script: Uint8Array): Uint8Array | undefined => matchProgram(script, OP.TRUE + 1);

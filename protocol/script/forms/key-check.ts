import { concatBytes } from '../../codec/bytes.ts';
import { invariant } from '../../invariant.ts';
import { OP } from '../opcodes.ts';
import { isCompressedKey } from '../signature-encoding.ts';
import { type MultisigForm, matchMultisig } from './multisig.ts';

const KEY_HASH_SCRIPT_BYTES = 25;
const NAMED_KEY_BYTES = 35;

/** What a bare script asks of keys: one by its hash, several, or several after one that is named. */
export type KeyCheck =
  | { readonly kind: 'key'; readonly keyHash: Uint8Array }
  | ({ readonly kind: 'multisig' } & MultisigForm)
  | ({ readonly kind: 'named-multisig'; readonly key: Uint8Array } & MultisigForm);

/** `DUP HASH160 <20> EQUALVERIFY CHECKSIG` @shape keyHash: 20 bytes @source SPEC SF4 */
export const buildKeyHashCheck = (keyHash: Uint8Array): Uint8Array => {
  invariant(keyHash.length === 20, 'a key hash has 20 bytes');
  return concatBytes(Uint8Array.of(OP.DUP, OP.HASH160, 20), keyHash, Uint8Array.of(OP.EQUALVERIFY, OP.CHECKSIG));
};

const matchKeyHashCheck = (script: Uint8Array): KeyCheck | undefined => {
  const head = script[0] === OP.DUP && script[1] === OP.HASH160 && script[2] === 20;
  const tail = script[23] === OP.EQUALVERIFY && script[24] === OP.CHECKSIG;
  return head && tail && script.length === KEY_HASH_SCRIPT_BYTES ? { kind: 'key', keyHash: script.subarray(3, 23) } : undefined;
};

const matchNamedMultisig = (script: Uint8Array): KeyCheck | undefined => {
  const key = script.subarray(1, NAMED_KEY_BYTES - 1);
  if (script[0] !== 33 || !isCompressedKey(key) || script[NAMED_KEY_BYTES - 1] !== OP.CHECKSIGVERIFY) return undefined;
  const form = matchMultisig(script.subarray(NAMED_KEY_BYTES));
  return form && { kind: 'named-multisig', key, ...form };
};

/** @source SPEC SF4 */
export const matchKeyCheck = (script: Uint8Array): KeyCheck | undefined => {
  const form = matchMultisig(script);
  return form ? { kind: 'multisig', ...form } : (matchKeyHashCheck(script) ?? matchNamedMultisig(script));
};

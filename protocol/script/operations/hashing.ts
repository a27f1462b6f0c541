import { sha1 } from '@noble/hashes/legacy.js';
import { concatBytes } from '../../codec/bytes.ts';
import { hash160, hash256, ripemd160, sha256 } from '../../crypto/hash.ts';
import { MAX_NHASH_ITEMS, MAX_OPERATIONS } from '../limits.ts';
import { type Machine, type Operations, operation, plain } from '../machine.ts';
import { OP } from '../opcodes.ts';
import { encodePush } from '../push.ts';
import type { ScriptFaultCode } from '../script-fault.ts';

/** Hashes the minimal pushes of items, first one deepest. @source SPEC SC4 */
export const computeNhash256 = (items: readonly Uint8Array[]): Uint8Array => hash256(concatBytes(...items.map(encodePush)));

/** Counts as n operations: the opcode itself is one of them. */
const nhash256 = (m: Machine): ScriptFaultCode | undefined => {
  if (!m.rules.NHASH256) return 'bad-opcode';
  if (m.stack.length < 1) return 'invalid-stack-operation';
  const count = m.peekNumber(1);
  if (count === undefined) return 'scriptnum';
  if (count < 1 || count > MAX_NHASH_ITEMS) return 'nhash256-count';
  m.operations += count - 1;
  if (m.operations > MAX_OPERATIONS) return 'op-count';
  if (m.stack.length < count + 1) return 'invalid-stack-operation';
  m.pop();
  m.push(computeNhash256(m.stack.splice(-count)));
  return undefined;
};

const hashing = (opcode: number, hash: (item: Uint8Array) => Uint8Array): Operations[number] =>
  plain(opcode, 1, (m) => m.push(hash(m.pop())));

/** @source SPEC SC1, SC4 */
export const HASH_OPERATIONS: Operations = [
  hashing(OP.RIPEMD160, ripemd160),
  hashing(OP.SHA1, sha1),
  hashing(OP.SHA256, sha256),
  hashing(OP.HASH160, hash160),
  hashing(OP.HASH256, hash256),
  operation(OP.NHASH256, 0, nhash256),
];

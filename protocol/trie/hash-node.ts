import { asHash32, type Hash32 } from '../codec/hash32.ts';
import { currentHash } from '../crypto/backend.ts';
import type { TrieNode } from './node.ts';

/** @shape 0x00 ‖ key ‖ sha256(value): 65 bytes @source SPEC TR1 */
export const hashTrieLeaf = (key: Uint8Array, valueHash: Uint8Array): Hash32 => {
  const message = new Uint8Array(65);
  message.set(key, 1);
  message.set(valueHash, 33);
  return asHash32(currentHash().sha256(message));
};

/** @shape 0x01 ‖ bit u16 big-endian ‖ prefix ‖ left ‖ right: 99 bytes @source SPEC TR2 */
export const hashTrieBranch = (bit: number, prefix: Uint8Array, left: Uint8Array, right: Uint8Array): Hash32 => {
  const message = new Uint8Array(99);
  message[0] = 1;
  message[2] = bit;
  message.set(prefix, 3);
  message.set(left, 35);
  message.set(right, 67);
  return asHash32(currentHash().sha256(message));
};

export const hashTrieNode = (node: TrieNode): Hash32 =>
  node.kind === 'leaf'
    ? hashTrieLeaf(node.key, currentHash().sha256(node.value))
    : hashTrieBranch(node.bit, node.prefix, node.left, node.right);

import { asHash32, type Hash32 } from '../codec/hash32.ts';
import { currentHash } from '../crypto/backend.ts';
import type { TrieNode } from './node.ts';

/** Messages are written whole before each hash; their first byte tells leaves from branches. */
const leafMessage = new Uint8Array(65);
const branchMessage = new Uint8Array(99).fill(1, 0, 1);

const write = (to: Uint8Array, place: number, from: Uint8Array): void => {
  for (let i = 0; i < 32; i++) to[place + i] = from[i] as number;
};

/** @shape 0x00 ‖ key ‖ sha256(value): 65 bytes @source SPEC TR1 */
export const hashTrieLeaf = (key: Uint8Array, valueHash: Uint8Array): Hash32 => {
  write(leafMessage, 1, key);
  write(leafMessage, 33, valueHash);
  return asHash32(currentHash().sha256(leafMessage));
};

/** @shape 0x01 ‖ bit u16 big-endian ‖ prefix ‖ left ‖ right: 99 bytes @source SPEC TR2 */
export const hashTrieBranch = (bit: number, prefix: Uint8Array, left: Uint8Array, right: Uint8Array): Hash32 => {
  branchMessage[2] = bit;
  write(branchMessage, 3, prefix);
  write(branchMessage, 35, left);
  write(branchMessage, 67, right);
  return asHash32(currentHash().sha256(branchMessage));
};

export const hashTrieNode = (node: TrieNode): Hash32 =>
  node.kind === 'leaf'
    ? hashTrieLeaf(node.key, currentHash().sha256(node.value))
    : hashTrieBranch(node.bit, node.prefix, node.left, node.right);

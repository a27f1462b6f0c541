import { asHash32 } from '../codec/hash32.ts';
import type { CodecFault } from '../codec/reader.ts';
import { fault } from '../fault.ts';
import type { TrieNode } from './node.ts';

const LEAF = 0;
const BRANCH = 1;
const LEAF_HEAD = 33;
const BRANCH_BYTES = 2 + 3 * 32;

/** @shape leaf: 0 ‖ key 32 ‖ value; branch: 1 ‖ bit u8 ‖ prefix 32 ‖ left 32 ‖ right 32. For stores, never hashed. */
export const encodeNode = (node: TrieNode): Uint8Array => {
  const isLeaf = node.kind === 'leaf';
  const bytes = new Uint8Array(isLeaf ? LEAF_HEAD + node.value.length : BRANCH_BYTES);
  if (isLeaf) {
    bytes[0] = LEAF;
    bytes.set(node.key, 1);
    bytes.set(node.value, LEAF_HEAD);
    return bytes;
  }
  bytes[0] = BRANCH;
  bytes[1] = node.bit;
  bytes.set(node.prefix, 2);
  bytes.set(node.left, 34);
  bytes.set(node.right, 66);
  return bytes;
};

/** Shares memory with the input. @fault `form`, `short`, `trailing` */
export const decodeNode = (bytes: Uint8Array): TrieNode | CodecFault => {
  const [kind, bit] = [bytes[0], bytes[1]];
  if (kind === LEAF && bytes.length >= LEAF_HEAD) return { kind: 'leaf', key: bytes.subarray(1, 33), value: bytes.subarray(33) };
  if (kind === BRANCH && bit !== undefined && bytes.length === BRANCH_BYTES)
    return {
      kind: 'branch',
      bit,
      prefix: bytes.subarray(2, 34),
      left: asHash32(bytes.subarray(34, 66)),
      right: asHash32(bytes.subarray(66, 98)),
    };
  if (kind !== undefined && kind > BRANCH) return fault('form', { kind });
  return fault(kind === BRANCH && bytes.length > BRANCH_BYTES ? 'trailing' : 'short', { bytes: bytes.length });
};

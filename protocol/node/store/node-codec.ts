import { asHash32 } from '#protocol/codec/hash32';
import type { TrieNode } from '#protocol/trie/node';

/**
 * When a node was last made part of the state: `sequence` counts every connected and disconnected block, so that a node
 * removed and made again is told from one that is garbage; `since` is the lowest height it has been part of.
 */
export interface NodeStamp {
  readonly sequence: number;
  readonly since: number;
}

const STAMP_BYTES = 10;
const LEAF = 0;
const BRANCH = 1;

const prefixBytes = (bit: number): number => (bit + 7) >> 3;

/**
 * @shape sequence u48, since u32, kind u8; leaf: key 32, value; branch: bit u8, the prefix's bytes that hold its bits,
 * left 32, right 32. The store's own form: not hashed, not sent.
 */
export const encodeStoredNode = (node: TrieNode, stamp: NodeStamp): Uint8Array => {
  const held = node.kind === 'leaf' ? 33 + node.value.length : 66 + prefixBytes(node.bit);
  const bytes = new Uint8Array(STAMP_BYTES + held);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(stamp.sequence / 2 ** 32));
  view.setUint32(2, stamp.sequence >>> 0);
  view.setUint32(6, stamp.since);
  bytes[STAMP_BYTES] = node.kind === 'leaf' ? LEAF : BRANCH;
  if (node.kind === 'leaf') {
    bytes.set(node.key, STAMP_BYTES + 1);
    bytes.set(node.value, STAMP_BYTES + 33);
    return bytes;
  }
  const length = prefixBytes(node.bit);
  bytes[STAMP_BYTES + 1] = node.bit;
  bytes.set(node.prefix.subarray(0, length), STAMP_BYTES + 2);
  bytes.set(node.left, STAMP_BYTES + 2 + length);
  bytes.set(node.right, STAMP_BYTES + 34 + length);
  return bytes;
};

export const decodeStoredNode = (bytes: Uint8Array): TrieNode => {
  if (bytes[STAMP_BYTES] === LEAF)
    return { kind: 'leaf', key: bytes.subarray(STAMP_BYTES + 1, STAMP_BYTES + 33), value: bytes.subarray(STAMP_BYTES + 33) };
  const bit = bytes[STAMP_BYTES + 1] as number;
  const length = prefixBytes(bit);
  const prefix = new Uint8Array(32);
  prefix.set(bytes.subarray(STAMP_BYTES + 2, STAMP_BYTES + 2 + length));
  const at = STAMP_BYTES + 2 + length;
  return {
    kind: 'branch',
    bit,
    prefix,
    left: asHash32(bytes.subarray(at, at + 32)),
    right: asHash32(bytes.subarray(at + 32, at + 64)),
  };
};

export const readStamp = (bytes: Uint8Array): NodeStamp => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { sequence: view.getUint16(0) * 2 ** 32 + view.getUint32(2), since: view.getUint32(6) };
};

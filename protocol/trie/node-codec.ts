import { asHash32 } from '../codec/hash32.ts';
import { type CodecFault, decodeBytes } from '../codec/reader.ts';
import { encodeBytes } from '../codec/writer.ts';
import type { TrieNode } from './node.ts';

/** @shape leaf: 0 ‖ key 32 ‖ value; branch: 1 ‖ bit u8 ‖ prefix 32 ‖ left 32 ‖ right 32. For stores, never hashed. */
export const encodeNode = (node: TrieNode): Uint8Array =>
  encodeBytes((writer) => {
    if (node.kind === 'leaf') writer.u8(0).bytes(node.key).bytes(node.value);
    else writer.u8(1).u8(node.bit).bytes(node.prefix).bytes(node.left).bytes(node.right);
  }, 130);

/** Shares memory with the input. */
export const decodeNode = (bytes: Uint8Array): TrieNode | CodecFault =>
  decodeBytes(bytes, (reader): TrieNode => {
    const kind = reader.u8();
    if (kind === 0) return { kind: 'leaf', key: reader.take(32), value: reader.take(reader.remaining) };
    if (kind !== 1) return reader.refuse('form', { kind });
    const bit = reader.u8();
    const prefix = reader.take(32);
    return { kind: 'branch', bit, prefix, left: asHash32(reader.take(32)), right: asHash32(reader.take(32)) };
  });

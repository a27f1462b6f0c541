import { equalBytes } from '../codec/bytes.ts';
import { type Hash32, isZeroHash } from '../codec/hash32.ts';
import { bitAt } from './bits.ts';
import type { NodeReader } from './node.ts';

/** The value under a key, or undefined when the key is not in the trie. */
export const findLeaf = (reader: NodeReader, root: Hash32, key: Uint8Array): Uint8Array | undefined => {
  if (isZeroHash(root)) return undefined;
  let node = reader.readNode(root);
  while (node.kind === 'branch') node = reader.readNode(bitAt(key, node.bit) === 0 ? node.left : node.right);
  return equalBytes(node.key, key) ? node.value : undefined;
};

import { equalBytes } from '../codec/bytes.ts';
import { type Hash32, isZeroHash } from '../codec/hash32.ts';
import { bitAt } from './bits.ts';
import { LEFT, type NodeReader, RIGHT } from './node.ts';

/** The value under a key, or undefined when the key is not in the trie. */
export const findLeaf = (reader: NodeReader, root: Hash32, key: Uint8Array): Uint8Array | undefined => {
  if (isZeroHash(root)) return undefined;
  let node = reader.readRoot(root);
  while (node.kind === 'branch') node = reader.readChild(node, bitAt(key, node.bit) === 0 ? LEFT : RIGHT);
  return equalBytes(node.key, key) ? node.value : undefined;
};

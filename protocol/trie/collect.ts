import { type Hash32, isZeroHash } from '../codec/hash32.ts';
import { bitAt, comparePrefix } from './bits.ts';
import { type KeyRange, LEFT, type NodeReader, RIGHT, type TrieLeaf, type TrieNode } from './node.ts';

const meets = ({ lo, hi }: KeyRange, prefix: Uint8Array, bits: number): boolean =>
  comparePrefix(hi, prefix, bits) >= 0 && comparePrefix(lo, prefix, bits) <= 0;

/**
 * Every leaf in the range, ascending; nodes outside of it are not read, except the two at its edges.
 *
 * @source SPEC TR11
 */
export function* collectRange(reader: NodeReader, root: Hash32, range: KeyRange): Generator<TrieLeaf, void> {
  const waiting: (() => TrieNode)[] = isZeroHash(root) ? [] : [() => reader.readRoot(root)];
  for (let read = waiting.pop(); read !== undefined; read = waiting.pop()) {
    const node = read();
    if (node.kind === 'leaf') {
      if (meets(range, node.key, 256)) yield node;
      continue;
    }
    const { bit, prefix } = node;
    if (!meets(range, prefix, bit)) continue;
    const isBelow = comparePrefix(range.lo, prefix, bit) < 0 || bitAt(range.lo, bit) === 0;
    const isAbove = comparePrefix(range.hi, prefix, bit) > 0 || bitAt(range.hi, bit) === 1;
    if (isAbove) waiting.push(() => reader.readChild(node, RIGHT));
    if (isBelow) waiting.push(() => reader.readChild(node, LEFT));
  }
}

import { compareBytes } from '#protocol/codec/bytes';
import { type Hash32, isZeroHash } from '#protocol/codec/hash32';
import { clearFrom, fillFrom } from '#protocol/trie/bits';
import type { KeyRange, NodeReader } from '#protocol/trie/node';

/** Values of a trie's leaves whose keys are in the range, in the order of their keys. */
export function* collectLeaves(reader: NodeReader, root: Hash32, range: KeyRange): Generator<Uint8Array> {
  if (isZeroHash(root)) return;
  const node = reader.readNode(root);
  if (node.kind === 'leaf') {
    if (compareBytes(node.key, range.lo) >= 0 && compareBytes(node.key, range.hi) <= 0) yield node.value;
    return;
  }
  const [lo, hi] = [node.prefix.slice(), node.prefix.slice()];
  clearFrom(lo, node.bit);
  fillFrom(hi, node.bit);
  if (compareBytes(hi, range.lo) < 0 || compareBytes(lo, range.hi) > 0) return;
  yield* collectLeaves(reader, node.left, range);
  yield* collectLeaves(reader, node.right, range);
}

import type { Side, TrieBranch, TrieLeaf } from '#protocol/trie/node';
import {
  BRANCH_FORM,
  BRANCH_HEAD,
  findEnd,
  HEAD_BYTES,
  hashOffset,
  insideFlag,
  LEAF_FORM,
  LEAF_HEAD,
  type Page,
  PLACE_BYTES,
  placeOffset,
  prefixBytes,
} from './page.ts';

const FIRST_BYTES = 4_096;

/** Writes one page after the other: nodes before what is below them, left before right. */
export class PageBuffer {
  private bytes = new Uint8Array(FIRST_BYTES);
  private view = new DataView(this.bytes.buffer);
  private length = 0;

  private reserve(extra: number): number {
    const at = this.length;
    this.length += extra;
    if (this.length > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.length, this.bytes.length * 2));
      larger.set(this.bytes.subarray(0, at));
      this.bytes = larger;
      this.view = new DataView(larger.buffer);
    }
    return at;
  }

  start(born: number): void {
    this.length = 0;
    this.view.setUint32(this.reserve(HEAD_BYTES), born);
  }

  leaf({ key, value }: TrieLeaf): void {
    const at = this.reserve(LEAF_HEAD + value.length);
    this.bytes[at] = LEAF_FORM;
    this.bytes.set(key, at + 1);
    this.view.setUint32(at + LEAF_HEAD - 4, value.length);
    this.bytes.set(value, at + LEAF_HEAD);
  }

  /** Answers where it stands, for what is below it. */
  branch({ bit, prefix, left, right }: TrieBranch): number {
    const length = prefixBytes(bit);
    const at = this.reserve(BRANCH_HEAD + length);
    this.bytes[at] = BRANCH_FORM;
    this.bytes[at + 1] = bit;
    this.bytes.set(left, at + hashOffset(0));
    this.bytes.set(right, at + hashOffset(1));
    for (let i = 0; i < length; i++) this.bytes[at + BRANCH_HEAD + i] = prefix[i] as number;
    return at;
  }

  private place(branch: number, side: Side, value: number): void {
    const at = branch + placeOffset(side);
    const high = Math.floor(value / 2 ** 32);
    this.bytes[at] = high >>> 16;
    this.bytes[at + 1] = high >>> 8;
    this.bytes[at + 2] = high;
    this.view.setUint32(at + PLACE_BYTES - 4, value % 2 ** 32);
  }

  /** The child on that side is what is written next. */
  inside(branch: number, side: Side): void {
    this.bytes[branch] = (this.bytes[branch] as number) | insideFlag(side);
    this.place(branch, side, this.length - branch);
  }

  outside(branch: number, side: Side, page: number): void {
    this.place(branch, side, page);
  }

  /** Copies the node at a place of another page with all that is below it there. */
  copy(page: Page, at: number): void {
    const part = page.bytes.subarray(at, findEnd(page.bytes, at));
    this.bytes.set(part, this.reserve(part.length));
  }

  finish(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }
}

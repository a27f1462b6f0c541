import { asHash32, type Hash32 } from '#protocol/codec/hash32';
import { LEFT, RIGHT, type Side, type TrieBranch, type TrieLeaf } from '#protocol/trie/node';
import { readBe32 } from './keys.ts';

/** A branch and its child share a page when their bits fall into the same group of this many; a leaf is in its parent's. */
const PAGE_BITS = 3;

export const sharePage = (bit: number, child: number): boolean => Math.floor(bit / PAGE_BITS) === Math.floor(child / PAGE_BITS);

/** @unit bytes; a page begins with the height it was made at */
export const HEAD_BYTES = 4;
export const PLACE_BYTES = 7;
const HASH_BYTES = 32;

/** @shape leaf: form u8 (0) ‖ key 32 ‖ value's length u32 ‖ value */
export const LEAF_HEAD = 1 + HASH_BYTES + 4;

/**
 * @shape branch: form u8 ‖ bit u8 ‖ left 32 ‖ right 32 ‖ place of left u56 ‖ place of right u56 ‖ the prefix's bytes that
 * hold its bits; a place is a page's number, or, where the form says that the child is in this page, how far behind the
 * branch it begins
 */
const LEFT_HASH = 2;
const RIGHT_HASH = LEFT_HASH + HASH_BYTES;
const LEFT_PLACE = RIGHT_HASH + HASH_BYTES;
const RIGHT_PLACE = LEFT_PLACE + PLACE_BYTES;
export const BRANCH_HEAD = RIGHT_PLACE + PLACE_BYTES;

export const LEAF_FORM = 0;
export const BRANCH_FORM = 1;
export const insideFlag = (side: Side): number => (side === LEFT ? 2 : 4);
export const placeOffset = (side: Side): number => (side === LEFT ? LEFT_PLACE : RIGHT_PLACE);
export const hashOffset = (side: Side): number => (side === LEFT ? LEFT_HASH : RIGHT_HASH);
export const prefixBytes = (bit: number): number => (bit + 7) >> 3;

const readPlace = (bytes: Uint8Array, at: number): number =>
  (((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number)) * 2 ** 32 + readBe32(bytes, at + 3);

const hashAt = (bytes: Uint8Array, at: number): Hash32 => asHash32(bytes.subarray(at, at + HASH_BYTES));

const hasInside = (bytes: Uint8Array, at: number, side: Side): boolean => ((bytes[at] as number) & insideFlag(side)) !== 0;

/** Where the node at a place of a page, and all below it in the page, end. */
export const findEnd = (bytes: Uint8Array, from: number): number => {
  let at = from;
  while (bytes[at] !== LEAF_FORM) {
    const side = hasInside(bytes, at, RIGHT) ? RIGHT : LEFT;
    if (!hasInside(bytes, at, side)) return at + BRANCH_HEAD + prefixBytes(bytes[at + 1] as number);
    at += readPlace(bytes, at + placeOffset(side));
  }
  return at + LEAF_HEAD + readBe32(bytes, at + 1 + HASH_BYTES);
};

const readPrefix = (bytes: Uint8Array, at: number, bit: number): Uint8Array => {
  const prefix = new Uint8Array(HASH_BYTES);
  const length = prefixBytes(bit);
  for (let i = 0; i < length; i++) prefix[i] = bytes[at + i] as number;
  return prefix;
};

/** Some levels of a trie in one record. A page is never changed: what changes is written as another page. */
export class Page {
  readonly number: number;
  readonly bytes: Uint8Array;
  private first: PageNode | undefined;

  constructor(number: number, bytes: Uint8Array) {
    this.number = number;
    this.bytes = bytes;
  }

  /** height of the block that made it */
  get born(): number {
    return readBe32(this.bytes, 0);
  }

  get top(): PageNode {
    this.first ??= readNode(this, HEAD_BYTES);
    return this.first;
  }
}

const readNode = (page: Page, at: number): PageNode => (page.bytes[at] === LEAF_FORM ? new PageLeaf(page, at) : new PageBranch(page, at));

export class PageLeaf implements TrieLeaf {
  readonly kind = 'leaf';
  readonly page: Page;
  readonly at: number;
  readonly key: Uint8Array;

  constructor(page: Page, at: number) {
    this.page = page;
    this.at = at;
    this.key = page.bytes.subarray(at + 1, at + 1 + HASH_BYTES);
  }

  get value(): Uint8Array {
    const { bytes } = this.page;
    return bytes.subarray(this.at + LEAF_HEAD, findEnd(bytes, this.at));
  }
}

/** Reads of its page what it is asked for: most branches of a page are passed by. */
export class PageBranch implements TrieBranch {
  readonly kind = 'branch';
  readonly page: Page;
  readonly at: number;
  readonly bit: number;
  private leftInside: PageNode | undefined;
  private rightInside: PageNode | undefined;
  private knownPrefix: Uint8Array | undefined;

  constructor(page: Page, at: number) {
    this.page = page;
    this.at = at;
    this.bit = page.bytes[at + 1] as number;
  }

  get left(): Hash32 {
    return hashAt(this.page.bytes, this.at + LEFT_HASH);
  }

  get right(): Hash32 {
    return hashAt(this.page.bytes, this.at + RIGHT_HASH);
  }

  get prefix(): Uint8Array {
    this.knownPrefix ??= readPrefix(this.page.bytes, this.at + BRANCH_HEAD, this.bit);
    return this.knownPrefix;
  }

  isInside(side: Side): boolean {
    return hasInside(this.page.bytes, this.at, side);
  }

  /** The page that the child tops. @shape side: not inside */
  pageOf(side: Side): number {
    return readPlace(this.page.bytes, this.at + placeOffset(side));
  }

  /** Where the child begins in the page. @shape side: inside */
  placeInside(side: Side): number {
    return this.at + this.pageOf(side);
  }

  /** @shape side: inside */
  childInside(side: Side): PageNode {
    const known = side === LEFT ? this.leftInside : this.rightInside;
    if (known !== undefined) return known;
    const child = readNode(this.page, this.placeInside(side));
    if (side === LEFT) this.leftInside = child;
    else this.rightInside = child;
    return child;
  }
}

export type PageNode = PageLeaf | PageBranch;

export const isTop = (node: PageNode): boolean => node.at === HEAD_BYTES;

export const isPageNode = (node: object): node is PageNode => node instanceof PageBranch || node instanceof PageLeaf;

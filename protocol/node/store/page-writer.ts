import { invariant } from '#protocol/invariant';
import { LEFT, type MadeNode, RIGHT, type Side, type TrieBranch, type TrieUpdate, type UnreadSide } from '#protocol/trie/node';
import { isPageNode, isTop, Page, PageBranch, type PageNode, sharePage } from './page.ts';
import { PageBuffer } from './page-buffer.ts';

/** Pages that one change of the state may make: a page's number is the change's times this, plus its place. */
export const PAGES_OF_CHANGE = 2 ** 20;

export interface WrittenTrie {
  /** the page of the trie's root; undefined: an empty trie */
  readonly root: number | undefined;
  /** pages that the state before had and the one after has not */
  readonly removed: readonly Page[];
}

/** Turns updates of tries, read from pages, into the pages that change. */
export class PageWriter {
  /** in the order of their numbers */
  readonly pages: Page[] = [];
  private readonly first: number;
  private readonly born: number;
  private readonly buffers: PageBuffer[] = [];
  private depth = 0;
  private removed = new Set<Page>();

  /** @shape change: never used before; born: height of the block */
  constructor(change: number, born: number) {
    this.first = change * PAGES_OF_CHANGE;
    this.born = born;
  }

  write(update: TrieUpdate): WrittenTrie {
    this.removed = new Set();
    for (const { node } of update.removed) if (isPageNode(node) && isTop(node)) this.removed.add(node.page);
    const { top } = update;
    const root = top === undefined ? undefined : this.topPage(top);
    return { root, removed: [...this.removed] };
  }

  /** The page that a node tops: as it is, where it tops one already. */
  private topPage(top: MadeNode): number {
    const { node } = top;
    return isPageNode(node) && isTop(node) ? node.page.number : this.makePage(top);
  }

  private makePage(top: MadeNode): number {
    const buffer = this.buffers[this.depth] ?? new PageBuffer();
    this.buffers[this.depth] = buffer;
    this.depth++;
    buffer.start(this.born);
    this.put(buffer, top);
    this.depth--;
    invariant(this.pages.length < PAGES_OF_CHANGE, 'a block changes fewer pages than a change has numbers');
    const page = new Page(this.first + this.pages.length, buffer.finish());
    this.pages.push(page);
    return page.number;
  }

  private put(buffer: PageBuffer, { node, sides }: MadeNode): void {
    if (isPageNode(node)) this.move(buffer, node);
    else if (node.kind === 'leaf') buffer.leaf(node);
    else {
      invariant(sides !== undefined, 'a made branch says what stands below it');
      const at = buffer.branch(node);
      this.putSide(buffer, { at, branch: node, side: LEFT }, sides[LEFT]);
      this.putSide(buffer, { at, branch: node, side: RIGHT }, sides[RIGHT]);
    }
  }

  /** What topped a page and is inside another now leaves that page empty. */
  private move(buffer: PageBuffer, node: PageNode): void {
    if (isTop(node)) this.removed.add(node.page);
    buffer.copy(node.page, node.at);
  }

  private putSide(
    buffer: PageBuffer,
    { at, branch, side }: { readonly at: number; readonly branch: TrieBranch; readonly side: Side },
    child: MadeNode | UnreadSide,
  ): void {
    if ('of' in child) this.keepSide(buffer, { at, side }, child.of);
    else if (child.node.kind === 'branch' && !sharePage(branch.bit, child.node.bit)) buffer.outside(at, side, this.topPage(child));
    else {
      buffer.inside(at, side);
      this.put(buffer, child);
    }
  }

  private keepSide(buffer: PageBuffer, { at, side }: { readonly at: number; readonly side: Side }, branch: TrieBranch): void {
    invariant(branch instanceof PageBranch, 'a branch that was read is of a page');
    if (!branch.isInside(side)) buffer.outside(at, side, branch.pageOf(side));
    else {
      buffer.inside(at, side);
      buffer.copy(branch.page, branch.placeInside(side));
    }
  }
}

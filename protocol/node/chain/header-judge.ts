import type { Header } from '#protocol/block/header';
import { decodeHeader, hashHeaderBytes } from '#protocol/block/header-codec';
import { type Fault, fault, isFault } from '#protocol/fault';
import { invariant } from '#protocol/invariant';
import { checkHeader } from '#protocol/stake/check-header';
import { checkClock } from '#protocol/stake/check-time';
import type { ChainedHeader, ChainRules, HeaderView, KnownHeader } from '#protocol/stake/header-view';
import { computeEpochHeight } from '#protocol/stake/heights';
import { judgeBitcoin } from '#protocol/stake/judge-bitcoin';
import type { StakeSource } from '#protocol/stake/stake-source';
import type { Store } from '../store/store.ts';
import type { Clock, HeaderVerdict, NodeBitcoin, StoredHeader } from './contract.ts';
import { type HeaderTree, MAX_DEEP, MAX_TREE } from './header-tree.ts';
import { type AsideHeader, type Kernels, kernelKey } from './kernels.ts';
import { readOwnStakes } from './own-stakes.ts';
import type { SpentStakes } from './spent-stakes.ts';

/** Headers beyond the validated tip. */
const MAX_AHEAD = 8_704;

export interface JudgeParts {
  readonly store: Store;
  readonly tree: HeaderTree;
  readonly kernels: Kernels;
  readonly spent: SpentStakes;
  readonly bitcoin: NodeBitcoin;
  readonly clock: Clock;
  readonly rules: ChainRules;
}

interface Place {
  readonly fork: KnownHeader;
  readonly deep: boolean;
}

/**
 * Judges headers in the order of 03, cheapest first, and only then keeps them.
 *
 * @source SPEC ND10, ND11, ND12; attacks S1, S2, S3, S6
 */
export class HeaderJudge {
  private readonly parts: JudgeParts;
  private readonly view: HeaderView;

  constructor(parts: JudgeParts) {
    this.parts = parts;
    const { tree, kernels } = parts;
    this.view = {
      findHeader: (hash) => tree.findHeader(hash) ?? kernels.findAside(hash),
      findAncestor: (from, height) => this.findAncestor(from, height),
      depthOf: () => 0,
    };
  }

  private findAncestor(from: KnownHeader, height: number): KnownHeader | undefined {
    const { tree, kernels } = this.parts;
    let at: KnownHeader | undefined = from;
    while (at !== undefined && at.header.height > height && kernels.findAside(at.hash) !== undefined)
      at = this.view.findHeader(at.header.previous);
    return at && tree.findAncestor(at, height);
  }

  judge(bytes: Uint8Array, stakes: StakeSource): HeaderVerdict | Fault {
    const header = decodeHeader(bytes);
    if (isFault(header)) return header;
    const stored: StoredHeader = { header, hash: hashHeaderBytes(bytes), bytes: bytes.slice() };
    const known = this.findKnown(stored);
    if (known !== undefined) return known;
    const place = this.placeOf(header);
    if (place === undefined) return 'unknown-parent';
    if (isFault(place)) return place;
    const { tree } = this.parts;
    if (header.height > tree.tip.header.height + MAX_AHEAD || tree.size >= MAX_TREE) return 'far-ahead';
    if (place.deep && tree.deepSize >= MAX_DEEP) return 'far-ahead';
    return this.judgeRules(stored, place, stakes);
  }

  /** Judges a header of the own best chain once more, by the own state instead of a proof. */
  rechain(header: Header): ChainedHeader {
    const { store, tree, rules } = this.parts;
    const chained = checkHeader(header, { view: this.view, stakes: readOwnStakes(store, tree), rules });
    invariant(!isFault(chained), 'a header that was connected keeps the rules of headers');
    return chained;
  }

  private findKnown({ hash }: StoredHeader): HeaderVerdict | Fault | undefined {
    const { tree, kernels } = this.parts;
    const entry = tree.entry(hash);
    if (entry?.invalid === true) return fault('invalid-block', { height: entry.header.height });
    if (entry !== undefined || tree.findHeader(hash) !== undefined) return 'known';
    return kernels.findAside(hash) === undefined ? undefined : 'equivocation';
  }

  /** Undefined: the parent is not known. @fault `invalid-parent`: builds on a block that breaks a rule */
  private placeOf(header: Header): Place | Fault<'invalid-parent'> | undefined {
    const { tree, kernels, rules } = this.parts;
    const [lowest] = kernels.asideBelow(header);
    const parent = tree.findHeader((lowest?.header ?? header).previous);
    if (parent === undefined) return undefined;
    if (tree.entry(parent.hash)?.invalid === true) return fault('invalid-parent', { height: header.height });
    const fork = tree.forkOf(parent);
    return { fork, deep: tree.tip.header.height - fork.header.height > rules.parameters.maxReorg };
  }

  private judgeRules(stored: StoredHeader, place: Place, stakes: StakeSource): HeaderVerdict | Fault {
    const { rules, bitcoin, clock } = this.parts;
    const { header } = stored;
    const chained = checkHeader(header, { view: this.view, stakes, rules });
    if (isFault(chained)) return chained.fault === 'unknown-parent' ? 'unknown-parent' : chained;
    const withdrawn = this.checkWithdrawn(header, place);
    if (withdrawn !== true) return withdrawn;
    if (checkClock(header, clock.now(), rules.parameters) !== true) return 'early';
    const judged = judgeBitcoin(chained, bitcoin, rules);
    if (isFault(judged)) return judged.fault === 'unknown-bitcoin' ? 'unknown-bitcoin' : judged;
    return this.keep({ ...stored, chained }, place.deep);
  }

  /** A stake proved above the fork may have been registered there: the branch's own blocks tell whether it still is. */
  private checkWithdrawn(header: Header, { fork, deep }: Place): true | Fault {
    const { store, spent, rules } = this.parts;
    if (deep || header.right.kind !== 'stake' || computeEpochHeight(header.height, rules.parameters) > fork.header.height) return true;
    const { outpoint } = header.right;
    return spent.check(outpoint, store.stake(outpoint) !== undefined, fork.header.height);
  }

  private keep(stored: AsideHeader, deep: boolean): HeaderVerdict {
    const { kernels } = this.parts;
    const key = kernelKey(stored.header);
    if (kernels.isFull(key)) {
      kernels.putAside(stored);
      return 'equivocation';
    }
    for (const aside of kernels.asideBelow(stored.header)) {
      kernels.takeAside(aside.hash);
      this.add(aside, deep);
    }
    this.add(stored, deep);
    return 'accepted';
  }

  private add(stored: AsideHeader, deep: boolean): void {
    const kernel = kernelKey(stored.header);
    this.parts.kernels.add(kernel, stored.header.height);
    this.parts.tree.add(stored, { chained: stored.chained, kernel, deep });
  }
}

import type { Economy, Header } from '../block/header.ts';
import type { TrieRoots } from '../block/state-root.ts';
import type { Hash32 } from '../codec/hash32.ts';
import type { Liability, LiabilityChange } from '../debt/liabilities.ts';
import type { Coin } from '../ledger/coin.ts';
import type { Holder } from '../ledger/ledger-view.ts';
import type { RecordChange } from '../records/check-record.ts';
import type { StakeLeaf } from '../stake/stake-leaf.ts';
import type { NodeReader, TrieUpdate } from '../trie/node.ts';
import type { Outpoint } from '../tx/outpoint.ts';

export type { StakeLeaf, TrieRoots };

/**
 * The state after block `tip`, read by the rules that judge its child. All reads are synchronous and free of effects.
 * Heights asked for are at most the tip's; what is asked for exists unless the type says `undefined`.
 */
export interface StateView {
  readonly tip: Header;
  readonly tipHash: Hash32;
  readonly roots: TrieRoots;
  /** All left-edge subtree roots of the history tree over leaves 0 … tip.height, largest first. */
  readonly historyPeaks: readonly Hash32[];
  readonly coinNodes: NodeReader;
  readonly recordNodes: NodeReader;
  readonly stakeNodes: NodeReader;
  readonly findCoin: (outpoint: Outpoint) => Coin | undefined;
  readonly findStake: (outpoint: Outpoint) => StakeLeaf | undefined;
  /** Stakes root after the block at an epoch boundary on this branch, with the other two roots. */
  readonly rootsAt: (height: number) => TrieRoots;
  readonly headerAt: (height: number) => Header;
  /** Σ of debts of this due kind that fall due in the given block: see due index. */
  readonly dueAtHeight: (height: number) => bigint;
  readonly dueBetween: (afterTime: number, uptoTime: number) => bigint;
  /** leaf key of the record whose seat this is */
  readonly findSeat: (outpoint: Outpoint) => Hash32 | undefined;
  /** Whether a holder is overdue after the tip. @unit medianTime: unix seconds, of the tip */
  readonly isOverdue: (holder: Holder, height: number, medianTime: number) => boolean;
  readonly duesOf: (holder: Holder) => Iterable<Liability>;
}

/** One entry of the due index: amounts are added up per due date, so upkeep costs O(1) a block. */
export interface DueChange {
  readonly kind: 'height' | 'time';
  readonly due: number;
  readonly delta: bigint;
}

export interface StakeChange {
  readonly outpoint: Outpoint;
  readonly before: StakeLeaf | undefined;
  readonly after: StakeLeaf | undefined;
}

/** Everything a block changes: the node writes it in one batch, its inverse is the undo. */
export interface ChangeSet {
  readonly header: Header;
  readonly hash: Hash32;
  readonly before: { readonly roots: TrieRoots; readonly historyPeaks: readonly Hash32[] };
  readonly after: { readonly roots: TrieRoots; readonly historyPeaks: readonly Hash32[] };
  readonly createdCoins: readonly Coin[];
  readonly spentCoins: readonly Coin[];
  readonly stakes: readonly StakeChange[];
  readonly due: readonly DueChange[];
  readonly liabilities: readonly LiabilityChange[];
  readonly records: readonly RecordChange[];
  readonly tries: { readonly coins: TrieUpdate; readonly records: TrieUpdate; readonly stakes: TrieUpdate };
  readonly filter: Uint8Array;
  readonly economy: Economy;
}

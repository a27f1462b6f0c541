import type { Header } from '../block/header.ts';
import { computeHeaderHash } from '../block/header-codec.ts';
import type { Brand } from '../brand.ts';
import { equalBytes } from '../codec/bytes.ts';
import type { Hash32 } from '../codec/hash32.ts';
import { type Fault, fault } from '../fault.ts';
import type { Parameters } from '../params/parameters.ts';
import type { StakeLeaf } from './stake-leaf.ts';

/** A header that its view vouches for: judged before, read from the own store, or opened under a verified history root. */
export interface KnownHeader {
  readonly header: Header;
  readonly hash: Hash32;
}

/**
 * A header that keeps every rule of headers that needs neither a clock nor Bitcoin's chain.
 *
 * @shape stake: as its epoch's ancestor had it; undefined for genesis
 */
export type ChainedHeader = Brand<KnownHeader & { readonly stake: StakeLeaf | undefined }, 'ChainedHeader'>;

/** What the rules of headers ask of the branch a header extends; node and light client are two such views. */
export interface HeaderView {
  readonly findHeader: (hash: Hash32) => KnownHeader | undefined;
  /** The ancestor of `from` (or itself) at this height. */
  readonly findAncestor: (from: KnownHeader, height: number) => KnownHeader | undefined;
  /** How many blocks of the best chain a child of `parent` would undo: 0 on the tip. */
  readonly depthOf: (parent: KnownHeader) => number;
}

/** What does not change along a chain. */
export interface ChainRules {
  readonly parameters: Parameters;
  /** unix seconds: a stake registered then is one of genesis */
  readonly genesisTime: number;
}

/** @fault `genesis`: not the genesis of this network @source SPEC HD5 */
export const checkGenesisHeader = (header: Header, genesisHash: Hash32): ChainedHeader | Fault<'genesis'> => {
  const hash = computeHeaderHash(header);
  return header.height === 0 && equalBytes(hash, genesisHash)
    ? ({ header, hash, stake: undefined } as ChainedHeader)
    : fault('genesis', { height: header.height });
};

/** For `checkHeader` alone, which has judged all rules. */
export const asChainedHeader = (known: KnownHeader, stake: StakeLeaf): ChainedHeader => ({ ...known, stake }) as ChainedHeader;

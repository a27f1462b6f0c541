import { encodeBody } from '#protocol/block/body-codec';
import { encodeHeader } from '#protocol/block/header-codec';
import { equalBytes } from '#protocol/codec/bytes';
import type { Hash32 } from '#protocol/codec/hash32';
import { Failure } from '#protocol/failure';
import { invariant } from '#protocol/invariant';
import type { Genesis } from '#protocol/state/genesis';
import { type ProofPort, proveHere } from '../proofs/proof-port.ts';
import { openStore, type Store } from '../store/store.ts';
import { makeBlockRules, txidsOf } from './block-rules.ts';
import { Chain, type ChainOptions } from './chain.ts';
import { decodeStored } from './header-tree.ts';

export interface OpenChainOptions extends Omit<ChainOptions, 'store' | 'rules' | 'proofs'> {
  readonly folder: string;
  /** who builds proofs for peers, once the store is open; by default this thread */
  readonly startProofs?: (folder: string) => Promise<ProofPort>;
  /** its hash, and the way to build it, which is gone only for an empty store */
  readonly genesis: GenesisSource;
}

export interface GenesisSource {
  readonly hash: Hash32;
  readonly build: () => Genesis;
}

export const genesisSource = (genesis: Genesis): GenesisSource => ({ hash: genesis.change.hash, build: () => genesis });

/** Failure `genesis-mismatch`: what was built is not the network's. */
const connectGenesis = async (store: Store, { hash, build }: GenesisSource): Promise<void> => {
  const { block, change } = build();
  if (!equalBytes(change.hash, hash)) throw new Failure('genesis-mismatch');
  const { body, header } = block;
  await store.connect({ headerBytes: encodeHeader(header), body: encodeBody(body), txids: txidsOf(body.transactions), change, grants: [] });
};

/**
 * Opens the chain in a folder, at a block boundary whatever happened to it, and goes on from there.
 *
 * Failures: `genesis-mismatch`, `store-in-use`, `store-unreadable`, `store-format`; `store-other-network`: made for another genesis.
 *
 * @source SPEC ND2
 */
export const openChain = async ({ folder, genesis, startProofs, ...options }: OpenChainOptions): Promise<Chain> => {
  const { stakeMaturity, maxReorg, stakeEpoch } = options.parameters;
  const store = await openStore({ folder, window: stakeMaturity + maxReorg, stakeEpoch });
  try {
    if (store.meta === undefined) await connectGenesis(store, genesis);
    invariant(store.meta !== undefined, 'a store has a tip once it has a genesis');
    if (!equalBytes(store.meta.genesis, genesis.hash)) throw new Failure('store-other-network');
    const first = store.headerBytes(genesis.hash);
    const tip = store.headerBytes(store.meta.tip);
    if (first === undefined || tip === undefined) throw new Failure('store-damaged');
    const rules = makeBlockRules(options.parameters);
    const proofs = (await startProofs?.(folder)) ?? proveHere(store.nodes);
    const chain = new Chain({ ...options, store, rules, proofs }, decodeStored(first), decodeStored(tip));
    await chain.restore();
    return chain;
  } catch (error) {
    await store.close();
    throw error;
  }
};

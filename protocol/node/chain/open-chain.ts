import { encodeBody } from '#protocol/block/body-codec';
import { encodeHeader } from '#protocol/block/header-codec';
import { equalBytes } from '#protocol/codec/bytes';
import { Failure } from '#protocol/failure';
import { invariant } from '#protocol/invariant';
import type { Genesis } from '#protocol/state/genesis';
import { openStore } from '../store/store.ts';
import { makeBlockRules, txidsOf } from './block-rules.ts';
import { Chain, type ChainOptions } from './chain.ts';
import { decodeStored } from './header-tree.ts';

export interface OpenChainOptions extends Omit<ChainOptions, 'store' | 'rules'> {
  readonly folder: string;
  readonly genesis: Genesis;
}

/**
 * Opens the chain in a folder, at a block boundary whatever happened to it, and goes on from there.
 *
 * Failures: `store-in-use`, `store-unreadable`, `store-format`; `store-other-network`: made for another genesis.
 *
 * @source SPEC ND2
 */
export const openChain = async ({ folder, genesis, ...options }: OpenChainOptions): Promise<Chain> => {
  const { stakeMaturity, maxReorg, stakeEpoch } = options.parameters;
  const store = await openStore({ folder, window: stakeMaturity + maxReorg, stakeEpoch });
  try {
    const headerBytes = encodeHeader(genesis.block.header);
    if (store.meta === undefined) {
      const { transactions } = genesis.block.body;
      await store.connect({ headerBytes, body: encodeBody(genesis.block.body), txids: txidsOf(transactions), change: genesis.change });
    }
    invariant(store.meta !== undefined, 'a store has a tip once it has a genesis');
    if (!equalBytes(store.meta.genesis, genesis.change.hash)) throw new Failure('store-other-network');
    const tip = store.headerBytes(store.meta.tip);
    if (tip === undefined) throw new Failure('store-damaged');
    const rules = makeBlockRules(options.parameters);
    const chain = new Chain({ ...options, store, rules }, decodeStored(headerBytes), decodeStored(tip));
    await chain.restore();
    return chain;
  } catch (error) {
    await store.close();
    throw error;
  }
};

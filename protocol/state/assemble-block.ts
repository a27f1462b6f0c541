import type { BlockBody } from '../block/block.ts';
import { computeBlockWeight, computeTxRoot, computeWitnessRoot } from '../block/body-roots.ts';
import type { Header, StakeRight } from '../block/header.ts';
import { type Hash32, ZERO_HASH } from '../codec/hash32.ts';
import { type Fault, fault, isFault } from '../fault.ts';
import { computeNextWeight } from '../stake/check-weight.ts';
import type { StakeLeaf } from '../stake/stake-leaf.ts';
import type { Transaction } from '../tx/transaction.ts';
import { applyEffect } from './apply-effect.ts';
import { computeBlockEffect, type EffectContext } from './block-effect.ts';
import type { StateView } from './view.ts';

/** What a maker chooses: the slot, his stake, the Bitcoin header of the slot, and transactions in an order that holds. */
export interface BlockRequest {
  readonly time: number;
  readonly bits: number;
  readonly bitcoin: Hash32;
  readonly config: Hash32;
  readonly stake: StakeLeaf;
  readonly transactions: readonly Transaction[];
}

export interface UnsignedBlock {
  readonly header: Omit<Header, 'signature'>;
  readonly body: BlockBody;
}

/**
 * Builds a block by the same computation that judges one; only the signature is missing.
 *
 * @fault as `connectBlock` would refuse it
 * @source SPEC CN2, CN6, CN7
 */
export const assembleBlock = (view: StateView, request: BlockRequest, context: EffectContext): UnsignedBlock | Fault => {
  const { stake } = request;
  const right: StakeRight = { kind: 'stake', outpoint: stake.outpoint, amount: stake.amount, key: stake.key };
  const plan = { time: request.time, right, leaf: stake, transactions: request.transactions };
  const effect = computeBlockEffect(view, plan, context);
  if (isFault(effect)) return effect;
  const body: BlockBody = { transactions: effect.transactions, versions: [] };
  const weight = computeBlockWeight(body);
  if (weight > context.parameters.maxBlockWeight) return fault('block-weight', { weight });
  const txRoot = computeTxRoot(body);
  const applied = applyEffect(view, effect, txRoot, context.parameters);
  if (isFault(applied)) return applied;
  const header = {
    version: 1,
    height: view.tip.height + 1,
    previous: view.tipHash,
    time: request.time,
    bits: request.bits,
    bitcoin: request.bitcoin,
    config: request.config,
    txRoot,
    witnessRoot: computeWitnessRoot(body),
    ...applied.derived,
    versionsRoot: ZERO_HASH,
    weight: computeNextWeight(view.tip, request.bits),
    right,
  } as const;
  return { header, body };
};

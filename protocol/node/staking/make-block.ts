import { schnorr } from '@noble/curves/secp256k1.js';
import type { BitcoinView } from '#protocol/bitcoin/header';
import { encodeBody } from '#protocol/block/body-codec';
import { computeHeaderHash, encodeHeader } from '#protocol/block/header-codec';
import type { Hash32 } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { isFault } from '#protocol/fault';
import type { Parameters } from '#protocol/params/parameters';
import { targetOfBits } from '#protocol/params/target';
import { isStalled } from '#protocol/stake/check-rest';
import { isBurnHeight } from '#protocol/stake/heights';
import { computeKernel, isKernelBelow } from '#protocol/stake/kernel';
import { computeNextBits } from '#protocol/stake/retarget';
import type { StakeLeaf } from '#protocol/stake/stake-leaf';
import { assembleBlock } from '#protocol/state/assemble-block';
import type { StateView } from '#protocol/state/view';
import type { Outpoint } from '#protocol/tx/outpoint';
import type { Transaction } from '#protocol/tx/transaction';
import type { FindRun } from '../chain/block-rules.ts';

/** A stake whose staker key this node has. @shape secret: 32 bytes */
export interface OwnStake {
  readonly outpoint: Outpoint;
  readonly secret: Uint8Array;
}

export interface SlotContext {
  readonly view: StateView;
  readonly bitcoin: BitcoinView;
  readonly parameters: Parameters;
  readonly genesisTime: number;
  /** whether the stake is in the state that its stake proof will be made from */
  readonly isProvable: (outpoint: Outpoint) => boolean;
}

export interface Ticket {
  readonly time: number;
  readonly bits: number;
  readonly bitcoin: Hash32;
  readonly stake: StakeLeaf;
  readonly secret: Uint8Array;
}

const earliestTime = ({ view, parameters }: SlotContext): number => {
  const { tip } = view;
  const slots = isBurnHeight(tip.height + 1, parameters) ? parameters.burnTimeout : 1;
  return tip.time + slots * parameters.slotLength;
};

/**
 * Tries each own stake once for the slot `time` on top of the view's tip.
 *
 * @source SPEC ND14; spec 03, kernel
 */
export const findTicket = (context: SlotContext, stakes: readonly OwnStake[], time: number): Ticket | undefined => {
  const { view, bitcoin, parameters, genesisTime } = context;
  const { tip } = view;
  const entry = bitcoin.slotHeader(time - parameters.bitcoinLag);
  if (entry === undefined || time < earliestTime(context) || time % parameters.slotLength !== 0) return undefined;
  const grandparent = tip.height === 0 ? tip : view.headerAt(tip.height - 1);
  const bits = computeNextBits(tip, grandparent.time, parameters);
  const target = targetOfBits(bits);
  const stalled = isStalled({ time }, tip, parameters);
  for (const { outpoint, secret } of stakes) {
    const stake = view.findStake(outpoint);
    if (stake === undefined || (stake.eligibleFrom > tip.height + 1 && !stalled)) continue;
    if (stake.registeredTime !== genesisTime && stake.registeredTime >= entry.medianTime) continue;
    if (!isKernelBelow(computeKernel({ bitcoin: entry.hash, outpoint, time }), stake.amount, target)) continue;
    if (context.isProvable(outpoint)) return { time, bits, bitcoin: entry.hash, stake, secret };
  }
  return undefined;
};

export interface SignedBlock {
  readonly hash: Hash32;
  /** @shape 512 bytes */
  readonly header: Uint8Array;
  readonly body: Uint8Array;
  readonly transactions: number;
}

export interface Draft {
  readonly view: StateView;
  readonly parameters: Parameters;
  readonly config: Hash32;
  readonly transactions: readonly Transaction[];
  readonly findRun: FindRun;
}

/** Assembles and signs the ticket's block; with half of the transactions, and at last without any, where they do not fit. */
export const makeBlock = (ticket: Ticket, draft: Draft): SignedBlock | undefined => {
  const { view, parameters, config, findRun } = draft;
  const { secret, ...slot } = ticket;
  const unsigned = assembleBlock(view, { ...slot, config, transactions: draft.transactions }, { parameters, findRun });
  if (isFault(unsigned)) {
    const { length } = draft.transactions;
    return length === 0 ? undefined : makeBlock(ticket, { ...draft, transactions: draft.transactions.slice(0, length >> 1) });
  }
  const hash = computeHeaderHash(unsigned.header);
  const header = encodeHeader({ ...unsigned.header, signature: schnorr.sign(hash, secret) });
  return { hash, header, body: encodeBody(unsigned.body), transactions: unsigned.body.transactions.length };
};

export const slotKey = (ticket: Ticket): string => `${encodeHex(ticket.stake.outpoint.txid)}:${ticket.stake.outpoint.index}@${ticket.time}`;

import type { Block } from '../../block/block.ts';
import { encodeHex } from '../../codec/hex.ts';
import { isFault } from '../../fault.ts';
import { checkTransaction } from '../../ledger/check-transaction.ts';
import type { Coin } from '../../ledger/coin.ts';
import { isDataOutput } from '../../script/forms/data-output.ts';
import { computeTxid } from '../../tx/identity.ts';
import { outpointKey } from '../../tx/outpoint.ts';
import type { Transaction } from '../../tx/transaction.ts';
import { computeBlockEffect, computeMedianPast } from '../block-effect.ts';
import { BlockLedger } from '../block-ledger.ts';
import { GENESIS_TIME, TestChain } from '../test-chain.ts';
import { outpointOf } from './test-keyring.ts';
import { labelsOf } from './test-labels.ts';
import { Mutations } from './test-mutations.ts';
import { bytesOf } from './test-naive-forms.ts';
import { judgeNaively, NaiveLedger, takeNaively } from './test-naive-ledger.ts';
import type { NaiveTransaction } from './test-naive-rules.ts';
import { ADMISSION, type NaiveView, recordName, TABLES } from './test-naive-state.ts';
import { PARAMETERS, People } from './test-people.ts';
import { Random } from './test-random.ts';
import { RandomDrafts } from './test-random-drafts.ts';

/** One verdict of both judges. @shape naive: all rules of the first stage where one is broken */
export interface Judgement {
  readonly transaction: Transaction;
  readonly product: string;
  readonly naive: readonly string[];
  /** what it does, if it is valid */
  readonly labels: readonly string[];
}

interface Place {
  readonly maker: string;
  readonly view: NaiveView;
  readonly ledger: BlockLedger;
  readonly drafts: RandomDrafts;
  readonly mutations: Mutations;
  readonly taken: NaiveTransaction[];
}

export const agrees = ({ product, naive }: Judgement): boolean => (naive.length === 0 ? product === 'accepted' : naive.includes(product));

const firstRecords = ({ founders }: People): NaiveView['records'] => {
  const value = founders.join('');
  return new Map([[recordName(TABLES.group, ADMISSION), { table: TABLES.group, key: ADMISSION, value, seat: '', height: 0 }]]);
};

/** A chain of the product and a naive one that live the same random history. */
export class History {
  readonly people = new People();
  readonly chain: TestChain;
  readonly naive: NaiveLedger;
  readonly judgements: Judgement[] = [];
  private readonly undone = new Set<string>();
  private readonly random: Random;
  private readonly seen: Transaction[] = [];

  constructor(seed: number) {
    const genesis = this.people.genesis();
    this.random = new Random(seed);
    this.chain = new TestChain(genesis, PARAMETERS);
    this.naive = new NaiveLedger(genesis.block.body.transactions, firstRecords(this.people), GENESIS_TIME, PARAMETERS);
  }

  /** Who will make the next block, and when: neither depends on what is in it. */
  private nextMaker(skip: number): { readonly maker: string; readonly time: number } {
    this.chain.skip = skip;
    const { header } = this.chain.make();
    if (header.right.kind !== 'stake') throw new Error('stakes make every block here');
    return { maker: outpointKey(header.right.outpoint), time: header.time };
  }

  private place(maker: string): Place {
    const { state } = this.chain;
    const view = this.naive.view(maker);
    const ledger = new BlockLedger(state, computeMedianPast(state));
    for (const coin of view.coins.values()) if (coin.height === view.height) ledger.coins.create(this.coinOf(coin.at, view));
    return {
      ...{ maker, view, ledger, taken: [] },
      drafts: new RandomDrafts(this.people, this.random, view),
      mutations: new Mutations(this.people, this.random, view),
    };
  }

  private coinOf(at: string, view: NaiveView): Coin {
    const coin = view.coins.get(at);
    if (coin === undefined) throw new Error('the coinbase made that coin');
    return toCoin(coin);
  }

  private candidate({ drafts, mutations, view }: Place): Transaction | undefined {
    const { random, seen } = this;
    if (random.chance(20)) return random.pick(seen);
    const draft = drafts.next();
    if (draft === undefined) return undefined;
    const changed = random.chance(3) ? mutations.mutate(draft) : draft;
    const signed = this.people.keyring.sign(changed, view);
    return random.chance(12) && signed.inputs.length > 0 ? mutations.tamper(signed) : signed;
  }

  private productVerdict(transaction: Transaction, { ledger, maker, taken, view }: Place): string {
    const { findCoin, findRecord, findSeat, findFrozen } = ledger;
    const place = { height: view.height, medianTime: view.median };
    const verdict = checkTransaction(transaction, { place, parameters: PARAMETERS, findCoin, findRecord, findSeat, findFrozen });
    if (isFault(verdict)) return verdict.fault;
    if (transaction.type !== 1) return 'accepted';
    const block = this.blockVerdict(maker, [...taken.map(({ tx }) => tx), transaction]);
    return block ?? 'accepted';
  }

  /** What a whole block of these transactions is refused for. */
  private blockVerdict(maker: string, transactions: readonly Transaction[]): string | undefined {
    const { state } = this.chain;
    const leaf = state.allStakes.find((stake) => outpointKey(stake.outpoint) === maker);
    if (leaf === undefined) throw new Error('the maker has a stake');
    const right = { kind: 'stake' as const, outpoint: leaf.outpoint, amount: leaf.amount, key: leaf.key };
    const effect = computeBlockEffect(state, { time: state.tip.time + 64, right, leaf, transactions }, { parameters: PARAMETERS });
    return isFault(effect) ? effect.fault : undefined;
  }

  private granted(taken: readonly NaiveTransaction[]): bigint {
    const outs = taken.filter(({ tx }) => tx.type === 1).flatMap((one) => one.outs);
    return outs.reduce((sum, { element, amount }) => (element === 'credit' ? sum + amount : sum), 0n);
  }

  private try(transaction: Transaction, place: Place): void {
    const { broken, seen } = judgeNaively(transaction, place.view);
    const bound =
      broken.length === 0 && seen?.tx.type === 1 ? this.naive.boundRules(place.maker, this.granted([...place.taken, seen])) : [];
    const judgement = {
      transaction,
      product: this.productVerdict(transaction, place),
      naive: [...broken, ...bound],
      labels: [] as readonly string[],
    };
    this.judgements.push(judgement);
    this.seen.push(transaction);
    if (!agrees(judgement)) throw new Disagreement(judgement);
    if (judgement.naive.length > 0 || seen === undefined) return;
    judgement.labels = [
      ...labelsOf(seen),
      ...(this.undone.has(encodeHex(computeTxid(transaction))) ? ['valid again after a reorganisation'] : []),
    ];
    this.take(seen, place);
  }

  private take(seen: NaiveTransaction, { ledger, view, taken }: Place): void {
    const { tx } = seen;
    const { findCoin, findRecord, findSeat, findFrozen } = ledger;
    const context = { place: { height: view.height, medianTime: view.median }, parameters: PARAMETERS };
    const checked = checkTransaction(tx, { ...context, findCoin, findRecord, findSeat, findFrozen });
    if (isFault(checked)) throw new Disagreement({ transaction: tx, product: checked.fault, naive: [], labels: [] });
    for (const { coin, use } of checked.inputs) if (use === 'spend') ledger.coins.spend(coin);
    ledger.write(checked.record);
    takeNaively(seen);
    for (const [index, output] of tx.outputs.entries())
      if (!isDataOutput(output)) ledger.coins.create(this.coinOf(outpointKey({ txid: computeTxid(tx), index }), view));
    taken.push(seen);
  }

  /** One block of random transactions, each judged twice; then the block itself. */
  grow(transactions: number): void {
    const skip = this.random.below(3);
    const made = this.nextMaker(skip);
    const place = this.place(made.maker);
    for (let i = 0; i < transactions; i++) {
      const candidate = this.candidate(place);
      if (candidate !== undefined) this.try(candidate, place);
    }
    this.refuse(place);
    this.chain.skip = skip;
    const block = this.chain.make(place.taken.map(({ tx }) => tx));
    this.chain.connect(block);
    this.naive.connect(place.taken, place.view, made);
  }

  /** A block that holds what was refused is refused, for the same reason. */
  private refuse({ maker, taken }: Place): void {
    const last = this.judgements.at(-1);
    if (last === undefined || last.naive.length === 0) return;
    const fault = this.blockVerdict(maker, [...taken.map(({ tx }) => tx), last.transaction]);
    if (fault !== last.product) throw new Disagreement({ ...last, product: `${last.product}, as a block ${fault}` });
  }

  reorganise(): void {
    for (let depth = this.random.below(Math.min(8, this.naive.tip.height)); depth >= 0; depth--) {
      const { transactions } = (this.chain.state.blockOf(this.chain.state.tip.height) as Block).body;
      for (const transaction of transactions) this.undone.add(encodeHex(computeTxid(transaction)));
      this.chain.state.disconnect();
      this.naive.undo();
    }
  }
}

export const toCoin = (coin: NaiveView['coins'] extends Map<string, infer Each> ? Each : never): Coin => ({
  ...{ outpoint: outpointOf(coin.at), element: coin.element, amount: coin.amount, script: bytesOf(coin.script) },
  ...{ layer: coin.layer as Coin['layer'], type: coin.type, height: coin.height, medianTime: coin.median },
});

/** The two judges differ: what an engineer needs to see of it. */
export class Disagreement extends Error {
  constructor({ transaction, product, naive }: Judgement) {
    const show = (_: string, each: unknown) => (typeof each === 'bigint' ? `${each}` : each instanceof Uint8Array ? encodeHex(each) : each);
    super(`product: ${product}; naive: ${naive.join(', ') || 'accepted'}; ${JSON.stringify(transaction, show)}`);
  }
}

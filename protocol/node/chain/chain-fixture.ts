import { schnorr } from '@noble/curves/secp256k1.js';
import type { BitcoinEntry } from '#protocol/bitcoin/header';
import { encodeBody } from '#protocol/block/body-codec';
import { computeTxRoot, computeWitnessRoot } from '#protocol/block/body-roots';
import type { Economy, Header } from '#protocol/block/header';
import { computeHeaderHash, encodeHeader } from '#protocol/block/header-codec';
import { type Hash32, ZERO_HASH } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { encodeBytes } from '#protocol/codec/writer';
import { sha256 } from '#protocol/crypto/hash';
import { isFault } from '#protocol/fault';
import type { Coin } from '#protocol/ledger/coin';
import { encodeCoin } from '#protocol/ledger/coin-codec';
import { DEV_PARAMETERS } from '#protocol/params/networks';
import type { Parameters } from '#protocol/params/parameters';
import { targetOfBits } from '#protocol/params/target';
import { buildPayToKey } from '#protocol/script/forms/pay-to-key';
import { computeNextWeight } from '#protocol/stake/check-weight';
import { computeEpochHeight } from '#protocol/stake/heights';
import { computeKernel, isKernelBelow } from '#protocol/stake/kernel';
import { computeNextBits } from '#protocol/stake/retarget';
import { assembleBlock } from '#protocol/state/assemble-block';
import type { Genesis } from '#protocol/state/genesis';
import type { StakeLeaf, StateView, TrieRoots } from '#protocol/state/view';
import { computeTxid } from '#protocol/tx/identity';
import { CIRCULATION, DEBT_LAYER } from '#protocol/tx/layer';
import type { Outpoint } from '#protocol/tx/outpoint';
import type { Transaction } from '#protocol/tx/transaction';
import { encodeTransaction } from '#protocol/tx/transaction-codec';
import { DevelopmentKeys } from '../devnet/dev-keys.ts';
import { signKeySpends } from '../devnet/sign-key-spend.ts';
import { Mempool } from '../mempool/mempool.ts';
import { MakerPolicy } from '../policy/maker-policy.ts';
import { Punisher } from '../punishing/punisher.ts';
import { findTicket, type OwnStake, type SlotContext, type Ticket } from '../staking/make-block.ts';
import { Staker } from '../staking/staker.ts';
import type { Database } from '../store/database.ts';
import { wholeTable } from '../store/keys.ts';
import type { Store } from '../store/store.ts';
import { fixtureBitcoin } from './bitcoin-fixture.ts';
import type { Chain } from './chain.ts';
import type { NodeBitcoin, StoredHeader } from './contract.ts';
import { fixtureGenesis, stakerKeys } from './genesis-fixture.ts';
import { genesisSource, openChain } from './open-chain.ts';
import { makePoolChain } from './pool-chain.ts';

export interface FixtureBlock {
  readonly hash: Hash32;
  readonly header: Uint8Array;
  readonly proof: Uint8Array;
  readonly body: Uint8Array;
}

export interface NextBlock {
  readonly change?: (header: Omit<Header, 'signature'>) => Omit<Header, 'signature'>;
  /** in the block by its rules */
  readonly transactions?: readonly Transaction[];
  readonly added?: readonly Transaction[];
  /** the stake that makes it, whichever slot that takes */
  readonly by?: Outpoint;
}

export type Supply = Pick<Economy, 'value' | 'locked' | 'credit' | 'debt'>;

export interface FixtureOptions {
  readonly parameters?: Parameters;
  readonly genesisTime?: number;
  readonly solo?: boolean;
  /** which of the development network's stakes are its own; all of them if not said */
  readonly stakes?: (index: number) => boolean;
  readonly made?: (block: StoredHeader) => void;
  /** what its blocks carry as configuration: two makers of one network make different blocks by it */
  readonly config?: Hash32;
  /** where its policies are kept */
  readonly policyFile?: string;
  /** it punishes what its pool declines */
  readonly punishing?: boolean;
}

const development = new DevelopmentKeys();

/** A node without network and HTTP, on a clock that the test moves, with all stakes of the development network. */
export class FixtureNode {
  readonly chain: Chain;
  readonly mempool: Mempool;
  readonly staker: Staker;
  readonly policy: MakerPolicy;
  readonly punisher: Punisher | undefined;
  readonly genesis: Genesis;
  readonly bitcoin: NodeBitcoin;
  private readonly store: Store;
  private readonly state: { time: number };

  constructor(
    parts: Pick<FixtureNode, 'chain' | 'mempool' | 'staker' | 'policy' | 'punisher' | 'genesis' | 'bitcoin'>,
    state: { time: number },
  ) {
    this.chain = parts.chain;
    this.mempool = parts.mempool;
    this.staker = parts.staker;
    this.policy = parts.policy;
    this.punisher = parts.punisher;
    this.genesis = parts.genesis;
    this.bitcoin = parts.bitcoin;
    this.store = Reflect.get(parts.chain, 'store') as Store;
    this.state = state;
  }

  time(): number {
    return this.state.time;
  }

  setTime(time: number): void {
    this.state.time = time;
  }

  skip(slots: number): void {
    this.state.time += slots * this.chain.parameters.slotLength;
  }

  /** Makes blocks slot by slot until `count` were made. */
  async grow(count: number): Promise<void> {
    this.state.time = Math.max(this.state.time, this.chain.tip().header.time);
    for (let made = 0; made < count; ) {
      this.skip(1);
      if (await this.staker.trySlot(this.state.time)) made++;
    }
  }

  async coins(): Promise<readonly string[]> {
    const found: string[] = [];
    for await (const coin of this.store.coins()) found.push(encodeHex(encodeCoin(coin)));
    return found;
  }

  /** What all coins in the store add up to, counted one by one. */
  async countSupply(): Promise<Supply> {
    const supply = { value: 0n, locked: 0n, credit: 0n, debt: 0n };
    for await (const { element, amount, layer } of this.store.coins()) {
      if (element === 'debt') supply.debt += amount;
      if (element === 'value') supply.value += amount;
      if (element === 'value' && layer === DEBT_LAYER) supply.locked += amount;
      if (element === 'credit' && layer === CIRCULATION) supply.credit += amount;
    }
    return supply;
  }

  rootsAt(height: number): TrieRoots {
    return this.store.roots(this.store.hashAt(height) as Hash32) as TrieRoots;
  }

  /** Every key in the store, in hexadecimal. */
  async keysOnDisk(): Promise<readonly string[]> {
    const database = Reflect.get(this.store, 'database') as Database;
    const keys: string[] = [];
    for await (const [key] of database.entries({ gte: Uint8Array.of(0), lt: Uint8Array.of(0xff) })) keys.push(encodeHex(key));
    return keys;
  }

  async countPages(): Promise<number> {
    const database = Reflect.get(this.store, 'database') as Database;
    let total = 0;
    for await (const _ of database.entries(wholeTable('page'))) total++;
    return total;
  }

  /** Blocks whose undo data the store holds. */
  async countUndo(): Promise<number> {
    let total = 0;
    for await (const _ of (Reflect.get(this.store, 'database') as Database).entries(wholeTable('undo'))) total++;
    return total;
  }

  async blockAt(height: number): Promise<FixtureBlock> {
    const stored = this.chain.headerAt(height) as StoredHeader;
    const body = (await this.chain.bodyOf(stored.hash)) as Uint8Array;
    return { hash: stored.hash, header: stored.bytes, body, proof: await this.proofOf(stored) };
  }

  proofOf(stored: StoredHeader): Promise<Uint8Array> {
    return this.chain.stakeProofFor([stored], computeEpochHeight(stored.header.height, this.chain.parameters)) as Promise<Uint8Array>;
  }

  async blocksFrom(height: number): Promise<readonly FixtureBlock[]> {
    const blocks: FixtureBlock[] = [];
    for (let at = height; at <= this.chain.tip().header.height; at++) blocks.push(await this.blockAt(at));
    return blocks;
  }

  /** Headers as headers/1 sends them. */
  async batchFrom(from: number, count: number): Promise<{ headers: Uint8Array[]; proofs: Uint8Array[] }> {
    const stored = Array.from({ length: count }, (_, i) => this.chain.headerAt(from + i) as StoredHeader);
    const epochs = Map.groupBy(stored, ({ header }) => computeEpochHeight(header.height, this.chain.parameters));
    const proofs: Uint8Array[] = [];
    for (const [epoch, group] of [...epochs].sort(([x], [y]) => x - y))
      proofs.push((await this.chain.stakeProofFor(group, epoch)) as Uint8Array);
    return { headers: stored.map(({ bytes }) => bytes), proofs };
  }

  private context(view: StateView): SlotContext {
    const epoch = computeEpochHeight(view.tip.height + 1, this.chain.parameters);
    return {
      view,
      bitcoin: this.bitcoin,
      parameters: this.chain.parameters,
      genesisTime: this.chain.genesisTime,
      isProvable: (outpoint) => this.chain.stakeAt(epoch, outpoint) !== undefined,
    };
  }

  private async ownStakes(): Promise<readonly OwnStake[]> {
    const found: OwnStake[] = [];
    for await (const { outpoint, key } of this.chain.stakes())
      found.push({ outpoint, secret: stakerKeys(this.chain.parameters).get(encodeHex(key)) as Uint8Array });
    return found;
  }

  private async nextTicket(view: StateView, stakes?: readonly OwnStake[]): Promise<Ticket> {
    const own = stakes ?? (await this.ownStakes());
    for (let time = view.tip.time + 1; ; time++) {
      const ticket = findTicket(this.context(view), own, time);
      if (ticket !== undefined) {
        this.state.time = Math.max(this.state.time, time);
        return ticket;
      }
    }
  }

  private async sign(unsigned: Omit<Header, 'signature'>, secret: Uint8Array, body: Uint8Array): Promise<FixtureBlock> {
    const hash = computeHeaderHash(unsigned);
    const header: Header = { ...unsigned, signature: schnorr.sign(hash, secret) };
    const bytes = encodeHeader(header);
    return { hash, header: bytes, body, proof: await this.proofOf({ header, hash, bytes }) };
  }

  /** A block on the tip, made as any; transactions are added to it without being judged, its header is changed, and it is signed. */
  async makeNext({ change = (header) => header, transactions = [], added = [], by }: NextBlock = {}): Promise<FixtureBlock> {
    const view = this.chain.view();
    const { secret, ...slot } = await this.nextTicket(view, by && [{ outpoint: by, secret: this.secretOf(by) }]);
    const unsigned = assembleBlock(view, { ...slot, config: this.chain.configHash, transactions }, { parameters: this.chain.parameters });
    if (isFault(unsigned)) throw new Error(unsigned.fault);
    const body = { ...unsigned.body, transactions: [...unsigned.body.transactions, ...added] };
    const header = { ...unsigned.header, txRoot: computeTxRoot(body), witnessRoot: computeWitnessRoot(body) };
    return this.sign(change(header), secret, encodeBody(body));
  }

  private secretOf(stake: Outpoint): Uint8Array {
    const leaf = this.store.stake(stake) as StakeLeaf;
    return stakerKeys(this.chain.parameters).get(encodeHex(leaf.key)) as Uint8Array;
  }

  /** Different blocks of one kernel on the tip. */
  async versionsOfNext(count: number): Promise<readonly FixtureBlock[]> {
    const view = this.chain.view();
    const { secret, ...slot } = await this.nextTicket(view);
    const blocks: FixtureBlock[] = [];
    for (let i = 0; i < count; i++) {
      const config = sha256(encodeBytes((writer) => writer.u32(i)));
      const unsigned = assembleBlock(view, { ...slot, config, transactions: [] }, { parameters: this.chain.parameters });
      if (isFault(unsigned)) throw new Error(unsigned.fault);
      blocks.push(await this.sign(unsigned.header, secret, encodeBody(unsigned.body)));
    }
    return blocks;
  }

  genesisStake(index: number): Outpoint {
    const [stakes] = this.genesis.block.body.transactions;
    return { txid: computeTxid(stakes as Transaction), index: index + 1 };
  }

  /** Spends the output of genesis stake `index` by its owner's key, into circulation's locked change. */
  async withdrawStake(index: number): Promise<Outpoint> {
    const outpoint = this.genesisStake(index);
    await this.spendStake(index, outpoint, buildPayToKey(development.stakeOwner(index).publicKey));
    return outpoint;
  }

  /** Moves a stake that owner and staker `index` have into an output of the same form; answers where it is then. */
  async moveStake(index: number, outpoint: Outpoint): Promise<Outpoint> {
    const { script } = this.mempool.findCoin(outpoint) as Coin;
    return { txid: await this.spendStake(index, outpoint, script), index: 0 };
  }

  private async spendStake(index: number, outpoint: Outpoint, to: Uint8Array): Promise<Hash32> {
    const coin = this.mempool.findCoin(outpoint) as Coin;
    const owner = development.stakeOwner(index);
    const script = buildPayToKey(owner.publicKey);
    const input = { outpoint, sequence: 0xffff_fffd, witness: [] };
    const outputs = [{ element: 'value', amount: coin.amount - 2_000n, script: to }] as const;
    const signed = signKeySpends({ layer: 1, type: 0, inputs: [input], outputs, lockTime: 0 }, [{ coin: { ...coin, script }, ...owner }]);
    const submitted = await this.mempool.submit(encodeTransaction(signed));
    if (isFault(submitted)) throw new Error(submitted.fault);
    return submitted.txid;
  }

  stakeIsGone(outpoint: Outpoint): boolean {
    return this.store.stake(outpoint) === undefined;
  }

  stakerSecret(index: number): Uint8Array {
    return development.staker(index).secret;
  }

  /**
   * A header of that stake on the block at `parent`: every rule of headers holds, its body is not of interest. With
   * `unlucky` it is of that many slots later, counting those in which the stake has no luck.
   */
  async headerByStake(outpoint: Outpoint, parent: number, unlucky?: number): Promise<FixtureBlock> {
    const base = this.chain.headerAt(parent) as StoredHeader;
    const grandparent = this.chain.headerAt(parent - 1) as StoredHeader;
    const bits = computeNextBits(base.header, grandparent.header.time, this.chain.parameters);
    const epoch = computeEpochHeight(parent + 1, this.chain.parameters);
    const leaf = this.chain.stakeAt(epoch, outpoint) as StakeLeaf;
    let toSkip = unlucky ?? 0;
    for (let time = base.header.time + 1; ; time++) {
      const entry = this.bitcoin.slotHeader(time - this.chain.parameters.bitcoinLag) as BitcoinEntry;
      const lucky = isKernelBelow(computeKernel({ bitcoin: entry.hash, outpoint, time }), leaf.amount, targetOfBits(bits));
      if (lucky === (unlucky !== undefined) || (!lucky && toSkip-- > 0)) continue;
      this.state.time = Math.max(this.state.time, time);
      const unsigned: Omit<Header, 'signature'> = {
        ...base.header,
        height: parent + 1,
        previous: base.hash,
        time,
        bits,
        bitcoin: entry.hash,
        economy: { ...base.header.economy, value: base.header.economy.value + base.header.economy.fees, fees: 0n },
        weight: computeNextWeight(base.header, bits),
        right: { kind: 'stake', outpoint, amount: leaf.amount, key: leaf.key },
      };
      return this.sign(unsigned, stakerKeys(this.chain.parameters).get(encodeHex(leaf.key)) as Uint8Array, new Uint8Array(0));
    }
  }

  close(): Promise<void> {
    return this.chain.close();
  }
}

/** A block on the tip whose header says a wrong economy, and keeps every rule of headers. */
export const makeAt = (node: FixtureNode, _what: { readonly economy: true }): Promise<FixtureBlock> =>
  node.makeNext({
    change: (header) => ({
      ...header,
      economy: { ...header.economy, value: header.economy.value + 5n, debt: header.economy.debt + 5n },
    }),
  });

/** Hands every block of `from` to `to`, lowest first: headers with their proofs, then bodies. */
export const feed = async (from: FixtureNode, to: FixtureNode): Promise<void> => {
  to.setTime(Math.max(to.time(), from.time()));
  const blocks = await from.blocksFrom(1);
  for (const { header, proof } of blocks) await to.chain.acceptHeader(header, proof);
  for (const { hash, body } of blocks) await to.chain.acceptBody(hash, body);
};

/** A payment of faucet output `index` of node 0, or of another coin of its key, to that key or to the one of `to`. */
export const faucetPayment = (
  node: Pick<FixtureNode, 'genesis' | 'mempool'>,
  index: number,
  fee: bigint,
  options: PaymentOptions = {},
): Transaction => {
  const [, , circulation] = node.genesis.block.body.transactions;
  const outpoint = options.outpoint ?? { txid: computeTxid(circulation as Transaction), index: index + 1 };
  const coin = node.mempool.findCoin(outpoint) as Coin;
  const key = development.faucet(0).at(index);
  const script = buildPayToKey(development.faucet(0).at(options.to ?? index).publicKey);
  const count = BigInt(options.outputs ?? 1);
  const each = (coin.amount - fee) / count;
  const outputs = Array.from({ length: Number(count) }, (_, i) => ({
    element: 'value' as const,
    amount: i === 0 ? coin.amount - fee - each * (count - 1n) : each,
    script,
  }));
  const input = { outpoint, sequence: 0xffff_fffd, witness: [] };
  const signed = { ...coin, script: buildPayToKey(key.publicKey) };
  return signKeySpends({ layer: 0, type: 0, inputs: [input], outputs, lockTime: options.lockTime ?? 0 }, [{ coin: signed, ...key }]);
};

export interface PaymentOptions {
  readonly outpoint?: Outpoint;
  readonly to?: number;
  readonly outputs?: number;
  readonly lockTime?: number;
}

export const openFixtureNode = async (
  folder: string,
  {
    parameters = DEV_PARAMETERS,
    genesisTime,
    solo = true,
    config = ZERO_HASH,
    stakes,
    made,
    policyFile,
    punishing = false,
  }: FixtureOptions = {},
): Promise<FixtureNode> => {
  const genesis = fixtureGenesis(genesisTime, parameters);
  const bitcoin = fixtureBitcoin(parameters);
  const state = { time: genesis.block.header.time };
  const clock = { now: () => state.time };
  const pooled: { mempool: Mempool | undefined } = { mempool: undefined };
  const chain = await openChain({
    folder,
    genesis: genesisSource(genesis),
    parameters,
    network: 'dev',
    configHash: config,
    bitcoin,
    clock,
    findRun: (transaction) => pooled.mempool?.findRun(transaction),
  });
  const policy = await MakerPolicy.open({ chain, now: clock.now, ...(policyFile && { file: policyFile }) });
  chain.onTip((change) => policy.applyTip(change));
  const mempool = new Mempool({ chain: makePoolChain(chain), clock, maker: policy });
  pooled.mempool = mempool;
  chain.onTip((change) => mempool.applyTip({ connected: change.connectedTransactions, disconnected: change.disconnectedTransactions }));
  const staker = new Staker({
    chain,
    mempool,
    bitcoin,
    clock,
    keys: stakerKeys(parameters, stakes),
    isSynchronised: () => false,
    solo,
    report: () => undefined,
    policy,
    ...(made && { made }),
  });
  await staker.refresh();
  state.time = Math.max(state.time, chain.tip().header.time);
  const isMaking = (): boolean => staker.waitsFor() === undefined;
  const report = (error: unknown): void => {
    throw error;
  };
  const punisher = punishing ? new Punisher({ chain, mempool, isMaking, report }) : undefined;
  return new FixtureNode({ chain, mempool, staker, policy, punisher, genesis, bitcoin }, state);
};

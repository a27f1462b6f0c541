import { encodeHex } from '#protocol/codec/hex';
import { type Fault, isFault } from '#protocol/fault';
import { computeEpochHeight } from '#protocol/stake/heights';
import type { Outpoint } from '#protocol/tx/outpoint';
import type { Chain } from '../chain/chain.ts';
import type { Clock, NodeBitcoin, StoredHeader } from '../chain/contract.ts';
import type { Mempool } from '../mempool/mempool.ts';
import type { MakerPolicy } from '../policy/maker-policy.ts';
import { findTicket, makeBlock, type OwnStake, type SlotContext, slotKey } from './make-block.ts';
import { selectTransactions } from './select-transactions.ts';

/** Slots behind the clock that are still tried after a pause. */
const CATCH_UP = 4;
const MAX_USED = 1_024;

export type Waiting = 'peers' | 'bitcoin' | 'operator' | 'stakes';

export interface StakerOptions {
  readonly chain: Chain;
  readonly mempool: Mempool;
  readonly bitcoin: NodeBitcoin;
  readonly clock: Clock;
  /** secret keys by their x-only public key in hexadecimal */
  readonly keys: ReadonlyMap<string, Uint8Array>;
  /** whether a peer is there that knows nothing better than our tip */
  readonly isSynchronised: () => boolean;
  /** blocks are made without any peer */
  readonly solo: boolean;
  /** what the operator refuses of credit */
  readonly policy?: Pick<MakerPolicy, 'startBlock'>;
  readonly report: (error: unknown) => void;
  readonly made?: (block: StoredHeader, transactions: number) => void;
  readonly refused?: (reason: Fault) => void;
}

/**
 * Makes blocks with the own stakes: one try per slot and stake, on the best tip.
 *
 * @source SPEC ND14, ND16; spec 03, stake; spec 08, node
 */
export class Staker {
  private readonly options: StakerOptions;
  private readonly used = new Set<string>();
  private stakes: readonly OwnStake[] = [];
  private lastSlot = 0;
  private count = 0;
  private timer: NodeJS.Timeout | undefined;
  private running = true;

  constructor(options: StakerOptions) {
    this.options = options;
  }

  get blocksMade(): number {
    return this.count;
  }

  get stakeCount(): number {
    return this.stakes.length;
  }

  waitsFor(): Waiting | undefined {
    const { chain, bitcoin, clock, isSynchronised, solo } = this.options;
    if (chain.deepRival() !== undefined) return 'operator';
    if (this.stakes.length === 0) return 'stakes';
    if (!solo && !isSynchronised()) return 'peers';
    return bitcoin.slotHeader(clock.now() - chain.parameters.bitcoinLag) === undefined ? 'bitcoin' : undefined;
  }

  /** Finds the own stakes in the state anew. */
  async refresh(): Promise<void> {
    const found: OwnStake[] = [];
    for await (const { outpoint, key } of this.options.chain.stakes()) {
      const secret = this.options.keys.get(encodeHex(key));
      if (secret !== undefined) found.push({ outpoint, secret });
    }
    this.stakes = found;
  }

  start(): void {
    const { chain, report } = this.options;
    chain.onTip(() => void this.refresh().catch(report));
    void this.refresh().then(() => this.schedule(), report);
  }

  private schedule(): void {
    if (!this.running) return;
    const { clock, chain } = this.options;
    const { slotLength } = chain.parameters;
    const now = clock.now();
    const next = (Math.floor(now / slotLength) + 1) * slotLength;
    this.timer = setTimeout(
      () =>
        void this.tick()
          .catch(this.options.report)
          .then(() => this.schedule()),
      (next - now) * 1000 + 10,
    );
  }

  private async tick(): Promise<void> {
    if (this.waitsFor() !== undefined) return;
    const { slotLength } = this.options.chain.parameters;
    const slot = Math.floor(this.options.clock.now() / slotLength) * slotLength;
    const from = Math.max(this.lastSlot + slotLength, slot - CATCH_UP * slotLength);
    for (let time = from; time <= slot; time += slotLength) if (await this.trySlot(time)) break;
    this.lastSlot = slot;
  }

  /** Makes a block of the slot `time` where a stake has the luck; it is accepted by the same path as any other. */
  async trySlot(time: number): Promise<boolean> {
    const { chain, mempool, bitcoin, policy, refused } = this.options;
    const view = chain.view();
    const epoch = computeEpochHeight(view.tip.height + 1, chain.parameters);
    const context: SlotContext = {
      view,
      bitcoin,
      parameters: chain.parameters,
      genesisTime: chain.genesisTime,
      isProvable: (outpoint: Outpoint) => chain.stakeAt(epoch, outpoint) !== undefined,
    };
    const ticket = findTicket(context, this.stakes, time);
    if (ticket === undefined || this.used.has(slotKey(ticket))) return false;
    const medianTime = chain.medianTime();
    const { findRun } = mempool;
    const selection = { parameters: chain.parameters, medianTime, findRun, stake: ticket.stake, policy: policy?.startBlock() };
    const transactions = selectTransactions(view, mempool.pool.inMiningOrder(), selection);
    const block = makeBlock(ticket, { view, parameters: chain.parameters, config: chain.configHash, transactions, findRun });
    if (block === undefined) return false;
    this.remember(slotKey(ticket));
    const verdict = await chain.acceptOwn(block.header, block.body);
    if (isFault(verdict)) {
      refused?.(verdict);
      return false;
    }
    this.count++;
    const stored = chain.headerByHash(block.hash);
    if (stored !== undefined) this.options.made?.(stored, block.transactions);
    return true;
  }

  private remember(key: string): void {
    this.used.add(key);
    if (this.used.size <= MAX_USED) return;
    const [oldest] = this.used;
    if (oldest !== undefined) this.used.delete(oldest);
  }

  stop(): void {
    this.running = false;
    clearTimeout(this.timer);
  }
}

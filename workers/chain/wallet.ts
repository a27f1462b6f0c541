import { encodeReversedHex } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import type { Parameters } from '#protocol/params/parameters';
import { encodeAddress } from '#protocol/script/address';
import { matchDebtScript } from '#protocol/script/forms/debt';
import { outpointKey } from '#protocol/tx/outpoint';
import type { TransactionOutput } from '#protocol/tx/transaction';
import { COINBASE } from '#protocol/tx/transaction-type';
import { computeOwnerCoins, type HeldCoin } from '#spv/coins/coin-ledger';
import { makeWatchSet, type WatchSet } from '#spv/coins/watch-set';
import { headerAt, isBest } from '#spv/headers/light-chain';
import type { LabelEntry } from '../rpc/chain-calls.ts';
import { AddressBook } from './address-book.ts';
import type { LightDriver } from './light-driver.ts';
import { isOverdue } from './owed.ts';
import { TxBook } from './tx-book.ts';
import type { TxRecord } from './tx-record.ts';

/** A coin of one account, and what can be done with it now. */
export interface WalletCoin {
  readonly coin: HeldCoin;
  readonly key: string;
  readonly tag: string;
  readonly account: number;
  readonly provedAt: number;
  /** in a payment under way, whatever else it is */
  readonly underWay: boolean;
  readonly state: 'spendable' | 'maturing' | 'reserved' | 'locked' | 'frozen' | 'credit' | 'debt';
}

/**
 * What the accounts have: computed from verified chain, proved coins and own transactions each time it is asked for.
 *
 * @source SPEC CW4
 */
export class Wallet {
  readonly parameters: Parameters;
  readonly addresses: AddressBook;
  readonly transactions: TxBook;
  readonly labels = new Map<string, LabelEntry>();
  readonly payees = new Set<string>();
  private readonly driver: () => LightDriver;

  constructor(parameters: Parameters, driver: () => LightDriver) {
    this.parameters = parameters;
    this.driver = driver;
    this.addresses = new AddressBook(parameters.name === 'main' ? 'main' : 'test');
    this.transactions = new TxBook((output) => this.ownScriptOf(output));
  }

  watchSet(): WatchSet {
    return makeWatchSet(this.addresses.owners());
  }

  addressOf(script: Uint8Array): string | undefined {
    return encodeAddress(script, this.parameters.addressPrefix);
  }

  label(kind: LabelEntry['kind'], ref: string): string | undefined {
    return this.labels.get(`${kind} ${ref}`)?.label;
  }

  get tipHeight(): number {
    return this.driver().chain?.tip.header.height ?? 0;
  }

  /** The script of the address of ours whose an output is, a debt's that of who answers for it. */
  ownScriptOf({ element, script }: Pick<TransactionOutput, 'element' | 'script'>): Uint8Array | undefined {
    const debtor = element === 'debt' ? matchDebtScript(script)?.tag : undefined;
    const own = debtor === undefined ? this.addresses.ofScript(script) : this.addresses.find(encodeHex(debtor));
    return own?.owner.script;
  }

  /** Whether the block a record names is still of the best chain; what is deeper than the chain held is. */
  inBlock(record: TxRecord): boolean {
    const { chain } = this.driver();
    const { block } = record;
    if (block === undefined || chain === undefined) return false;
    if (block.height > chain.tip.header.height) return false;
    if (block.height < chain.base || block.hash === undefined) return true;
    return isBest(
      chain,
      Uint8Array.from(block.hash.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
      block.height,
    );
  }

  /** Signed by us, not in a block, not refused: its coins are spoken for. */
  isPending(record: TxRecord): boolean {
    return record.signed !== undefined && record.refused === undefined && !this.inBlock(record);
  }

  pending(): readonly TxRecord[] {
    return [...this.transactions.records.values()].filter((record) => this.isPending(record));
  }

  reserved(): ReadonlySet<string> {
    return new Set(this.pending().flatMap((record) => record.inputs.map((input) => input.outpoint)));
  }

  /** @shape frozen: a debt in the same name is overdue @source SPEC DE3, CW45 */
  private stateOf(coin: HeldCoin, frozen: boolean, reserved: ReadonlySet<string>): WalletCoin['state'] {
    if (coin.element === 'debt') return 'debt';
    if (coin.element === 'value' && coin.layer !== 0) return 'locked';
    if (reserved.has(outpointKey(coin.outpoint))) return 'reserved';
    if (frozen) return 'frozen';
    if (coin.element === 'credit') return 'credit';
    const depth = this.tipHeight - coin.height + 1;
    const young = coin.type === COINBASE && coin.height > 0 && depth < this.parameters.coinbaseMaturity;
    return young ? 'maturing' : 'spendable';
  }

  /** Every coin that is proved, of one account or of all; while peers are on branches that part deep, none is. @source SPEC LC13 */
  coins(account?: number): readonly WalletCoin[] {
    const driver = this.driver();
    if (driver.disputes.size > 0) return [];
    const reserved = this.reserved();
    const found: WalletCoin[] = [];
    for (const owner of this.addresses.owners()) {
      const tag = encodeHex(owner.tag);
      const place = this.addresses.find(tag);
      if (place === undefined || (account !== undefined && place.account !== account)) continue;
      const held = computeOwnerCoins(driver.ledger, tag);
      const frozen = held?.coins.some((coin) => coin.element === 'debt' && isOverdue(coin, driver.chain)) === true;
      for (const coin of held?.coins ?? []) {
        const base = { coin, key: outpointKey(coin.outpoint), tag, account: place.account, provedAt: held?.height ?? 0 };
        found.push({ ...base, underWay: reserved.has(base.key), state: this.stateOf(coin, frozen, reserved) });
      }
    }
    return found;
  }

  /** Height up to which an account's list is complete; undefined while an address of it is not proved. */
  provedHeight(account: number): number | undefined {
    const heights = this.addresses.tagsOf(account).map((tag) => computeOwnerCoins(this.driver().ledger, tag)?.height);
    if (heights.length === 0 || heights.some((height) => height === undefined)) return undefined;
    return Math.min(...(heights as number[]));
  }

  private hashAt(height: number): string | undefined {
    const { chain } = this.driver();
    const header = chain === undefined ? undefined : headerAt(chain, height);
    return header === undefined ? undefined : encodeHex(header.hash);
  }

  /** Follows proofs and blocks: marks addresses used, learns outputs. True: the gap moved. */
  absorb(): { readonly moved: boolean; readonly records: readonly TxRecord[] } {
    const coins = this.coins();
    const moved = coins.map((entry) => this.addresses.markUsed(entry.tag)).some((each) => each);
    const records = this.transactions.addCoins(
      coins.map((entry) => entry.coin),
      { inBlock: (record) => this.inBlock(record), hashAt: (height) => this.hashAt(height) },
    );
    return { moved, records };
  }

  markUsedBy(record: TxRecord): boolean {
    const scripts = [...record.received, ...record.inputs].map((entry) => entry.script);
    return scripts.map((script) => this.addresses.markUsed(script.slice(4))).some((each) => each);
  }
}

/** As people see it: txid reversed, then the index. */
export const displayOutpoint = (coin: HeldCoin): string => `${encodeReversedHex(coin.outpoint.txid)}:${coin.outpoint.index}`;

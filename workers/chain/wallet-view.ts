import { encodeReversedHex } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import type { Element } from '#protocol/tx/element';
import { outpointKey } from '#protocol/tx/outpoint';
import type { TransactionOutput } from '#protocol/tx/transaction';
import type {
  AccountView,
  ActivityView,
  AddressView,
  BalanceView,
  CoinView,
  DebtView,
  PaymentStage,
  PaymentView,
} from '../rpc/chain-view.ts';
import type { ProofCheck, ProofView } from '../rpc/proof-view.ts';
import type { LightDriver } from './light-driver.ts';
import { describeDebt } from './owed.ts';
import { scriptBytes } from './tx-book.ts';
import type { OwnAmount, TxRecord } from './tx-record.ts';
import { displayOutpoint, type Wallet, type WalletCoin } from './wallet.ts';

/** seconds after which a verified state is shown as old */
const STALE_SECONDS = 120;
const HEADER_CHECKS: readonly ProofCheck[] = ['header-chain', 'signature', 'kernel', 'stake-proof', 'bitcoin-header', 'economy'];
const RECENT = 5;
/** blocks, its own included, from which on a payment is more than `in a block` */
const VERIFIED_DEPTH = 2;

export interface ViewSource {
  readonly wallet: Wallet;
  readonly driver: LightDriver;
  readonly now: number;
  /** unix seconds of the last word from a peer */
  readonly checkedAt: number | undefined;
}

const isFresh = ({ driver, now }: ViewSource): boolean => {
  const tip = driver.chain?.tip.header;
  return tip !== undefined && driver.stage !== 'offline' && now - tip.time < STALE_SECONDS + driver.identity.parameters.stallTime;
};

export const proofOfTip = (source: ViewSource, checks: readonly ProofCheck[] = HEADER_CHECKS): ProofView => {
  const { driver } = source;
  const tip = driver.chain?.tip;
  const known = tip !== undefined && tip.header.height > 0;
  const fresh = isFresh(source);
  return {
    stage: !known ? 'claimed' : fresh ? 'verified' : 'stale',
    height: known ? tip.header.height : undefined,
    depth: known ? 1 : 0,
    headerHash: known ? encodeHex(tip.hash) : undefined,
    peers: driver.book.count('agrees'),
    checkedAt: source.checkedAt ?? (known && !fresh ? tip.header.time : undefined),
    checks: known ? checks : [],
    reason: undefined,
  };
};

const COIN_CHECKS: readonly ProofCheck[] = [...HEADER_CHECKS, 'history', 'unspent-complete'];

const sum = (coins: readonly WalletCoin[], state: WalletCoin['state']): bigint =>
  coins.filter((entry) => entry.state === state).reduce((total, entry) => total + entry.coin.amount, 0n);

/** Value in payments under way; credit that they use up is only gone with the block. */
const sumReserved = (coins: readonly WalletCoin[]): bigint =>
  sum(
    coins.filter(({ coin }) => coin.element === 'value'),
    'reserved',
  );

const balanceProof = (source: ViewSource, account: number): ProofView => {
  const height = source.wallet.provedHeight(account);
  const base = proofOfTip(source, COIN_CHECKS);
  if (source.driver.disputes.size > 0) return { ...base, stage: 'refused', checks: [], reason: 'undecided' };
  if (height !== undefined) return { ...base, height };
  return { ...base, stage: base.stage === 'stale' ? 'stale' : 'claimed', height: undefined, checks: [] };
};

const belongs = (wallet: Wallet, script: string, account: number): boolean => wallet.addresses.ofScriptText(script)?.account === account;

const sumFor = (wallet: Wallet, entries: readonly OwnAmount[], account: number, element: Element = 'value'): bigint =>
  entries
    .filter((entry) => entry.element === element && belongs(wallet, entry.script, account))
    .reduce((total, entry) => total + entry.amount, 0n);

/** What comes to one account in transactions that are in no block: from others, and as change of its own payments. */
const underWayTo = ({ wallet }: ViewSource, account: number): Pick<BalanceView, 'incoming' | 'returning'> => {
  const waiting = [...wallet.transactions.records.values()].filter((record) => !wallet.inBlock(record) && record.refused === undefined);
  const { own = [], foreign = [] } = Object.groupBy(waiting, ({ inputs }) =>
    inputs.some(({ script }) => belongs(wallet, script, account)) ? 'own' : 'foreign',
  );
  const receivedBy = (records: readonly TxRecord[]): bigint =>
    records.reduce((total, { received }) => total + sumFor(wallet, received, account), 0n);
  return { incoming: receivedBy(foreign), returning: receivedBy(own) };
};

export const viewBalance = (source: ViewSource, account: number): BalanceView => {
  const coins = source.wallet.coins(account);
  return {
    spendable: sum(coins, 'spendable'),
    ...underWayTo(source, account),
    outgoing: sumReserved(coins),
    maturing: sum(coins, 'maturing'),
    locked: sum(coins, 'locked'),
    frozen: sum(coins, 'frozen'),
    credit: sum(coins, 'credit'),
    debt: sum(coins, 'debt'),
    proof: balanceProof(source, account),
  };
};

/** The address shown for receiving: the last one given out while unused, else the next. */
export const viewReceive = ({ wallet }: ViewSource, account: number): AddressView => {
  const next = wallet.addresses.nextIndex(account, 0) ?? 0;
  const last = next > 0 ? wallet.addresses.at(account, 0, next - 1) : undefined;
  const shown = last !== undefined && !wallet.addresses.isUsed(encodeHex(last.owner.tag)) ? last : wallet.addresses.at(account, 0, next);
  const script = shown?.owner.script ?? new Uint8Array();
  return { address: wallet.addressOf(script) ?? '', account, index: shown?.index ?? 0, used: false };
};

const recordProof = (source: ViewSource, record: TxRecord): ProofView => {
  const { driver, wallet } = source;
  const peers = driver.book.count('agrees');
  const none = { height: undefined, depth: 0, headerHash: undefined, peers, checkedAt: source.checkedAt, checks: [], reason: undefined };
  if (record.block === undefined || !wallet.inBlock(record))
    return record.refused === undefined ? { ...none, stage: 'claimed' } : { ...none, stage: 'refused', reason: record.refused.code };
  const depth = wallet.tipHeight - record.block.height + 1;
  const checks: ProofCheck[] = [...HEADER_CHECKS, record.block.by === 'state' ? 'unspent-complete' : 'inclusion', 'history'];
  const stage = depth < VERIFIED_DEPTH ? 'in-block' : isFresh(source) ? 'verified' : 'stale';
  return { ...none, stage, height: record.block.height, depth, headerHash: record.block.hash, checks };
};

/** Value less debt: what the value rule adds up. @source spec 01, amount rules */
const netValue = (entries: readonly { readonly element: Element; readonly amount: bigint }[]): bigint =>
  entries.reduce((total, { element, amount }) => (element === 'value' ? total + amount : element === 'debt' ? total - amount : total), 0n);

const feeOf = (wallet: Wallet, record: TxRecord): bigint | undefined => {
  const transaction = wallet.transactions.transactionOf(record);
  if (transaction === undefined || record.inputs.length !== transaction.inputs.length) return undefined;
  return netValue(record.inputs) - netValue(transaction.outputs);
};

const payeeOf = (wallet: Wallet, record: TxRecord): string | undefined => {
  const outputs = wallet.transactions.transactionOf(record)?.outputs ?? [];
  const foreign = outputs.find((output) => wallet.addresses.ofScript(output.script) === undefined);
  return foreign === undefined ? undefined : wallet.addressOf(foreign.script);
};

/** @shape sums: of one element, what is taken from us and what is given to us @source SPEC CW46 */
const kindOf = (sums: (element: Element) => readonly [bigint, bigint]): ActivityView['kind'] => {
  const [paid, owed] = sums('debt');
  if (owed > 0n) return paid > 0n ? 'roll' : 'draw';
  if (paid > 0n) return 'repay';
  const [used, granted] = sums('credit');
  return granted > used ? 'grant' : 'payment';
};

export const viewActivity = (source: ViewSource, record: TxRecord, account: number): ActivityView => {
  const { wallet } = source;
  const spent = sumFor(wallet, record.inputs, account);
  const received = sumFor(wallet, record.received, account);
  const payee = spent > 0n ? payeeOf(wallet, record) : undefined;
  const { final } = wallet.parameters;
  const change = received - spent;
  const sums = (element: Element) =>
    [sumFor(wallet, record.inputs, account, element), sumFor(wallet, record.received, account, element)] as const;
  const kind = kindOf(sums);
  const [creditUsed, creditGranted] = sums('credit');
  return {
    txid: record.txid,
    account,
    kind,
    direction: spent === 0n ? 'in' : payee === undefined ? 'self' : 'out',
    change,
    creditChange: creditGranted - creditUsed,
    fee: spent > 0n || kind === 'draw' || kind === 'roll' ? feeOf(wallet, record) : undefined,
    time: record.block?.time ?? record.firstSeen,
    counterparty: payee,
    contact: payee === undefined ? undefined : wallet.label('addr', payee),
    label: wallet.label('tx', record.txid),
    proof: recordProof(source, record),
    finalDepth: (change < 0n ? -change : change) > final.above ? final.large : final.small,
  };
};

const touches = (wallet: Wallet, record: TxRecord, account: number): boolean =>
  record.received.some(({ script }) => belongs(wallet, script, account)) ||
  record.inputs.some(({ script }) => belongs(wallet, script, account));

/** Newest first. */
export const accountRecords = ({ wallet }: ViewSource, account: number): readonly TxRecord[] =>
  [...wallet.transactions.records.values()]
    .filter((record) => touches(wallet, record, account))
    .sort((a, b) => (b.block?.time ?? b.firstSeen) - (a.block?.time ?? a.firstSeen));

export const viewAccount = (source: ViewSource, account: number): AccountView => {
  const records = accountRecords(source, account);
  return {
    account,
    name: source.wallet.addresses.list().find((entry) => entry.account === account)?.name ?? '',
    balance: viewBalance(source, account),
    receive: viewReceive(source, account),
    activityCount: records.length,
    recent: records.slice(0, RECENT).map((record) => viewActivity(source, record, account)),
  };
};

export const viewCoin = (source: ViewSource, entry: WalletCoin): CoinView => {
  const outpoint = displayOutpoint(entry.coin);
  const proof = balanceProof(source, entry.account);
  return {
    outpoint,
    amount: entry.coin.amount,
    address: source.wallet.addressOf(entry.coin.script) ?? '',
    label: source.wallet.label('output', outpoint),
    spendable: entry.state === 'spendable',
    proof: { ...proof, height: entry.provedAt, depth: source.wallet.tipHeight - entry.coin.height + 1 },
  };
};

/** @source SPEC CW45 */
export const viewDebts = (source: ViewSource, account: number): readonly DebtView[] => {
  const { driver, wallet, now } = source;
  const { chain } = driver;
  if (chain === undefined) return [];
  return wallet
    .coins(account)
    .filter(({ state }) => state === 'debt')
    .map(({ coin, tag, provedAt }) => ({
      outpoint: displayOutpoint(coin),
      amount: coin.amount,
      account,
      address: wallet.addressOf(wallet.addresses.find(tag)?.owner.script ?? new Uint8Array()) ?? '',
      ...describeDebt(coin, chain, now),
      proof: { ...balanceProof(source, account), height: provedAt, depth: wallet.tipHeight - coin.height + 1 },
    }))
    .sort((a, b) => (a.due?.time ?? Number.POSITIVE_INFINITY) - (b.due?.time ?? Number.POSITIVE_INFINITY));
};

const viewStages = (source: ViewSource, record: TxRecord, activity: ActivityView): readonly PaymentStage[] => {
  const { wallet } = source;
  const block = wallet.inBlock(record) ? record.block : undefined;
  const depth = activity.proof.depth;
  const stage = (name: PaymentStage['name'], time: number | undefined, height?: number): PaymentStage => ({ name, time, height });
  const own = record.signed === undefined ? [] : [stage('signed', record.signed), stage('relayed', record.relayed)];
  if (record.refused !== undefined && block === undefined) return [...own, stage('refused', record.refused.time)];
  return [
    ...own,
    stage('claimed', record.claimed ?? block?.time),
    stage('in-block', block?.time, block?.height),
    stage('verified', block !== undefined && depth >= VERIFIED_DEPTH ? block.time : undefined, block?.height),
    stage('final', block !== undefined && depth >= Math.max(VERIFIED_DEPTH, activity.finalDepth) ? block.time : undefined, block?.height),
  ];
};

const viewOutput = (wallet: Wallet, output: Pick<TransactionOutput, 'element' | 'amount' | 'script'>): PaymentView['outputs'][number] => {
  const { element, amount, script } = output;
  const own = wallet.ownScriptOf(output);
  return { address: wallet.addressOf(own ?? script), amount, element, own: own !== undefined };
};

const viewOwnAmount = (wallet: Wallet, { element, amount, script }: OwnAmount): PaymentView['outputs'][number] => ({
  address: wallet.addressOf(scriptBytes(script)),
  amount,
  element,
  own: true,
});

export const viewPayment = (source: ViewSource, record: TxRecord): PaymentView => {
  const { wallet } = source;
  const first = [...record.inputs, ...record.received].map((entry) => wallet.addresses.ofScriptText(entry.script)?.account);
  const activity = viewActivity(source, record, first.find((account) => account !== undefined) ?? 0);
  const transaction = wallet.transactions.transactionOf(record);
  const inputs = (transaction?.inputs ?? []).map(({ outpoint }) => {
    const own = record.inputs.find((input) => input.outpoint === outpointKey(outpoint));
    return {
      outpoint: `${encodeReversedHex(outpoint.txid)}:${outpoint.index}`,
      address: own === undefined ? undefined : wallet.addressOf(scriptBytes(own.script)),
      amount: own?.amount,
      element: own?.element ?? 'value',
      own: own !== undefined,
    };
  });
  const outputs =
    transaction?.outputs.map((output) => viewOutput(wallet, output)) ?? record.received.map((entry) => viewOwnAmount(wallet, entry));
  const bytes = record.bytes === undefined ? '' : encodeHex(record.bytes);
  return { ...activity, inputs, outputs, stages: viewStages(source, record, activity), bytes };
};

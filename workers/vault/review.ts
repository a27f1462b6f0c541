import { equalBytes } from '#protocol/codec/bytes';
import { encodeReversedHex } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { type Fault, fault, isFault } from '#protocol/fault';
import type { Parameters } from '#protocol/params/parameters';
import { encodeAddress } from '#protocol/script/address';
import { matchDebtScript } from '#protocol/script/forms/debt';
import { buildPayToKeyHash } from '#protocol/script/forms/pay-to-key';
import { checkTransactionForm } from '#protocol/tx/form';
import { CIRCULATION } from '#protocol/tx/layer';
import type { Transaction, TransactionOutput } from '#protocol/tx/transaction';
import { decodeTransaction } from '#protocol/tx/transaction-codec';
import { TRANSFER } from '#protocol/tx/transaction-type';
import type { ReviewOutput, ReviewView } from '../rpc/vault-calls.ts';
import type { ChainForVault, ProvedCoin } from '../rpc/vault-chain-port.ts';
import { checkFrozen, coinOf, type DebtEffect, readDebts } from './review-debt.ts';
import type { Secrets } from './secrets.ts';
import { computeSignedSize } from './signed-size.ts';

const HIGH_FEE = 10_000_000n;
const FEE_SHARE = 10n;

/** A transaction as read from its bytes, with the proved coins that it spends. */
export interface Reviewed {
  readonly view: Omit<ReviewView, 'id'>;
  readonly transaction: Transaction;
  readonly coins: readonly ProvedCoin[];
}

export interface ReviewContext {
  readonly secrets: Secrets;
  readonly chain: ChainForVault;
  readonly parameters: Parameters;
  readonly askAbove: bigint;
}

const nameOutpoint = ({ outpoint }: Transaction['inputs'][number]): string => `${encodeReversedHex(outpoint.txid)}:${outpoint.index}`;

const decodePayment = (bytes: Uint8Array): Transaction | Fault => {
  const transaction = decodeTransaction(bytes);
  if ('fault' in transaction) return fault('not-a-transaction', { reason: transaction.fault });
  const form = checkTransactionForm(transaction);
  if (form !== undefined) return form;
  const known = transaction.layer === CIRCULATION && transaction.type === TRANSFER;
  return known ? transaction : fault('not-yet-supported', { layer: transaction.layer, type: transaction.type });
};

const resolveCoins = async (transaction: Transaction, { chain, secrets }: ReviewContext): Promise<ProvedCoin[] | Fault> => {
  const names = transaction.inputs.map(nameOutpoint);
  const found = await chain.coinsOf(names);
  const coins: ProvedCoin[] = [];
  for (const [index, coin] of found.entries()) {
    if (coin === undefined || coin.outpoint !== names[index] || !coin.spendable) return fault('input-not-proved', { input: index });
    const own = secrets.scriptAt(coin);
    const debtor = coin.element === 'debt' ? matchDebtScript(coin.script)?.tag : undefined;
    if (!equalBytes(own, debtor === undefined ? coin.script : buildPayToKeyHash(debtor))) return fault('input-not-ours', { input: index });
    coins.push(coin);
  }
  const [first] = coins;
  return coins.every(({ account }) => account === first?.account) ? coins : fault('several-accounts');
};

/** An output is our own only when its script is derived again here from the place the chain worker names. */
const readOutputs = async (
  outputs: readonly TransactionOutput[],
  { chain, secrets, parameters }: ReviewContext,
): Promise<(ReviewOutput & { readonly change: boolean })[]> => {
  const places = await chain.placesOf(outputs.map(({ script }) => script));
  const realNames = await Promise.all(outputs.map(({ script }) => chain.realNameOf(script)));
  return outputs.map(({ element, amount, script }, i) => {
    const place = places[i];
    const own = place !== undefined && equalBytes(secrets.scriptAt(place), script);
    const address = encodeAddress(script, parameters.addressPrefix);
    return { address, amount, element, own, realName: realNames[i], change: own && place.change === 1 };
  });
};

const withoutChange = ({ address, amount, element, own, realName }: ReviewOutput): ReviewOutput => ({
  address,
  amount,
  element,
  own,
  realName,
});

const sum = (items: readonly { readonly amount: bigint }[]): bigint => items.reduce((total, { amount }) => total + amount, 0n);

const collectWarnings = async (
  recipients: readonly ReviewOutput[],
  { moved, fee }: { readonly moved: bigint; readonly fee: bigint },
  chain: ChainForVault,
): Promise<string[]> => {
  const warnings: string[] = [];
  if (fee > HIGH_FEE) warnings.push('fee-high');
  if (fee * FEE_SHARE > moved) warnings.push('fee-share');
  for (const { address, own } of recipients) {
    if (address === undefined || own) continue;
    if ((await chain.lookAlike(address)) !== undefined) warnings.push('address-look-alike');
    else if (!(await chain.isPastPayee(address))) warnings.push('new-recipient');
  }
  return [...new Set(warnings)];
};

/**
 * Reads what the bytes would do: recipients, change, fee, before and after, all from the bytes and proved coins.
 *
 * @fault `not-a-transaction`; `not-yet-supported`; `input-not-proved`; `input-not-ours`; `several-accounts`; `value-created`;
 * `many-recipients`: nothing is paid to anybody; those of `readDebts` and `checkFrozen`
 * @source SPEC VT6, VT11
 */
export const reviewTransaction = async (bytes: Uint8Array, context: ReviewContext): Promise<Reviewed | Fault> => {
  const transaction = decodePayment(bytes);
  if ('fault' in transaction) return transaction;
  const coins = await resolveCoins(transaction, context);
  if ('fault' in coins) return coins;
  const outputs = await readOutputs(transaction.outputs, context);
  const effect = await readEffect(transaction, coins, context);
  if (isFault(effect)) return effect;
  const { fee, owed, repaid, creditUsed } = effect;
  const frozen = checkFrozen(
    transaction,
    { coins: coins.map(coinOf), frozen: coins.filter((coin) => coin.frozen).map(coinOf), fee },
    context.parameters,
  );
  if (isFault(frozen)) return frozen;
  const values = outputs.filter(({ element }) => element === 'value');
  const recipients = values.filter(({ change }) => !change);
  const leaving = sum(recipients.filter(({ own }) => !own));
  const gained = sum(values.filter(({ own }) => own)) - sum(coins.filter(({ element }) => element === 'value'));
  const account = coins[0]?.account ?? 0;
  const before = await context.chain.spendableValue(account);
  const sent = sum(recipients);
  const warnings = await collectWarnings(recipients, { moved: sent + sum(owed) + sum(repaid), fee }, context.chain);
  const view = {
    network: context.parameters.name,
    layer: transaction.layer,
    type: transaction.type,
    account,
    inputs: coins.map((coin) => ({
      outpoint: coin.outpoint,
      amount: coin.amount,
      address: encodeAddress(coin.script, context.parameters.addressPrefix) ?? '',
      provedAt: coin.provedAt,
    })),
    recipients: recipients.map(withoutChange),
    change: values.filter(({ change }) => change).map(withoutChange),
    sent,
    fee,
    feeRate: ceilDivide(fee, BigInt(computeSignedSize(transaction))),
    before,
    after: before + gained,
    debtChange: sum(owed) - sum(repaid),
    owed,
    repaid,
    creditUsed,
    needsPassword: leaving + fee + sum(owed) + sum(repaid) > context.askAbove || warnings.some((warning) => warning.startsWith('fee-')),
    warnings,
    bytes: encodeHex(bytes),
  };
  return { view, transaction, coins };
};

/** Plain payments may go to any script; what touches credit or debt is read by the ledger's own rules. */
const readEffect = async (
  transaction: Transaction,
  coins: readonly ProvedCoin[],
  { chain, secrets, parameters }: ReviewContext,
): Promise<DebtEffect | Fault> => {
  if ([...coins, ...transaction.outputs].every(({ element }) => element === 'value')) {
    const [spent, made] = [sum(coins), sum(transaction.outputs)];
    if (made > spent) return fault('value-created', { valueIn: spent, valueOut: made });
    return { fee: spent - made, owed: [], repaid: [], creditUsed: 0n };
  }
  const tags = transaction.outputs.flatMap(({ element, script }) => (element === 'debt' ? (matchDebtScript(script)?.tag ?? []) : []));
  const places = await chain.placesOf(tags.map((tag) => buildPayToKeyHash(tag)));
  const ours = tags.filter((tag, i) => {
    const place = places[i];
    return place !== undefined && equalBytes(secrets.scriptAt(place), buildPayToKeyHash(tag));
  });
  return readDebts(transaction, coins, (tag) => ours.some((own) => equalBytes(own, tag)), parameters);
};

const ceilDivide = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;

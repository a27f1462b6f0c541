import { equalBytes } from '#protocol/codec/bytes';
import { encodeReversedHex } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { type Fault, fault } from '#protocol/fault';
import type { Parameters } from '#protocol/params/parameters';
import { encodeAddress } from '#protocol/script/address';
import { checkTransactionForm } from '#protocol/tx/form';
import { CIRCULATION } from '#protocol/tx/layer';
import type { Transaction, TransactionOutput } from '#protocol/tx/transaction';
import { decodeTransaction } from '#protocol/tx/transaction-codec';
import { TRANSFER } from '#protocol/tx/transaction-type';
import type { ReviewOutput, ReviewView } from '../rpc/vault-calls.ts';
import type { ChainForVault, ProvedCoin } from '../rpc/vault-chain-port.ts';
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
  const plain =
    transaction.layer === CIRCULATION && transaction.type === TRANSFER && transaction.outputs.every(({ element }) => element === 'value');
  return plain ? transaction : fault('not-yet-supported', { layer: transaction.layer, type: transaction.type });
};

const resolveCoins = async (transaction: Transaction, { chain, secrets }: ReviewContext): Promise<ProvedCoin[] | Fault> => {
  const names = transaction.inputs.map(nameOutpoint);
  const found = await chain.coinsOf(names);
  const coins: ProvedCoin[] = [];
  for (const [index, coin] of found.entries()) {
    if (coin === undefined || coin.outpoint !== names[index] || !coin.spendable) return fault('input-not-proved', { input: index });
    if (!equalBytes(secrets.scriptAt(coin), coin.script)) return fault('input-not-ours', { input: index });
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

const collectWarnings = async (recipients: readonly ReviewOutput[], sent: bigint, fee: bigint, chain: ChainForVault): Promise<string[]> => {
  const warnings: string[] = [];
  if (fee > HIGH_FEE) warnings.push('fee-high');
  if (fee * FEE_SHARE > sent) warnings.push('fee-share');
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
 * `many-recipients`: nothing is paid to anybody
 * @source SPEC VT6
 */
export const reviewTransaction = async (bytes: Uint8Array, context: ReviewContext): Promise<Reviewed | Fault> => {
  const transaction = decodePayment(bytes);
  if ('fault' in transaction) return transaction;
  const coins = await resolveCoins(transaction, context);
  if ('fault' in coins) return coins;
  const outputs = await readOutputs(transaction.outputs, context);
  const [spent, made] = [sum(coins), sum(outputs)];
  if (made > spent) return fault('value-created', { valueIn: spent, valueOut: made });
  const recipients = outputs.filter(({ change }) => !change);
  const leaving = sum(recipients.filter(({ own }) => !own));
  const fee = spent - made;
  const account = coins[0]?.account ?? 0;
  const before = await context.chain.spendableValue(account);
  const sent = sum(recipients);
  const warnings = await collectWarnings(recipients, sent, fee, context.chain);
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
    change: outputs.filter(({ change }) => change).map(withoutChange),
    sent,
    fee,
    feeRate: ceilDivide(fee, BigInt(computeSignedSize(transaction))),
    before,
    after: before - leaving - fee,
    debtChange: 0n,
    needsPassword: leaving + fee > context.askAbove || warnings.some((warning) => warning.startsWith('fee-')),
    warnings,
    bytes: encodeHex(bytes),
  };
  return { view, transaction, coins };
};

const ceilDivide = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;

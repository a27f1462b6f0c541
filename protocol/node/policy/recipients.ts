import { decodeHex, encodeHex } from '#protocol/codec/hex';
import { isFault } from '#protocol/fault';
import type { Coin } from '#protocol/ledger/coin';
import type { LedgerView } from '#protocol/ledger/ledger-view';
import { decodeAgent, decodeSuspension } from '#protocol/records/agent';
import { decodeChild } from '#protocol/records/child';
import { AGENT_TABLE, CHILD_TABLE, SUSPENSION_TABLE } from '#protocol/records/tables';
import { matchDebtScript } from '#protocol/script/forms/debt';
import type { StakeLimits } from '#protocol/script/forms/stake';
import { computeOwnerTag } from '#protocol/script/owner-tag';
import type { Outpoint } from '#protocol/tx/outpoint';
import type { Transaction } from '#protocol/tx/transaction';
import type { Grant } from '../chain/grants-of.ts';
import type { Recipient } from './credit-policies.ts';

type FindRecord = LedgerView['findRecord'];

/** A record that cannot be read is held against whom it names. */
const isSuspendedUnder = (key: Uint8Array, findRecord: FindRecord): boolean => {
  const record = findRecord(SUSPENSION_TABLE, key);
  const read = record && decodeSuspension(record.value);
  return read !== undefined && (isFault(read) || read.suspended);
};

/** A tag is suspended by itself, or with the account that it is attributed to. @source SPEC MP8 */
const isSuspended = (tag: Uint8Array, findRecord: FindRecord): boolean => {
  if (isSuspendedUnder(tag, findRecord)) return true;
  const record = findRecord(CHILD_TABLE, tag);
  const child = record && decodeChild(record.value);
  return child !== undefined && !isFault(child) && isSuspendedUnder(child.account, findRecord);
};

const quotaOf = (tag: Uint8Array, findRecord: FindRecord): bigint | undefined => {
  const record = findRecord(AGENT_TABLE, tag);
  const agent = record && decodeAgent(record.value);
  if (agent === undefined) return undefined;
  return isFault(agent) ? 0n : agent.quota;
};

const totalTo = (tag: string, grants: readonly Grant[]): bigint =>
  grants.reduce((sum, grant) => (grant.tag === tag ? sum + grant.amount : sum), 0n);

/** Who is granted credit, each once. @shape before: what the period has, and the block to come */
export const recipientsOf = (grants: readonly Grant[], before: readonly Grant[], findRecord: FindRecord): readonly Recipient[] =>
  [...new Set(grants.map(({ tag }) => tag))].map((hex) => {
    const tag = decodeHex(hex) as Uint8Array;
    return {
      amount: totalTo(hex, grants),
      granted: totalTo(hex, before),
      quota: quotaOf(tag, findRecord),
      suspended: isSuspended(tag, findRecord),
    };
  });

interface Coins {
  readonly findCoin: (outpoint: Outpoint) => Coin | undefined;
  readonly findRecord: FindRecord;
  readonly limits: StakeLimits;
}

const sumDebt = (items: readonly { readonly element: string; readonly amount: bigint }[]): bigint =>
  items.reduce((sum, { element, amount }) => (element === 'debt' ? sum + amount : sum), 0n);

/** Who draws: whose credit makes new debt, and in whose name it is; nobody where a transaction makes no more debt than it spends. */
export const drawersOf = ({ layer, inputs, outputs }: Transaction, { findCoin, findRecord, limits }: Coins): readonly Recipient[] => {
  const coins = inputs.flatMap(({ outpoint }) => findCoin(outpoint) ?? []);
  if (sumDebt(outputs) <= sumDebt(coins.filter((coin) => coin.layer === layer))) return [];
  const lenders = coins.filter(({ element }) => element === 'credit').map((coin) => computeOwnerTag(coin, limits));
  const debtors = outputs.flatMap(({ element, script }) => (element === 'debt' ? (matchDebtScript(script)?.tag ?? []) : []));
  const tags = new Map([...lenders, ...debtors].map((tag) => [encodeHex(tag), tag]));
  return [...tags.values()].map((tag) => ({ amount: 0n, granted: 0n, quota: undefined, suspended: isSuspended(tag, findRecord) }));
};

import { encodeHex } from '../../codec/hex.ts';
import type { Parameters } from '../../params/parameters.ts';
import { computeTxid } from '../../tx/identity.ts';
import { outpointKey } from '../../tx/outpoint.ts';
import type { Transaction } from '../../tx/transaction.ts';
import type { TransactionType } from '../../tx/transaction-type.ts';
import { type Hex, isData, type NaiveOutput, readDebt } from './test-naive-forms.ts';

export interface NaiveCoin extends NaiveOutput {
  readonly at: string;
  readonly type: TransactionType;
  readonly height: number;
  readonly median: number;
}

export interface NaiveRecord {
  readonly table: Hex;
  readonly key: Hex;
  readonly value: Hex;
  /** the outpoint's text; empty: none */
  readonly seat: string;
  readonly height: number;
}

export interface NaiveStake {
  readonly amount: bigint;
  readonly key: Hex;
  readonly share: number;
  readonly owner: Hex;
  readonly eligible: number;
  readonly registered: number;
  readonly creditFrom: number;
}

/** Everything after a block: nothing is indexed, nothing is shared with the block before. */
export interface NaiveState {
  readonly height: number;
  readonly times: readonly number[];
  readonly coins: Map<string, NaiveCoin>;
  readonly records: Map<string, NaiveRecord>;
  readonly stakes: Map<string, NaiveStake>;
  readonly fees: bigint;
  /** of this block, as its parent's state has it */
  readonly maker: NaiveStake | undefined;
}

/** What a transaction finds at its place in a block. @unit median: unix seconds, of the block's parent */
export interface NaiveView {
  readonly parameters: Parameters;
  readonly height: number;
  readonly median: number;
  readonly coins: Map<string, NaiveCoin>;
  readonly records: Map<string, NaiveRecord>;
  /** the block's parent: whom it freezes is frozen for the whole block */
  readonly parent: Pick<NaiveState, 'height' | 'coins' | 'records'>;
}

export const recordName = (table: Hex, key: Hex): string => `${table}:${key}`;

export const TABLES = {
  group: '67726f7570',
  realname: '7265616c6e616d65',
  agent: '6167656e74',
  suspension: '73757370656e73696f6e',
  child: '6368696c64',
  anchor: '616e63686f72',
} as const;
export const ADMISSION: Hex = '61646d697373696f6e';

/** Of the last eleven headers, the upper middle. */
export const medianOf = (times: readonly number[]): number => {
  const last = times.slice(-11).sort((a, b) => a - b);
  return last[Math.floor(last.length / 2)] as number;
};

export const membersOf = (records: Map<string, NaiveRecord>): readonly Hex[] =>
  records.get(recordName(TABLES.group, ADMISSION))?.value.match(/.{66}/g) ?? [];

/** Whether an input of the next block would meet a standard debt's term. */
export const isOverdue = (coin: NaiveCoin, height: number, median: number): boolean => {
  const term = coin.element === 'debt' ? readDebt(coin.script)?.term : undefined;
  if (term === undefined) return false;
  if ('blocks' in term) return height + 1 - coin.height >= term.blocks;
  if ('intervals' in term) return median - coin.median >= 512 * term.intervals;
  return term.expiry < 500_000_000 ? term.expiry < height + 1 : term.expiry < median;
};

/** Who answers for a tag: the account that a record attributes it to, or itself. */
export const holderOf = (tag: Hex, records: Map<string, NaiveRecord>): string => {
  const child = records.get(recordName(TABLES.child, tag));
  return child === undefined ? `tag:${tag}` : `account:${child.value.slice(0, 40)}`;
};

/** The frozen holder of a tag, found by looking at every coin there is. */
export const frozenHolder = (tag: Hex, { parent, median }: Pick<NaiveView, 'parent' | 'median'>): string | undefined => {
  const holder = holderOf(tag, parent.records);
  const owes = [...parent.coins.values()].some(
    (coin) => isOverdue(coin, parent.height, median) && holderOf(readDebt(coin.script)?.tag ?? '', parent.records) === holder,
  );
  return owes ? holder : undefined;
};

export const coinsMade = (tx: Transaction, height: number, median: number): NaiveCoin[] => {
  const txid = computeTxid(tx);
  return tx.outputs.flatMap(({ element, amount, script }, index) => {
    const output = { element, amount, script: encodeHex(script), layer: tx.layer };
    return isData(output) ? [] : [{ ...output, at: outpointKey({ txid, index }), type: tx.type, height, median }];
  });
};

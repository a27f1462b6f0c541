import { decodeHex, encodeHex } from '#protocol/codec/hex';
import { isFault } from '#protocol/fault';
import type { Element } from '#protocol/tx/element';

/** What a transaction gives to or takes from one of our addresses. */
export interface OwnAmount {
  readonly element: Element;
  readonly amount: bigint;
  /** hexadecimal script of the address; of a debt: of the address that answers for it */
  readonly script: string;
}

/** An input of ours in a transaction: what it was worth, so that fee and effect stay known when the coin is gone. */
export interface OwnInput extends OwnAmount {
  /** key of the outpoint */
  readonly outpoint: string;
}

/** The block a transaction is in; it holds as long as that block is of the best chain. */
export interface RecordBlock {
  /** hexadecimal; undefined: deeper than the headers held */
  readonly hash: string | undefined;
  /** what says so: a verified body or branch, or a coin of it in the proved state */
  readonly by: 'inclusion' | 'state';
  readonly height: number;
  /** unix seconds */
  readonly time: number;
}

/** @unit times: unix seconds */
export interface TxRecord {
  /** as people see it: bytes reversed */
  readonly txid: string;
  /** undefined: only some of its outputs are known, from the state */
  readonly bytes: Uint8Array | undefined;
  readonly received: readonly OwnAmount[];
  readonly inputs: readonly OwnInput[];
  readonly firstSeen: number;
  readonly signed: number | undefined;
  readonly relayed: number | undefined;
  readonly claimed: number | undefined;
  readonly block: RecordBlock | undefined;
  readonly refused: { readonly code: string; readonly time: number } | undefined;
}

const toJson = (record: TxRecord): unknown => ({
  ...record,
  bytes: record.bytes === undefined ? undefined : encodeHex(record.bytes),
  received: record.received.map((entry) => ({ ...entry, amount: entry.amount.toString() })),
  inputs: record.inputs.map((entry) => ({ ...entry, amount: entry.amount.toString() })),
});

export const encodeRecord = (record: TxRecord): Uint8Array => new TextEncoder().encode(JSON.stringify(toJson(record)));

type Loose = { [K in keyof TxRecord]?: unknown };
type LooseEntry = { readonly element?: unknown; readonly amount?: unknown; readonly script?: unknown; readonly outpoint?: unknown };

/** Records of before there was credit have value only. */
const amountOf = ({ element, amount, script }: LooseEntry): OwnAmount => ({
  element: element === 'credit' || element === 'debt' ? element : 'value',
  amount: BigInt(String(amount)),
  script: String(script),
});

const entriesOf = (value: unknown): readonly LooseEntry[] => (Array.isArray(value) ? value : []);

const numberOr = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** A record that this client wrote; one that cannot be read is left out, and the chain tells of it again. */
export const decodeRecord = (data: Uint8Array): TxRecord | undefined => {
  try {
    const loose = JSON.parse(new TextDecoder().decode(data)) as Loose;
    const bytes = typeof loose.bytes === 'string' ? decodeHex(loose.bytes) : undefined;
    if (typeof loose.txid !== 'string' || isFault(bytes)) return undefined;
    return {
      txid: loose.txid,
      bytes,
      received: entriesOf(loose.received).map(amountOf),
      inputs: entriesOf(loose.inputs).map((entry) => ({ outpoint: String(entry.outpoint), ...amountOf(entry) })),
      firstSeen: numberOr(loose.firstSeen) ?? 0,
      signed: numberOr(loose.signed),
      relayed: numberOr(loose.relayed),
      claimed: numberOr(loose.claimed),
      block: loose.block as RecordBlock | undefined,
      refused: loose.refused as TxRecord['refused'],
    };
  } catch {
    return undefined;
  }
};

import type { OutputOwner } from '#protocol/draft/describe-output';
import type { ReviewDebt } from './vault-calls.ts';

/** As in the script, a debtor with when the debt is due, members with which of their keys are ours. */
export type DraftOwner =
  | Exclude<OutputOwner, { readonly kind: 'debtor' | 'members' }>
  | { readonly kind: 'members'; readonly threshold: number; readonly keys: readonly string[]; readonly own: readonly string[] }
  | { readonly kind: 'debtor'; readonly address: string; readonly due: ReviewDebt['due'] };
/** @shape table, key: hexadecimal, or text in the group's table; facts: what its value says, by name */
export interface DraftRecord {
  readonly table: string;
  readonly key: string;
  readonly facts: Readonly<Record<string, string | boolean | readonly string[]>>;
}

/** What goes into or comes out of a draft. @unit amount: base units */
export interface DraftPart {
  readonly element: 'value' | 'credit' | 'debt';
  readonly amount: bigint;
  readonly owner: DraftOwner;
  /** an address of ours, derived again by the vault */
  readonly own: boolean;
  /** value above the circulation layer, which never comes back down */
  readonly locked: boolean;
}

export interface DraftInput extends DraftPart {
  /** a reference reads a coin and leaves it where it is */
  readonly use: 'spend' | 'reference';
  /** height of the state that shows the coin unspent; undefined: made by a transaction that comes before this one */
  readonly provedAt: number | undefined;
}

/** Signatures that an input still asks for. @shape by: who may give them, hexadecimal keys or one address */
export interface DraftMissing {
  readonly input: number;
  readonly count: number;
  readonly by: readonly string[];
  /** whether a key of ours is among them */
  readonly own: boolean;
}

export type DraftKind = 'grant' | 'draw' | 'repay' | 'roll' | 'record' | 'management' | 'transfer';

/**
 * What the vault worker read in a draft that several people sign, with coins proved by the chain worker.
 *
 * @unit amounts: base units; changes: of this wallet, negative: leaves it
 */
export interface DraftView {
  readonly id: number;
  readonly txid: string;
  readonly kind: DraftKind;
  readonly network: string;
  readonly layer: 0 | 1 | 2;
  readonly type: number;
  readonly fee: bigint;
  readonly inputs: readonly DraftInput[];
  readonly outputs: readonly DraftPart[];
  readonly record: DraftRecord | undefined;
  readonly valueChange: bigint;
  readonly creditChange: bigint;
  readonly debtChange: bigint;
  /** keys that have signed */
  readonly signed: number;
  readonly missing: readonly DraftMissing[];
  /** transactions that have to be in a block before it */
  readonly before: number;
  /** money of ours in it stands in a name that owes: held back until the debt is overdue, what was signed can be seized */
  readonly owing: boolean;
  /** the draft as it goes on to the next signer */
  readonly text: string;
}

/** A public key of this wallet that others may name, and its address. @shape publicKey: hexadecimal, compressed */
export interface SigningKeyView {
  readonly publicKey: string;
  readonly address: string;
}

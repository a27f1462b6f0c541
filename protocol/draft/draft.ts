import { sourceScriptOf } from '../admission/check-sources.ts';
import type { GroupMembers } from '../admission/group.ts';
import { equalBytes } from '../codec/bytes.ts';
import { type Fault, fault } from '../fault.ts';
import { isSource } from '../ledger/check-layer-type.ts';
import type { Coin } from '../ledger/coin.ts';
import type { RecordClaim } from '../records/record-claim.ts';
import { matchDebtScript } from '../script/forms/debt.ts';
import { buildKeyHashCheck } from '../script/forms/key-check.ts';
import { matchMultisig } from '../script/forms/multisig.ts';
import { matchPayToKey } from '../script/forms/pay-to-key.ts';
import { computeRecordHash, matchRecordCommitment } from '../script/forms/record-commitment.ts';
import type { Transaction } from '../tx/transaction.ts';

/** @shape publicKey: 33 bytes; signature: DER and the byte of SIGHASH_ALL */
export interface DraftSignature {
  readonly input: number;
  readonly publicKey: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * A transaction that several people sign one after the other, with everything a signer has to know of it.
 *
 * @shape transaction: without witnesses; coins: in the order of its inputs; claim: what a spent commitment shows; members:
 * of the group, where a source is spent that may name a former one
 * @source SPEC BD1
 */
export interface Draft {
  readonly transaction: Transaction;
  readonly coins: readonly Coin[];
  readonly claim?: RecordClaim | undefined;
  readonly members?: GroupMembers | undefined;
  readonly signatures: readonly DraftSignature[];
}

/** Whose signatures an input asks for. @shape scriptCode: what they are made over; named: one key that has to sign besides */
export type Ask =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'key'; readonly keyHash: Uint8Array; readonly scriptCode: Uint8Array }
  | {
      readonly kind: 'multisig';
      readonly threshold: number;
      readonly keys: readonly Uint8Array[];
      readonly named: Uint8Array | undefined;
      readonly scriptCode: Uint8Array;
    };

export type AskFault = Fault<'draft-script' | 'draft-claim'>;

const isUnasked = ({ layer, outputs }: Transaction, coin: Coin): boolean => {
  const repaid = coin.element === 'debt' && outputs.every(({ element }) => element !== 'debt');
  return repaid || (coin.layer > layer && coin.element !== 'credit');
};

const askOfCommitment = (script: Uint8Array, claim: RecordClaim | undefined): Ask | AskFault | undefined => {
  const commitment = matchRecordCommitment(script);
  if (commitment === undefined) return undefined;
  const shown = claim && computeRecordHash(claim.table, claim.key, claim.value);
  if (shown === undefined || !equalBytes(shown, commitment.hash)) return fault('draft-claim');
  const { keyCheck } = commitment;
  if (keyCheck.kind === 'key') return { kind: 'key', keyHash: keyCheck.keyHash, scriptCode: script };
  const { threshold, keys } = keyCheck;
  return { kind: 'multisig', threshold, keys, named: keyCheck.kind === 'named-multisig' ? keyCheck.key : undefined, scriptCode: script };
};

const askOfKey = (coin: Coin): Ask | undefined => {
  const keyHash = matchPayToKey(coin.script);
  if (keyHash !== undefined) return { kind: 'key', keyHash, scriptCode: buildKeyHashCheck(keyHash) };
  const tag = coin.element === 'debt' ? matchDebtScript(coin.script)?.tag : undefined;
  return tag && { kind: 'key', keyHash: tag, scriptCode: coin.script };
};

/**
 * What an input of a draft asks of its signers: nothing where a debt is repaid or a seat is read.
 *
 * @fault `draft-script`: a coin whose script drafts do not know; `draft-claim`: the record shown is not the one committed to
 * @source SPEC BD1; spec 01, inputs
 */
export const askOf = ({ transaction, coins, claim, members }: Draft, input: number): Ask | AskFault => {
  const coin = coins[input];
  if (coin === undefined) return fault('draft-script', { input });
  if (isUnasked(transaction, coin)) return { kind: 'nothing' };
  const known = askOfCommitment(coin.script, claim) ?? askOfKey(coin);
  if (known !== undefined) return known;
  const spent = members !== undefined && isSource(coin) && transaction.layer === coin.layer;
  const scriptCode = spent ? sourceScriptOf(coin.script, members) : coin.script;
  const form = matchMultisig(scriptCode);
  return form === undefined ? fault('draft-script', { input }) : { kind: 'multisig', ...form, named: undefined, scriptCode };
};

/** Whether a coin is shown with a record above its signatures. */
export const isClaimed = (coin: Coin): boolean => matchRecordCommitment(coin.script) !== undefined;

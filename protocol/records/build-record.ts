import type { Draft } from '../draft/draft.ts';
import { computeDraftFee } from '../draft/draft-size.ts';
import { type Funding, type FundingFault, makeDraft, outputOf, planExactCoins } from '../draft/fund-draft.ts';
import { type Fault, fault, isFault } from '../fault.ts';
import type { Coin } from '../ledger/coin.ts';
import { buildRecordCommitment, computeRecordHash } from '../script/forms/record-commitment.ts';
import { MANAGEMENT } from '../tx/layer.ts';
import type { TransactionOutput } from '../tx/transaction.ts';
import { RECORD } from '../tx/transaction-type.ts';
import { type RecordClaim, readRecordClaim } from './record-claim.ts';

/**
 * A record and whose signatures write it.
 *
 * @shape keyCheck: a bare key check; seatScript: who may change it next, of a record in an open table
 */
export interface RecordPlan {
  readonly claim: RecordClaim;
  readonly keyCheck: Uint8Array;
  readonly seatScript?: Uint8Array | undefined;
}

/**
 * The three transactions of a record: exact coins, because change would be locked above; the commitment; and, at least
 * `recordDelay` blocks after it, the record.
 */
export interface RecordDrafts {
  readonly funding: Draft;
  readonly commitment: Draft;
  readonly record: Draft;
}

const value = (amount: bigint, script: Uint8Array): TransactionOutput => ({ element: 'value', amount, script });

const draftRecord = (plan: RecordPlan, commitment: Coin, fee: Coin): Draft => {
  const outputs = plan.seatScript === undefined ? [] : [value(0n, plan.seatScript)];
  return makeDraft({ layer: MANAGEMENT, type: RECORD, coins: [commitment, fee], outputs, claim: plan.claim });
};

/**
 * Plans how a key that does not exist yet, or one of a governed table, is written.
 *
 * @shape funding.changeScript: pay to key, whose owner pays for all three
 * @fault `record-size`: table, key or value over its limit; those of `fundDraft`
 * @source SPEC BD9; spec 04, records
 */
export const planRecord = (plan: RecordPlan, funding: Funding): RecordDrafts | FundingFault | Fault<'record-size'> => {
  const { claim, keyCheck } = plan;
  const { changeScript, feeRate } = funding;
  if (isFault(readRecordClaim([claim.table, claim.key, claim.value]))) return fault('record-size', { value: claim.value.length });
  const committed = value(0n, buildRecordCommitment(computeRecordHash(claim.table, claim.key, claim.value), keyCheck));
  const draftCommitment = (fee: Coin): Draft => makeDraft({ layer: MANAGEMENT, coins: [fee], outputs: [committed] });
  const sketch = makeDraft({ coins: [], outputs: [value(1n, changeScript), value(1n, changeScript)] });
  const sketched = draftCommitment(outputOf(sketch, 0));
  const sketchedRecord = draftRecord(plan, outputOf(sketched, 0), outputOf(sketch, 1));
  const paid = planExactCoins([computeDraftFee(sketched, feeRate), computeDraftFee(sketchedRecord, feeRate)], funding);
  if (isFault(paid)) return paid;
  const commitment = draftCommitment(outputOf(paid, 0));
  return { funding: paid, commitment, record: draftRecord(plan, outputOf(commitment, 0), outputOf(paid, 1)) };
};

import { checkGroupChange } from '../admission/check-group-change.ts';
import { checkMajority } from '../admission/check-majority.ts';
import { findMembers } from '../admission/check-sources.ts';
import { decodeGroup } from '../admission/group.ts';
import { type Fault, fault, isFault } from '../fault.ts';
import { isCommitment, isSeatPlace } from '../ledger/check-layer-type.ts';
import type { LedgerView } from '../ledger/ledger-view.ts';
import { type ResolvedInput, type ResolvedTransaction, spendsOf } from '../ledger/resolve.ts';
import type { Parameters } from '../params/parameters.ts';
import { isDataOutput } from '../script/forms/data-output.ts';
import type { KeyCheck } from '../script/forms/key-check.ts';
import { matchRecordCommitment } from '../script/forms/record-commitment.ts';
import { computeTxid } from '../tx/identity.ts';
import { type Outpoint, outpointKey } from '../tx/outpoint.ts';
import type { TransactionOutput } from '../tx/transaction.ts';
import { RECORD } from '../tx/transaction-type.ts';
import { checkAnchor } from './check-anchor.ts';
import { checkChild } from './check-child.ts';
import { checkRealName } from './check-real-name.ts';
import { type RecordClaim, readRecordClaim } from './record-claim.ts';
import type { RecordEntry } from './record-leaf.ts';
import { isOpenTable, nameTable, type TableName } from './tables.ts';

/** What a record transaction does to the records. @shape after: undefined for a removal */
export interface RecordChange {
  readonly table: Uint8Array;
  readonly key: Uint8Array;
  readonly before: RecordEntry | undefined;
  readonly after: RecordEntry | undefined;
}

export interface RecordContext extends Pick<LedgerView, 'findRecord' | 'findSeat'> {
  readonly parameters: Parameters;
  readonly height: number;
}

interface Claimed {
  readonly claim: RecordClaim;
  readonly name: TableName;
  readonly keyCheck: KeyCheck;
  readonly existing: RecordEntry | undefined;
  readonly outputs: readonly TransactionOutput[];
}

const isCommitmentOutput = (output: TransactionOutput): boolean =>
  isDataOutput(output) || (output.element === 'value' && matchRecordCommitment(output.script) !== undefined);

const isSeatOutput = (output: TransactionOutput | undefined): boolean =>
  output !== undefined && output.element === 'value' && !isDataOutput(output);

/** Seats stay where they are but for the record transaction of their own key. @source SPEC RC5 */
const checkSeats = (
  resolved: ResolvedTransaction,
  { findSeat }: RecordContext,
  wanted: Outpoint | undefined,
): undefined | Fault<'seat-spent' | 'seat-missing'> => {
  const spent = spendsOf(resolved).filter(({ coin }) => isSeatPlace(coin) && findSeat(coin.outpoint) !== undefined);
  const key = wanted && outpointKey(wanted);
  const stray = spent.find(({ coin }) => outpointKey(coin.outpoint) !== key);
  if (stray !== undefined) return fault('seat-spent', { input: stray.index });
  return wanted !== undefined && spent.length === 0 ? fault('seat-missing') : undefined;
};

const checkGroup = ({ claim, keyCheck, existing }: Claimed, parameters: Parameters): undefined | Fault => {
  const before = existing && decodeGroup(existing.value, parameters);
  if (before === undefined || isFault(before)) return fault('group-absent');
  const after = decodeGroup(claim.value, parameters);
  return isFault(after) ? after : checkGroupChange(before, after, keyCheck);
};

const checkGoverned = (claimed: Claimed, { parameters, findRecord }: RecordContext): undefined | Fault => {
  const { claim, name, keyCheck, existing } = claimed;
  if (claim.value.length === 0) return fault('record-removal');
  if (name === 'group') return checkGroup(claimed, parameters);
  const early = checkMajority(findMembers({ findRecord }, parameters), keyCheck);
  if (early !== undefined) return early;
  if (name === 'realname') return checkRealName(claim, keyCheck, existing, findRecord);
  return keyCheck.kind === 'multisig' ? undefined : fault('governed-keys');
};

const checkOpen = ({ claim, name, existing, outputs }: Claimed, { findRecord }: RecordContext): undefined | Fault => {
  const removes = claim.value.length === 0;
  if (removes && (existing === undefined || name === 'child')) return fault('record-removal');
  if (!removes && !isSeatOutput(outputs[0])) return fault('record-seat');
  return name === 'child' ? checkChild(claim, existing, findRecord) : checkAnchor(claim, removes ? undefined : outputs[0]?.script);
};

/** A governed table's first output means nothing; a removal leaves no seat. @source SPEC RC6 */
const checkRecordOutputs = ({ claim, name, outputs }: Claimed): undefined | Fault<'record-outputs'> => {
  const seats = isOpenTable(name) && claim.value.length === 0 ? 0 : 1;
  const stray = outputs.findIndex((output, i) => i >= seats && !isCommitmentOutput(output));
  return stray === -1 ? undefined : fault('record-outputs', { output: stray });
};

const readClaimed = (resolved: ResolvedTransaction, input: ResolvedInput, { findRecord }: RecordContext): Claimed | Fault => {
  const { transaction } = resolved;
  const claim = readRecordClaim(transaction.inputs[input.index]?.witness ?? []);
  if (isFault(claim)) return claim;
  const name = nameTable(claim.table);
  const keyCheck = matchRecordCommitment(input.coin.script)?.keyCheck;
  if (name === undefined || keyCheck === undefined) return fault('record-table');
  return { claim, name, keyCheck, existing: findRecord(claim.table, claim.key), outputs: transaction.outputs };
};

const toChange = (resolved: ResolvedTransaction, { claim, name, existing }: Claimed, height: number): RecordChange => {
  const { table, key, value } = claim;
  const seat = isOpenTable(name) ? { txid: computeTxid(resolved.transaction), index: 0 } : undefined;
  const after = value.length === 0 ? undefined : { table, key, value, seat, height };
  return { table, key, before: existing, after };
};

/**
 * The rules of records: what a record transaction writes, and for all others that seats stay.
 *
 * @shape result: the change, undefined of a transaction that is no record
 * @fault `seat-spent`, `seat-missing`; `record-early`: the commitment is younger than `recordDelay`; `record-witness`,
 * `record-size`; `record-table`: neither open nor governed; `record-removal`, `record-seat`, `record-outputs`; and those of
 * group, real names, children and anchors
 * @source SPEC RC3, RC4, RC5, RC6; spec 04, records
 */
export const checkRecord = (resolved: ResolvedTransaction, context: RecordContext): RecordChange | undefined | Fault => {
  const input = resolved.transaction.type === RECORD ? spendsOf(resolved).find(({ coin }) => isCommitment(coin)) : undefined;
  if (input === undefined) return checkSeats(resolved, context, undefined);
  const { recordDelay } = context.parameters;
  const age = context.height - input.coin.height;
  if (age < recordDelay) return fault('record-early', { age, wanted: recordDelay });
  const claimed = readClaimed(resolved, input, context);
  if (isFault(claimed)) return claimed;
  const broken =
    checkSeats(resolved, context, claimed.existing?.seat) ??
    (isOpenTable(claimed.name) ? checkOpen(claimed, context) : checkGoverned(claimed, context)) ??
    checkRecordOutputs(claimed);
  return broken ?? toChange(resolved, claimed, context.height);
};

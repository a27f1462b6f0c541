import { type Fault, isFault } from '#protocol/fault';
import type { ChainedHeader } from '#protocol/stake/header-view';
import { type ProvenRecords, type RecordQuestion, recordRange, verifyRecords } from '../proof/proven-record.ts';
import { isUnanswered, type Task, type Unanswered } from '../task.ts';
import { proveRanges } from './prove-coins.ts';

/**
 * Proves one record, its absence, or a whole table after one verified block.
 *
 * @fault those of `proveRanges` and `verifyRecords`
 * @source SPEC LC17; spec 04, records
 */
export function* proveRecords(peer: string, header: ChainedHeader, question: RecordQuestion): Task<ProvenRecords | Unanswered | Fault> {
  const leaves = yield* proveRanges(peer, header, { trie: 'records', ranges: [recordRange(question)] });
  return isUnanswered(leaves) || isFault(leaves) ? leaves : verifyRecords(header, question, leaves);
}

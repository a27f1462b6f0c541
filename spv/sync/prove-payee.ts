import { equalBytes } from '#protocol/codec/bytes';
import { type Fault, fault, isFault } from '#protocol/fault';
import type { Child } from '#protocol/records/child';
import { computeAccountId, computeAccountTag, decodeRealName, type RealName } from '#protocol/records/real-name';
import { REAL_NAME_TABLE } from '#protocol/records/tables';
import { buildPayToKeyHash } from '#protocol/script/forms/pay-to-key';
import type { ChainedHeader } from '#protocol/stake/header-view';
import { isUnanswered, type Task, type Unanswered } from '../task.ts';
import { proveRecords } from './prove-records.ts';

/** Who is behind a real-name address after one verified block, and what an output to it carries. */
export interface ProvenPayee {
  readonly account: Uint8Array;
  readonly realName: RealName;
  /** height at which the account, or its newest identity, was recorded */
  readonly recordedAt: number;
  readonly provedAt: number;
  readonly script: Uint8Array;
}

/**
 * Proves the identity that a real-name address points to, and derives the key to pay.
 *
 * @shape undefined: it is proved that no such account is registered
 * @fault `leaf-form`: the record is not one of that account; those of `proveRecords`
 * @source SPEC LC18; spec 04, real-name accounts
 */
export function* provePayee(
  peer: string,
  header: ChainedHeader,
  { account, path }: Child,
): Task<ProvenPayee | undefined | Unanswered | Fault> {
  const proven = yield* proveRecords(peer, header, { table: REAL_NAME_TABLE, key: account });
  if (isUnanswered(proven) || isFault(proven)) return proven;
  const [record] = proven.records;
  if (record === undefined) return undefined;
  const realName = decodeRealName(record.value);
  if (isFault(realName)) return fault('leaf-form', { code: realName.fault });
  if (!equalBytes(record.key, account) || !equalBytes(computeAccountId(realName.xpub), account)) return fault('leaf-form');
  const script = buildPayToKeyHash(computeAccountTag(realName.xpub, path));
  return { account, realName, recordedAt: record.height, provedAt: proven.height, script };
}

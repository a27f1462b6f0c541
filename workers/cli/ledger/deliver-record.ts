import type { RecordPlan } from '#protocol/records/build-record';
import { planRecord } from '#protocol/records/build-record';
import { deliver, encodeSigned } from './deliver.ts';
import type { SigningKey } from './keys.ts';
import { orFail } from './node-view.ts';
import type { SendFlags } from './options.ts';
import { fileOf, fundingOf, type Session } from './session.ts';

/**
 * Signs the coins and the commitment of a record, and delivers the record itself: nothing is sent before it is complete.
 *
 * @source SPEC BD9
 */
export const deliverRecord = async (session: Session, plan: RecordPlan, flags: SendFlags, more: readonly SigningKey[] = []) => {
  const { funding, commitment, record } = orFail(planRecord(plan, await fundingOf(session, flags)));
  const before = [encodeSigned(funding, session.keys), encodeSigned(commitment, session.keys)];
  return deliver(session.node, fileOf(session.node, record, before), [...session.keys, ...more], flags);
};

import {
  decodePayee,
  decodePaymentUri,
  type Fault,
  formatAmount,
  isFault,
  PARAMETERS,
  prefixRange,
  verifyRanges,
} from 'valuecyber/protocol';
import { EMPTY_LEDGER, executeJob, type Job, makeWatchSet, type WatchSet } from 'valuecyber/spv';

const orThrow = <T>(value: T | Fault): T => {
  if (isFault(value)) throw new Error((value as Fault).fault);
  return value as T;
};

/** What a program of somebody else does with the two packages: reads a link, refuses a proof, keeps a watch list. */
export const consume = (link: string): string => {
  const uri = orThrow(decodePaymentUri(link, (address) => decodePayee(address, PARAMETERS.dev.addressPrefix)));
  const amount: bigint = uri.amount ?? 0n;
  const root = new Uint8Array(32).fill(1) as Parameters<typeof verifyRanges>[0];
  const refused = verifyRanges(root, [prefixRange(new Uint8Array(32), 8)], new Uint8Array(0));
  const watched: WatchSet = makeWatchSet([{ tag: new Uint8Array(20), script: new Uint8Array(22) }]);
  const job: Job = { kind: 'verify-signatures', job: { items: [{ signature: new Uint8Array(64), message: root, key: root }] } };
  const reply = executeJob(job);
  const valid = reply.kind === 'verdicts' ? reply.valid.join() : reply.kind;
  return [formatAmount(amount), isFault(refused) ? refused.fault : 'proved', watched.size, valid, EMPTY_LEDGER.effects.length].join(' ');
};

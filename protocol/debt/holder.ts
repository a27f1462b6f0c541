import { decodeHex, encodeHex } from '../codec/hex.ts';
import { isFault } from '../fault.ts';
import type { Holder, LedgerView } from '../ledger/ledger-view.ts';
import { decodeChild } from '../records/child.ts';
import { CHILD_TABLE } from '../records/tables.ts';

const TAG = 'tag:';

export const tagHolder = (tag: Uint8Array): Holder => `tag:${encodeHex(tag)}`;

/** The owner tag that a holder is; undefined of an account. @shape 20 bytes */
export const tagOf = (holder: Holder): Uint8Array | undefined => {
  const tag = holder.startsWith(TAG) ? decodeHex(holder.slice(TAG.length)) : undefined;
  return tag === undefined || isFault(tag) ? undefined : tag;
};

export const accountHolder = (account: Uint8Array): Holder => `account:${encodeHex(account)}`;

/**
 * Who answers for an owner tag: the account that its key is attributed to, else the tag itself.
 *
 * @shape tag: 20 bytes
 * @source SPEC DE1; spec 04, attribution, overdue
 */
export const computeHolder = (tag: Uint8Array, findRecord: LedgerView['findRecord']): Holder => {
  const record = findRecord(CHILD_TABLE, tag);
  const child = record && decodeChild(record.value);
  return child === undefined || isFault(child) ? tagHolder(tag) : accountHolder(child.account);
};

/** Which of these tags an account answers for. @source SPEC PU3 */
export const tagsOf = (account: Holder, tags: Iterable<Uint8Array>, findRecord: LedgerView['findRecord']): readonly Uint8Array[] => {
  const own = tagOf(account);
  return own === undefined ? [...tags].filter((tag) => computeHolder(tag, findRecord) === account) : [own];
};

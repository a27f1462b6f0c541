import { decodeGroup } from '#protocol/admission/group';
import { encodeHex } from '#protocol/codec/hex';
import { isFault } from '#protocol/fault';
import type { Parameters } from '#protocol/params/parameters';
import { decodeAgent, decodeSuspension } from '#protocol/records/agent';
import { decodeChild } from '#protocol/records/child';
import { decodeRealName } from '#protocol/records/real-name';
import type { RecordClaim } from '#protocol/records/record-claim';
import { nameTable } from '#protocol/records/tables';
import { formatAmount } from '#protocol/tx/amount-text';
import type { DraftRecord } from '../rpc/draft-view.ts';

/** Text of others without control characters, which could act on whoever shows it. */
const plain = (text: Uint8Array): string => new TextDecoder().decode(text).replace(/\p{C}/gu, '�');

const decodeValue = ({ table, value }: RecordClaim, parameters: Parameters): DraftRecord['facts'] => {
  switch (nameTable(table)) {
    case 'group': {
      const members = decodeGroup(value, parameters);
      return isFault(members) ? {} : { members: members.map(encodeHex) };
    }
    case 'realname': {
      const account = decodeRealName(value);
      return isFault(account)
        ? {}
        : { xpub: encodeHex(account.xpub), identity: encodeHex(account.commitment), parent: encodeHex(account.parent) };
    }
    case 'child': {
      const child = decodeChild(value);
      return isFault(child) ? {} : { account: encodeHex(child.account), path: child.path.join('/') };
    }
    case 'agent': {
      const agent = decodeAgent(value);
      return isFault(agent) ? {} : { quota: formatAmount(agent.quota), label: plain(agent.label) };
    }
    case 'suspension': {
      const suspension = decodeSuspension(value);
      return isFault(suspension) ? {} : { suspended: suspension.suspended, reason: plain(suspension.reason) };
    }
    default:
      return {};
  }
};

/** What a record says, by its table. @source SPEC BD15 */
export const describeRecord = (claim: RecordClaim, parameters: Parameters): DraftRecord => ({
  table: plain(claim.table),
  key: nameTable(claim.table) === 'group' ? plain(claim.key) : encodeHex(claim.key),
  facts: decodeValue(claim, parameters),
});

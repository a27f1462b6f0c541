import { majorityOf } from '../admission/check-majority.ts';
import type { GroupMembers } from '../admission/group.ts';
import { concatBytes } from '../codec/bytes.ts';
import type { CodecFault } from '../codec/reader.ts';
import { isFault } from '../fault.ts';
import { buildKeyHashCheck } from '../script/forms/key-check.ts';
import { buildMultisigInOrder } from '../script/forms/multisig.ts';
import { buildPayToKeyHash } from '../script/forms/pay-to-key.ts';
import { OP } from '../script/opcodes.ts';
import type { RecordPlan } from './build-record.ts';
import { decodeChild, encodeChild } from './child.ts';
import { computeAccountId, computeAccountTag, decodeRealName, encodeRealName, masterKeyOf, type RealName } from './real-name.ts';
import type { RecordClaim } from './record-claim.ts';
import { CHILD_TABLE, REAL_NAME_TABLE } from './tables.ts';

const majorityCheck = (members: GroupMembers): Uint8Array => buildMultisigInOrder({ threshold: majorityOf(members), keys: members });

/**
 * The record of a real-name account: its master key and a majority of the members sign.
 *
 * @fault the codec's; `form`: no extended public key
 * @source SPEC BD10, RC7
 */
export const planRealName = (account: RealName, members: GroupMembers): RecordPlan | CodecFault => {
  const encoded = encodeRealName(account);
  const decoded = decodeRealName(encoded);
  if (isFault(decoded)) return decoded;
  const named = concatBytes(Uint8Array.of(masterKeyOf(account.xpub).length), masterKeyOf(account.xpub), Uint8Array.of(OP.CHECKSIGVERIFY));
  return {
    claim: { table: REAL_NAME_TABLE, key: computeAccountId(account.xpub), value: encoded },
    keyCheck: concatBytes(named, majorityCheck(members)),
  };
};

/** A record of the tables `agent` and `suspension`, which a majority of the members signs. @source SPEC BD10, AG3 */
export const planGoverned = (claim: RecordClaim, members: GroupMembers): RecordPlan => ({ claim, keyCheck: majorityCheck(members) });

/**
 * The record that says whose a key below an account is; whoever pays for it writes it.
 *
 * @shape xpub: 78 bytes; writer: key hash, 20 bytes
 * @fault the codec's: a path that is too long or hardened
 * @source SPEC BD10, RC8
 */
export const planChild = (xpub: Uint8Array, path: readonly number[], writer: Uint8Array): RecordPlan | CodecFault => {
  const value = encodeChild({ account: computeAccountId(xpub), path });
  const decoded = decodeChild(value);
  if (isFault(decoded)) return decoded;
  return {
    claim: { table: CHILD_TABLE, key: computeAccountTag(xpub, path), value },
    keyCheck: buildKeyHashCheck(writer),
    seatScript: buildPayToKeyHash(writer),
  };
};

import { concatBytes } from '../codec/bytes.ts';
import { type CodecFault, decodeBytes } from '../codec/reader.ts';
import { isFault } from '../fault.ts';
import { decodeAccountPath, encodeAccountPath } from './account-path.ts';
import { ACCOUNT_ID_BYTES } from './real-name.ts';

/** That a key belongs to an account. @shape account: 20 bytes @source SPEC RC8; spec 04, attribution */
export interface Child {
  readonly account: Uint8Array;
  readonly path: readonly number[];
}

/** @shape account id 20 ‖ path @source SPEC RC8 */
export const encodeChild = ({ account, path }: Child): Uint8Array => concatBytes(account, encodeAccountPath(path));

/** @fault the codec's, of the account id or of the path @source SPEC RC8 */
export const decodeChild = (value: Uint8Array): Child | CodecFault => {
  const account = decodeBytes(value.subarray(0, ACCOUNT_ID_BYTES), (reader) => reader.take(ACCOUNT_ID_BYTES));
  if (isFault(account)) return account;
  const path = decodeAccountPath(value.subarray(ACCOUNT_ID_BYTES));
  return isFault(path) ? path : { account, path };
};

import { bech32m } from '@scure/base';
import { concatBytes } from '../codec/bytes.ts';
import type { CodecFault } from '../codec/reader.ts';
import { type Fault, fault, isFault } from '../fault.ts';
import type { AddressPrefix } from '../script/address.ts';
import { type Bech32Fault, decodeBech32, encodeBech32 } from '../script/bech32-text.ts';
import { type Child, decodeChild, encodeChild } from './child.ts';

const VERSION = 0;

export type RealNameAddressFault =
  | Bech32Fault
  | CodecFault
  | Fault<'address-network' | 'address-variant' | 'address-version' | 'address-padding'>;

/**
 * The address of a key below a registered account: a pointer to a proved identity.
 *
 * @source SPEC AD6; spec 04, real-name accounts
 */
export const encodeRealNameAddress = (child: Child, prefix: AddressPrefix): string =>
  encodeBech32({ prefix: prefix.realName, words: [VERSION, ...bech32m.toWords(encodeChild(child))], variant: 'bech32m' });

/** Whether a text is written as a real-name address of that network, be it valid or not. */
export const isRealNameText = (text: string, prefix: AddressPrefix): boolean => text.toLowerCase().startsWith(`${prefix.realName}1`);

/**
 * Reads which key of which account an address points to. Whether the account is registered, its record says.
 *
 * @fault those of bech32; `address-network`; `address-variant`: not bech32m; `address-version`: not 0; `address-padding`: bits
 * left over; the codec's: an account id cut short, a path too long or not in its shortest form
 * @source SPEC AD6; spec 04, real-name accounts
 */
export const decodeRealNameAddress = (text: string, prefix: AddressPrefix): Child | RealNameAddressFault => {
  const decoded = decodeBech32(text);
  if (isFault(decoded)) return decoded;
  if (decoded.prefix !== prefix.realName) return fault('address-network', { prefix: decoded.prefix, wanted: prefix.realName });
  if (decoded.variant !== 'bech32m') return fault('address-variant', { variant: decoded.variant });
  const [version, ...words] = decoded.words;
  if (version !== VERSION) return fault('address-version', { version: version ?? -1 });
  const payload = bech32m.fromWordsUnsafe(words);
  return payload instanceof Uint8Array ? decodeChild(concatBytes(payload)) : fault('address-padding');
};

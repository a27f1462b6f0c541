import { isFault } from '../fault.ts';
import { type Address, type AddressFault, type AddressPrefix, decodeAddress } from '../script/address.ts';
import type { Child } from './child.ts';
import { decodeRealNameAddress, isRealNameText, type RealNameAddressFault } from './real-name-address.ts';

/** Whom an address names: a script, or a key below a registered account. */
export type Payee = Address | ({ readonly kind: 'real-name' } & Child);

/**
 * Reads an address of either kind.
 *
 * @fault those of `decodeAddress`, and of `decodeRealNameAddress` where the text is written as one
 * @source SPEC AD3, AD6
 */
export const decodePayee = (text: string, prefix: AddressPrefix): Payee | AddressFault | RealNameAddressFault => {
  if (!isRealNameText(text, prefix)) return decodeAddress(text, prefix);
  const child = decodeRealNameAddress(text, prefix);
  return isFault(child) ? child : { kind: 'real-name', ...child };
};

import { type Fault, isFault } from '#protocol/fault';
import { decodeAddress } from '#protocol/script/address';
import { decodePaymentUri, isPaymentUri } from '#protocol/script/payment-uri';
import type { RecipientView } from '../rpc/chain-calls.ts';
import type { Wallet } from './wallet.ts';

/** letters at both ends by which people compare addresses; an attacker grinds exactly these */
const SEEN_AT_ENDS = 4;

/** The part a person looks at: after the prefix and version that all addresses of a network share. */
const endsOf = (address: string): string => {
  const body = address.slice(address.lastIndexOf('1') + 2);
  return `${body.slice(0, SEEN_AT_ENDS)}…${body.slice(-SEEN_AT_ENDS)}`;
};

/** An address paid before, or our own, that begins and ends like this one and is another. @source SPEC CW11; attack W10 */
export const findLookAlike = (wallet: Wallet, address: string): string | undefined => {
  const ends = endsOf(address);
  return [...wallet.payees].find((known) => known !== address && endsOf(known) === ends);
};

const bounded = (text: string | undefined, length: number): string | undefined => text?.slice(0, length);

/** @fault those of addresses and payment URIs @source SPEC CW11 */
export const parseRecipient = (wallet: Wallet, text: string): RecipientView | Fault => {
  const trimmed = text.trim();
  const prefix = wallet.parameters.addressPrefix;
  const uri = isPaymentUri(trimmed) ? decodePaymentUri(trimmed, prefix) : undefined;
  if (isFault(uri)) return uri;
  const plain = uri === undefined ? trimmed : uri.address;
  const to = uri?.to ?? decodeAddress(plain, prefix);
  if (isFault(to)) return to;
  const address = wallet.addressOf(to.script) ?? plain.toLowerCase();
  return {
    address,
    amount: uri?.amount,
    label: bounded(uri?.label, 255),
    message: bounded(uri?.message, 1_000),
    own: wallet.addresses.ofScript(to.script) !== undefined,
    lookAlike: findLookAlike(wallet, address),
    contact: wallet.label('addr', address),
  };
};

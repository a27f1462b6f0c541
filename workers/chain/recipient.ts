import { type Fault, isFault } from '#protocol/fault';
import { decodePayee } from '#protocol/records/payee';
import { decodePaymentUri, isPaymentUri } from '#protocol/script/payment-uri';
import type { RecipientView } from '../rpc/chain-calls.ts';
import type { LocatePayee } from './payee-book.ts';
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

/** @fault those of addresses and payment URIs; those of `locate` @source SPEC CW11, CW44 */
export const parseRecipient = async (wallet: Wallet, text: string, locate: LocatePayee): Promise<RecipientView | Fault> => {
  const trimmed = text.trim();
  const read = (address: string) => decodePayee(address, wallet.parameters.addressPrefix);
  const uri = isPaymentUri(trimmed) ? decodePaymentUri(trimmed, read) : undefined;
  if (isFault(uri)) return uri;
  const plain = uri === undefined ? trimmed : uri.address;
  const to = uri?.to ?? read(plain);
  if (isFault(to)) return to;
  const place = await locate(to);
  if (isFault(place)) return place;
  const address = place.realName?.address ?? wallet.addressOf(place.script) ?? plain.toLowerCase();
  return {
    address,
    amount: uri?.amount,
    label: bounded(uri?.label, 255),
    message: bounded(uri?.message, 1_000),
    own: wallet.addresses.ofScript(place.script) !== undefined,
    lookAlike: findLookAlike(wallet, address),
    contact: wallet.label('addr', address),
    realName: place.realName,
  };
};

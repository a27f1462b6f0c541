import { type Fault, fault, isFault } from '../fault.ts';
import { type AmountTextFault, formatAmount, parseAmount } from '../tx/amount-text.ts';

export const URI_SCHEME = 'valuecyber';
/** @unit characters */
const MAX_URI_LENGTH = 2_048;
const UPPER_CASE = /^[^a-z]*$/;

/** @unit amount: base units */
export interface PaymentUri {
  readonly address: string;
  readonly amount?: bigint;
  readonly label?: string;
  readonly message?: string;
}

/** What a payment link asks for, with whom its address names. */
export interface PaymentRequest<T> extends PaymentUri {
  readonly to: T;
}

export type PaymentUriFault = AmountTextFault | Fault<'uri-scheme' | 'uri-length' | 'uri-escape' | 'uri-repeated' | 'uri-required'>;

type Query = ReadonlyMap<string, string>;

const unescapeText = (text: string): string | Fault<'uri-escape'> => {
  try {
    return decodeURIComponent(text);
  } catch {
    return fault('uri-escape');
  }
};

const decodeQuery = (text: string): Query | PaymentUriFault => {
  const query = new Map<string, string>();
  for (const part of text.split('&').filter((piece) => piece !== '')) {
    const equals = part.includes('=') ? part.indexOf('=') : part.length;
    const name = part.slice(0, equals).toLowerCase();
    const value = unescapeText(part.slice(equals + 1));
    if (isFault(value)) return value;
    if (query.has(name)) return fault('uri-repeated', { name });
    if (name.startsWith('req-')) return fault('uri-required', { name });
    query.set(name, value);
  }
  return query;
};

const toRequest = <T>(address: string, to: T, query: Query): PaymentRequest<T> | PaymentUriFault => {
  const [amountText, label, message] = [query.get('amount'), query.get('label'), query.get('message')];
  const amount = amountText === undefined ? undefined : parseAmount(amountText);
  if (isFault(amount)) return amount;
  return {
    address,
    to,
    ...(amount === undefined ? {} : { amount }),
    ...(label === undefined ? {} : { label }),
    ...(message === undefined ? {} : { message }),
  };
};

export const isPaymentUri = (text: string): boolean => text.slice(0, URI_SCHEME.length + 1).toLowerCase() === `${URI_SCHEME}:`;

/**
 * Reads a payment URI; what it does not know and does not have to, it leaves out.
 *
 * @fault those of `readAddress` and of amounts; `uri-scheme`; `uri-length`: over 2,048 characters; `uri-escape`: a broken
 * `%`; `uri-repeated`: a name given twice; `uri-required`: a `req-` name that is not known
 * @source SPEC AD4; BIP321
 */
export const decodePaymentUri = <T>(
  text: string,
  readAddress: (address: string) => T,
): PaymentRequest<Exclude<T, Fault>> | PaymentUriFault | Extract<T, Fault> => {
  if (text.length > MAX_URI_LENGTH) return fault('uri-length', { length: text.length });
  if (!isPaymentUri(text)) return fault('uri-scheme');
  const body = text.slice(URI_SCHEME.length + 1);
  const mark = body.includes('?') ? body.indexOf('?') : body.length;
  const address = body.slice(0, mark);
  const to = readAddress(address);
  if (isFault(to)) return to as Extract<T, Fault>;
  const query = decodeQuery(body.slice(mark + 1));
  return isFault(query) ? query : toRequest(UPPER_CASE.test(address) ? address.toLowerCase() : address, to as Exclude<T, Fault>, query);
};

const escapeText = (text: string): string => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));

/** @source SPEC AD4; BIP321 */
export const encodePaymentUri = ({ address, amount, label, message }: PaymentUri): string => {
  const parts = [
    amount === undefined ? undefined : `amount=${formatAmount(amount)}`,
    label === undefined ? undefined : `label=${escapeText(label)}`,
    message === undefined ? undefined : `message=${escapeText(message)}`,
  ].filter((part) => part !== undefined);
  return `${URI_SCHEME}:${address}${parts.length === 0 ? '' : `?${parts.join('&')}`}`;
};

import { encodeHex } from '#protocol/codec/hex';
import { type Fault, fault, isFault } from '#protocol/fault';
import { PARAMETERS } from '#protocol/params/networks';
import type { NetworkName, Parameters } from '#protocol/params/parameters';
import { decodePayee } from '#protocol/records/payee';
import { computeScriptTag } from '#protocol/script/owner-tag';
import { decodePaymentUri, isPaymentUri } from '#protocol/script/payment-uri';
import { formatAmount } from '#protocol/tx/amount-text';
import { type Finding, finding } from './finding.ts';

const ADDRESS_SHAPE = /^[a-z]{1,10}1[a-z0-9]{6,}$/i;

const networkOf = (text: string): Parameters | undefined => {
  const lower = text.toLowerCase();
  const prefix = lower.slice(0, lower.lastIndexOf('1'));
  const all = Object.values(PARAMETERS);
  return all.find(({ addressPrefix }) => addressPrefix.plain === prefix || addressPrefix.realName === prefix);
};

const inspectAddress = (text: string): Finding => {
  const parameters = networkOf(text);
  if (parameters === undefined)
    return finding('address', { address: text }, fault('address-network', { prefix: text.slice(0, text.lastIndexOf('1')) }));
  const fields = { address: text, network: parameters.name };
  const address = decodePayee(text, parameters.addressPrefix);
  if (isFault(address)) return finding('address', fields, address);
  if (address.kind === 'real-name')
    return finding('address', { ...fields, form: address.kind, account: encodeHex(address.account), path: address.path });
  const script = encodeHex(address.script);
  return finding('address', { ...fields, form: address.kind, script, ownerTag: encodeHex(computeScriptTag(address.script)) });
};

const inspectUri = (text: string, network: NetworkName): Finding => {
  const body = text.slice(text.indexOf(':') + 1).split('?')[0] ?? '';
  const { addressPrefix } = networkOf(body) ?? PARAMETERS[network];
  const uri = decodePaymentUri(text, (address) => decodePayee(address, addressPrefix));
  if (isFault(uri)) return finding('uri', { uri: text }, uri);
  const { address, amount, label, message } = uri;
  const inner = inspectAddress(address);
  return finding('uri', {
    address: inner.fields,
    amount,
    amountText: amount === undefined ? undefined : formatAmount(amount),
    label,
    message,
  });
};

/** An address or a payment URI; undefined where the text has the shape of neither. */
export const inspectText = (text: string, network: NetworkName): Finding | Fault | undefined => {
  if (isPaymentUri(text)) return inspectUri(text, network);
  return ADDRESS_SHAPE.test(text) && !/^[0-9a-f]+$/i.test(text) ? inspectAddress(text) : undefined;
};

import { decodeHex, encodeHex } from '../codec/hex.ts';
import { type Fault, fault, isFault } from '../fault.ts';
import type { Coin } from '../ledger/coin.ts';
import { decodeCoin, encodeCoin } from '../ledger/coin-codec.ts';
import type { NetworkName } from '../params/parameters.ts';
import type { RecordClaim } from '../records/record-claim.ts';
import { isCompressedKey } from '../script/signature-encoding.ts';
import { decodeTransaction, encodeTransaction } from '../tx/transaction-codec.ts';
import type { Draft, DraftSignature } from './draft.ts';
import { addSignature } from './sign-draft.ts';

const VERSION = 1;
/** hexadecimal of the largest transaction and its coins, and some room */
const MAX_TEXT = 4_000_000;
/** of any group. @source spec 04, admission group */
const MAX_MEMBERS = 20;

/**
 * A draft with the signed transactions that have to be in a block before it.
 *
 * @shape before: serialised, in their order
 */
export interface DraftFile {
  readonly network: NetworkName;
  readonly before: readonly Uint8Array[];
  readonly draft: Draft;
}

export type DraftTextFault = Fault<'draft-form'>;

/** JSON, bytes as hexadecimal. @source SPEC BD12 */
export const encodeDraftFile = ({ network, before, draft }: DraftFile): string => {
  const { transaction, coins, claim, members, signatures } = draft;
  const shown = claim && { table: encodeHex(claim.table), key: encodeHex(claim.key), value: encodeHex(claim.value) };
  const content = {
    draft: VERSION,
    network,
    before: before.map(encodeHex),
    transaction: encodeHex(encodeTransaction(transaction)),
    coins: coins.map((coin) => encodeHex(encodeCoin(coin))),
    claim: shown,
    members: members?.map(encodeHex),
    signatures: signatures.map(({ input, publicKey, signature }) => ({
      input,
      key: encodeHex(publicKey),
      signature: encodeHex(signature),
    })),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
};

type Fields = Readonly<Record<string, unknown>>;

const malformed = (part: string): DraftTextFault => fault('draft-form', { part });

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

const readHex = (value: unknown): Uint8Array | undefined => {
  const bytes = typeof value === 'string' ? decodeHex(value) : undefined;
  return bytes === undefined || isFault(bytes) ? undefined : bytes;
};

/** Every item read, or undefined where one is not of its kind. */
const readAll = <T>(value: unknown, read: (item: unknown) => T | undefined): readonly T[] | undefined => {
  if (!Array.isArray(value)) return undefined;
  const items: T[] = [];
  for (const each of value) {
    const item = read(each);
    if (item === undefined) return undefined;
    items.push(item);
  }
  return items;
};

const readMember = (value: unknown): Uint8Array | undefined => {
  const key = readHex(value);
  return key && isCompressedKey(key) ? key : undefined;
};

const readCoin = (value: unknown): Coin | undefined => {
  const bytes = readHex(value);
  const coin = bytes && decodeCoin(bytes);
  return coin === undefined || isFault(coin) ? undefined : coin;
};

const readSignature = (value: unknown): DraftSignature | undefined => {
  if (!isFields(value) || !Number.isInteger(value.input)) return undefined;
  const [publicKey, signature] = [readHex(value.key), readHex(value.signature)];
  return publicKey && signature && { input: value.input as number, publicKey, signature };
};

const readClaim = (value: unknown): RecordClaim | undefined => {
  if (!isFields(value)) return undefined;
  const [table, key, shown] = [readHex(value.table), readHex(value.key), readHex(value.value)];
  return table && key && shown && { table, key, value: shown };
};

const parse = (text: string): Fields | undefined => {
  if (text.length > MAX_TEXT) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) && value.draft === VERSION ? value : undefined;
  } catch {
    return undefined;
  }
};

const isNetwork = (value: unknown): value is NetworkName => value === 'dev' || value === 'test' || value === 'main';

const readTransaction = (value: unknown): Draft['transaction'] | undefined => {
  const bytes = readHex(value);
  const transaction = bytes && decodeTransaction(bytes);
  if (transaction === undefined || isFault(transaction)) return undefined;
  return transaction.inputs.every(({ witness }) => witness.length === 0) ? transaction : undefined;
};

const readUnsigned = (fields: Fields): Draft | DraftTextFault => {
  const transaction = readTransaction(fields.transaction);
  if (transaction === undefined) return malformed('transaction');
  const coins = readAll(fields.coins, readCoin);
  if (coins === undefined || coins.length !== transaction.inputs.length) return malformed('coins');
  const claim = fields.claim === undefined ? undefined : readClaim(fields.claim);
  if (fields.claim !== undefined && claim === undefined) return malformed('claim');
  const members = fields.members === undefined ? undefined : readAll(fields.members, readMember);
  if (fields.members !== undefined && (members === undefined || members.length === 0 || members.length > MAX_MEMBERS))
    return malformed('members');
  return { transaction, coins, claim, members, signatures: [] };
};

/**
 * Reads a draft that somebody handed over; every signature in it is verified.
 *
 * @fault `draft-form`: with the part that cannot be read; those of `addSignature`
 * @source SPEC BD12
 */
export const decodeDraftFile = (text: string): DraftFile | Fault => {
  const fields = parse(text);
  if (fields === undefined) return malformed('file');
  if (!isNetwork(fields.network)) return malformed('network');
  const before = readAll(fields.before, readHex);
  if (before === undefined) return malformed('before');
  const unsigned = readUnsigned(fields);
  if (isFault(unsigned)) return unsigned;
  const signatures = readAll(fields.signatures, readSignature);
  if (signatures === undefined) return malformed('signatures');
  let draft: Draft = unsigned;
  for (const each of signatures) {
    const signed = addSignature(draft, each);
    if (isFault(signed)) return signed;
    draft = signed;
  }
  return { network: fields.network, before, draft };
};

import { findMembers } from '#protocol/admission/check-sources';
import { encodeReversedHex } from '#protocol/codec/hash32';
import { decodeHex, encodeHex } from '#protocol/codec/hex';
import { encodeUtf8 } from '#protocol/codec/utf8';
import { computeDue, isDue } from '#protocol/debt/due';
import { isFault } from '#protocol/fault';
import { isSource } from '#protocol/ledger/check-layer-type';
import type { Coin } from '#protocol/ledger/coin';
import { decodeCoin, encodeCoin } from '#protocol/ledger/coin-codec';
import { computeOwnerRange } from '#protocol/ledger/coin-key';
import { decodeAddress } from '#protocol/script/address';
import { matchDebtScript } from '#protocol/script/forms/debt';
import { buildMultisigInOrder } from '#protocol/script/forms/multisig';
import { computeScriptTag } from '#protocol/script/owner-tag';
import { collectRange } from '#protocol/trie/collect';
import { computeTxid } from '#protocol/tx/identity';
import { CIRCULATION, MANAGEMENT } from '#protocol/tx/layer';
import { outpointKey } from '#protocol/tx/outpoint';
import { RPC_CODES, type RpcMethod, RpcRefusal } from './json-rpc.ts';
import { readBytes } from './rpc-parameters.ts';
import type { NodeServices } from './services.ts';
import { showAmount } from './show-block.ts';

const TAG_BYTES = 20;
const MAX_DESCRIPTORS = 100;

const refuse = (what: string): never => {
  throw new RpcRefusal(RPC_CODES.parameter, `invalid ${what}`);
};

/** `addr(…)` and `raw(…)` as Bitcoin Core has them, `tag(…)` for an owner tag. */
const readTag = ({ chain }: NodeServices, value: unknown): Uint8Array => {
  const text = typeof value === 'object' && value !== null && 'desc' in value ? value.desc : value;
  const [, kind, inner = ''] = /^(addr|raw|tag)\(([0-9a-zA-Z]*)\)$/.exec(typeof text === 'string' ? text : '') ?? [];
  if (kind === 'addr') {
    const address = decodeAddress(inner, chain.parameters.addressPrefix);
    return isFault(address) ? refuse('descriptor') : computeScriptTag(address.script);
  }
  const bytes = kind === undefined ? undefined : decodeHex(inner);
  if (!(bytes instanceof Uint8Array) || (kind === 'tag' && bytes.length !== TAG_BYTES)) return refuse('descriptor');
  return kind === 'raw' ? computeScriptTag(bytes) : bytes;
};

const coinsUnder = ({ chain }: NodeServices, tag: Uint8Array): Coin[] => {
  const view = chain.view();
  return [...collectRange(view.coinNodes, view.roots.coins, computeOwnerRange(tag))].flatMap(({ value }) => {
    const coin = decodeCoin(value);
    return isFault(coin) ? [] : [coin];
  });
};

const showCoin = ({ mempool }: NodeServices, coin: Coin): object => ({
  txid: encodeReversedHex(coin.outpoint.txid),
  vout: coin.outpoint.index,
  scriptPubKey: encodeHex(coin.script),
  element: coin.element,
  layer: coin.layer,
  amount: showAmount(coin.amount),
  coinbase: coin.type === 4,
  height: coin.height,
  mediantime: coin.medianTime,
  spentinpool: mempool.pool.spenderOf(coin.outpoint) !== undefined,
  coin: encodeHex(encodeCoin(coin)),
});

const scan = (services: NodeServices, descriptors: unknown): object => {
  if (!Array.isArray(descriptors) || descriptors.length > MAX_DESCRIPTORS) return refuse('scanobjects');
  const tags = new Map(descriptors.map((each) => readTag(services, each)).map((tag) => [encodeHex(tag), tag]));
  const coins = [...tags.values()].flatMap((tag) => coinsUnder(services, tag));
  const spendable = coins.filter(({ element, layer }) => element === 'value' && layer === CIRCULATION);
  return {
    success: true,
    height: services.chain.tip().header.height,
    bestblock: encodeHex(services.chain.tip().hash),
    unspents: coins.map((coin) => showCoin(services, coin)),
    total_amount: showAmount(spendable.reduce((sum, { amount }) => sum + amount, 0n)),
  };
};

const showDebt = (services: NodeServices, coin: Coin): object => {
  const { chain } = services;
  const due = computeDue(coin, chain.parameters);
  return {
    ...showCoin(services, coin),
    term: matchDebtScript(coin.script)?.term,
    due,
    overdue: isDue(due, chain.tip().header.height, chain.medianTime()),
  };
};

/**
 * Sources are filed under their scripts: those of genesis where they still stand, one member's, and every threshold of all
 * members'.
 */
const findSources = (services: NodeServices): Coin[] => {
  const { chain } = services;
  const members = findMembers(chain.ledgerOf(), chain.parameters);
  const scripts = [
    ...members.map((key) => buildMultisigInOrder({ threshold: 1, keys: [key] })),
    ...members.map((_, i) => buildMultisigInOrder({ threshold: i + 1, keys: members })),
  ];
  const first = chain.decodedBodyOf(chain.genesis)?.transactions.find(({ layer }) => layer === MANAGEMENT);
  const original = (first?.outputs ?? []).flatMap((_, index) => (first && chain.findCoin({ txid: computeTxid(first), index })) ?? []);
  const found = [...original, ...scripts.flatMap((script) => coinsUnder(services, computeScriptTag(script)))].filter(isSource);
  return [...new Map(found.map((coin) => [outpointKey(coin.outpoint), coin])).values()];
};

const showRecord = ({ chain }: NodeServices, table: unknown, key: unknown): object | null => {
  if (typeof table !== 'string') return refuse('table');
  const record = chain.ledgerOf().findRecord(encodeUtf8(table), readBytes(key));
  if (record === undefined) return null;
  const { value, seat, height } = record;
  return {
    table,
    key: encodeHex(record.key),
    value: encodeHex(value),
    height,
    seat: seat === undefined ? null : { txid: encodeReversedHex(seat.txid), vout: seat.index },
  };
};

/** What commands on credit, debts and records ask a node. @source SPEC BD13 */
export const ledgerMethods = (services: NodeServices): Record<string, RpcMethod> => ({
  scantxoutset: ([action, descriptors]) => (action === 'start' ? scan(services, descriptors) : refuse('action')),
  listdebts: ([descriptor]) =>
    coinsUnder(services, readTag(services, descriptor))
      .filter(({ element }) => element === 'debt')
      .map((coin) => showDebt(services, coin)),
  listcreditsources: () => findSources(services).map((coin) => showCoin(services, coin)),
  getrecord: ([table, key]) => showRecord(services, table, key),
});

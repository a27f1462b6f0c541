import { computeHeaderHash, decodeHeader, encodeHeader } from '#protocol/block/header-codec';
import { concatBytes, equalBytes } from '#protocol/codec/bytes';
import { encodeHex } from '#protocol/codec/hex';
import {
  bytes,
  decodeField,
  encodeField,
  type FieldValue,
  hash,
  list,
  oneOf,
  optional,
  struct,
  u8,
  u16,
  u32,
  u64,
  varBytes,
} from '#protocol/codec/schema';
import { sha256 } from '#protocol/crypto/hash';
import { type Fault, fault, isFault } from '#protocol/fault';
import type { ChainedHeader, KnownHeader } from '#protocol/stake/header-view';
import type { StakeLeaf } from '#protocol/stake/stake-leaf';
import type { StakeSource } from '#protocol/stake/stake-source';
import { computeTxid } from '#protocol/tx/identity';
import { isLayer } from '#protocol/tx/layer';
import { decodeTransaction, encodeTransaction } from '#protocol/tx/transaction-codec';
import { isTransactionType } from '#protocol/tx/transaction-type';
import type { BlockEffect, OwnTransaction } from './coins/block-effect.ts';
import type { CoinLedger, HeldCoin } from './coins/coin-ledger.ts';
import { verifyBitcoinRun } from './headers/bitcoin-window.ts';
import { addHeader, bestHeaders, emptyChain, headerKey, type LightChain } from './headers/light-chain.ts';
import type { Trust } from './headers/trust.ts';
import { verifyHeader } from './headers/verify-header.ts';

/** headers kept for the next start: enough to go on, few enough to be judged anew in a moment */
const KEPT_HEADERS = 80;
const KEPT_BITCOIN = 400;
const MANY = 100_000;

const leafField = struct({ amount: u64, key: bytes(32), share: u16, owner: varBytes(10_000), eligible: u32, registered: u32, credit: u32 });
const coinField = struct({
  txid: hash,
  index: u32,
  element: oneOf(['value', 'credit', 'debt']),
  amount: u64,
  script: varBytes(11_000),
  layer: u8,
  type: u8,
  height: u32,
  time: u32,
  medianTime: optional(u32),
});
const ownedCoin = struct({ owner: bytes(20), coin: coinField });
const pointField = struct({ txid: bytes(64), index: u32 });

const snapshotField = struct({
  genesis: hash,
  headers: list(KEPT_HEADERS, struct({ header: bytes(512), leaf: leafField })),
  opened: list(MANY, bytes(512)),
  bitcoinHeight: u32,
  bitcoin: list(KEPT_BITCOIN, bytes(80)),
  bitcoinBits: u32,
  bases: list(MANY, struct({ owner: bytes(20), height: u32, hash, coins: list(MANY, coinField) })),
  readTo: optional(u32),
  effects: list(
    MANY,
    struct({
      hash,
      height: u32,
      time: u32,
      created: list(MANY, ownedCoin),
      spent: list(MANY, pointField),
      transactions: list(MANY, varBytes(400_000)),
    }),
  ),
});
type SnapshotContent = FieldValue<typeof snapshotField>;
type CoinContent = FieldValue<typeof coinField>;

const CHECKSUM_BYTES = 32;

const packCoin = ({ outpoint, ...coin }: HeldCoin): CoinContent => ({
  txid: outpoint.txid,
  index: outpoint.index,
  element: coin.element,
  amount: coin.amount,
  script: coin.script,
  layer: coin.layer,
  type: coin.type,
  height: coin.height,
  time: coin.time,
  medianTime: coin.medianTime,
});

const unpackCoin = (coin: CoinContent): HeldCoin | undefined => {
  const { txid, index, layer, type, element, amount, script, height, time, medianTime } = coin;
  if (!isLayer(layer) || !isTransactionType(type)) return undefined;
  return { outpoint: { txid, index }, element, amount, script, layer, type, height, time, medianTime };
};

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

const packPoint = (key: string): FieldValue<typeof pointField> => ({ txid: ascii(key.slice(0, 64)), index: Number(key.slice(65)) });

const unpackPoint = (point: FieldValue<typeof pointField>): string => `${String.fromCharCode(...point.txid)}:${point.index}`;

const hexBytes = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

const packLeaf = (leaf: StakeLeaf): FieldValue<typeof leafField> => ({
  amount: leaf.amount,
  key: leaf.key,
  share: leaf.share,
  owner: leaf.ownerScript,
  eligible: leaf.eligibleFrom,
  registered: leaf.registeredTime,
  credit: leaf.creditFrom,
});

const packChain = (chain: LightChain) => {
  const best = bestHeaders(chain).filter((entry) => entry.stake !== undefined);
  const kept = best.slice(-KEPT_HEADERS);
  const below: KnownHeader[] = best
    .slice(0, best.length - kept.length)
    .slice(-(chain.trust.parameters.stakeMaturity + chain.trust.parameters.stakeEpoch));
  const opened = new Map<number, KnownHeader>(chain.opened);
  for (const known of below) opened.set(known.header.height, known);
  const bitcoin = chain.bitcoin.bytes.slice(-KEPT_BITCOIN);
  return {
    genesis: chain.trust.genesis.hash,
    headers: kept.map(({ header, stake }) => ({ header: encodeHeader(header), leaf: packLeaf(stake as StakeLeaf) })),
    opened: [...opened.values()].map(({ header }) => encodeHeader(header)),
    bitcoinHeight: chain.bitcoin.entries[chain.bitcoin.entries.length - bitcoin.length]?.height ?? 0,
    bitcoin,
    bitcoinBits: chain.bitcoinRules.limitBits,
  };
};

const packEffect = (effect: BlockEffect): SnapshotContent['effects'][number] => ({
  hash: effect.hash,
  height: effect.height,
  time: effect.time,
  created: effect.created.map(({ owner, coin }) => ({ owner: hexBytes(owner), coin: packCoin(coin) })),
  spent: effect.spent.map(packPoint),
  transactions: effect.transactions.map(({ transaction }) => encodeTransaction(transaction)),
});

/** What a client verified, for its next start. @shape content ‖ sha256 of it @source SPEC LC15 */
export const encodeSnapshot = (chain: LightChain, ledger: CoinLedger): Uint8Array => {
  const content = encodeField(snapshotField, {
    ...packChain(chain),
    bases: [...ledger.bases].map(([owner, base]) => ({
      owner: hexBytes(owner),
      height: base.height,
      hash: base.hash,
      coins: base.coins.map(packCoin),
    })),
    readTo: ledger.readTo,
    effects: ledger.effects.map(packEffect),
  });
  return concatBytes(content, sha256(content));
};

const readKnown = (data: Uint8Array): KnownHeader | undefined => {
  const header = decodeHeader(data);
  return isFault(header) ? undefined : { header, hash: computeHeaderHash(header) };
};

const restoreChain = (content: SnapshotContent, trust: Trust, now: number): LightChain | Fault => {
  const bitcoinRules = { ...trust.parameters.bitcoin, limitBits: content.bitcoinBits };
  const bitcoin = verifyBitcoinRun(content.bitcoin, content.bitcoinHeight, bitcoinRules);
  if (isFault(bitcoin)) return bitcoin;
  const known = content.opened.map(readKnown).filter((entry) => entry !== undefined);
  const opened = new Map(known.map((entry) => [entry.header.height, entry]));
  const first = content.headers[0] && readKnown(content.headers[0].header);
  if (first === undefined) return emptyChain(trust);
  const headers = first.header.height === 1 ? emptyChain(trust).headers : new Map<string, ChainedHeader>();
  let chain: LightChain = { ...emptyChain(trust), opened, bitcoin, bitcoinRules, base: first.header.height, headers };
  for (const { header: data, leaf } of content.headers) {
    const header = decodeHeader(data);
    if (isFault(header)) return header;
    const { amount, key, share, owner, eligible, registered, credit } = leaf;
    const stakes: StakeSource = {
      findStake: (_, outpoint) => ({
        outpoint,
        amount,
        key,
        share,
        ownerScript: owner,
        eligibleFrom: eligible,
        registeredTime: registered,
        creditFrom: credit,
      }),
    };
    const verified = verifyHeader(chain, header, stakes, Math.max(now, header.time));
    if (isFault(verified)) return verified;
    chain = addHeader(chain, verified);
  }
  return chain;
};

const restoreEffect = (packed: SnapshotContent['effects'][number]): BlockEffect | undefined => {
  const created = packed.created.map(({ owner, coin }) => ({ owner: encodeHex(owner), coin: unpackCoin(coin) }));
  const transactions: OwnTransaction[] = [];
  for (const data of packed.transactions) {
    const transaction = decodeTransaction(data);
    if (isFault(transaction)) return undefined;
    transactions.push({ txid: computeTxid(transaction), transaction });
  }
  if (created.some(({ coin }) => coin === undefined)) return undefined;
  return {
    hash: packed.hash,
    height: packed.height,
    time: packed.time,
    created: created as BlockEffect['created'],
    spent: packed.spent.map(unpackPoint),
    transactions,
  };
};

const restoreLedger = (content: SnapshotContent): CoinLedger | undefined => {
  const bases = new Map<string, { height: number; hash: SnapshotContent['genesis']; coins: readonly HeldCoin[] }>();
  for (const { owner, height, hash: at, coins } of content.bases) {
    const held = coins.map(unpackCoin);
    if (held.some((coin) => coin === undefined)) return undefined;
    bases.set(encodeHex(owner), { height, hash: at, coins: held as HeldCoin[] });
  }
  const effects = content.effects.map(restoreEffect);
  return effects.some((effect) => effect === undefined) ? undefined : { bases, effects: effects as BlockEffect[], readTo: content.readTo };
};

/**
 * Restores what was verified before. Nothing is taken on trust but which stakes were proved: links, signatures, kernels,
 * work and Bitcoin's headers are judged anew, so that a store that rotted is noticed.
 *
 * @unit now: unix seconds
 * @fault `snapshot-checksum`; `snapshot-network`: of another genesis; `snapshot-form`; and every header's
 * @source SPEC LC15; attack C4
 */
export const restoreSnapshot = (
  data: Uint8Array,
  trust: Trust,
  now: number,
): { readonly chain: LightChain; readonly ledger: CoinLedger } | Fault => {
  const content = data.subarray(0, Math.max(0, data.length - CHECKSUM_BYTES));
  if (!equalBytes(sha256(content), data.subarray(content.length))) return fault('snapshot-checksum');
  const decoded = decodeField(snapshotField, content);
  if (isFault(decoded)) return fault('snapshot-form', { code: decoded.fault });
  if (headerKey(decoded.genesis) !== headerKey(trust.genesis.hash)) return fault('snapshot-network');
  const ledger = restoreLedger(decoded);
  if (ledger === undefined) return fault('snapshot-form');
  const chain = restoreChain(decoded, trust, now);
  return isFault(chain) ? chain : { chain, ledger };
};

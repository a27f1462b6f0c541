import { encodeReversedHex } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { isFault } from '#protocol/fault';
import { targetOfBits } from '#protocol/params/target';
import { encodeAddress } from '#protocol/script/address';
import { decodeTransaction } from '#protocol/tx/transaction-codec';
import { txidsOf } from '../chain/block-rules.ts';
import type { StoredHeader } from '../chain/contract.ts';
import type { PoolEntry } from '../mempool/pool.ts';
import { checkMethods } from './check-methods.ts';
import { RPC_CODES, type RpcMethod, RpcRefusal, type RpcTable } from './json-rpc.ts';
import { ledgerMethods } from './ledger-methods.ts';
import { policyMethods } from './policy-methods.ts';
import { readBytes, readFlag, readHash, readInteger, readTxid } from './rpc-parameters.ts';
import type { NodeServices } from './services.ts';
import { showAmount, showHeader, showTransaction } from './show-block.ts';
import { stateMethods } from './state-methods.ts';

const AGENT = '/ValueCyber:0.1.0/';

const findBlock = ({ chain }: NodeServices, value: unknown): StoredHeader => {
  const found = chain.headerByHash(readHash(value));
  if (found === undefined) throw new RpcRefusal(RPC_CODES.address, 'Block not found');
  return found;
};

const placeOf = ({ chain }: NodeServices, { header, hash }: StoredHeader): { confirmations: number; next: string | undefined } => {
  if (!chain.isBest(hash)) return { confirmations: -1, next: undefined };
  const next = chain.headerAt(header.height + 1);
  return { confirmations: chain.tip().header.height - header.height + 1, next: next && encodeHex(next.hash) };
};

const difficultyOf = ({ chain }: NodeServices): number => Number(chain.parameters.maxTarget / targetOfBits(chain.tip().header.bits));

const chainMethods = (services: NodeServices): Record<string, RpcMethod> => {
  const { chain } = services;
  return {
    getblockchaininfo: () => ({
      chain: chain.network,
      blocks: chain.tip().header.height,
      headers: chain.wantedBodies(1).length === 0 ? chain.tip().header.height : (chain.wantedBodies(10_000).at(-1)?.header.height ?? 0),
      bestblockhash: encodeHex(chain.tip().hash),
      genesis: encodeHex(chain.genesis),
      difficulty: difficultyOf(services),
      time: chain.tip().header.time,
      mediantime: chain.medianTime(),
      chainwork: chain.tip().header.weight.toString(16).padStart(32, '0'),
      pruned: false,
      warnings: chain.deepRival() === undefined ? [] : ['deep-rival'],
    }),
    getblockcount: () => chain.tip().header.height,
    getbestblockhash: () => encodeHex(chain.tip().hash),
    getdifficulty: () => difficultyOf(services),
    getblockhash: ([height]) => {
      const found = chain.headerAt(readInteger(height));
      if (found === undefined) throw new RpcRefusal(RPC_CODES.parameter, 'Block height out of range');
      return encodeHex(found.hash);
    },
    getblockheader: ([hash, verbose]) => {
      const found = findBlock(services, hash);
      return readFlag(verbose, true) ? showHeader(found, placeOf(services, found)) : encodeHex(found.bytes);
    },
    getblock: async ([hash, verbosity]) => {
      const found = findBlock(services, hash);
      const level = verbosity === true ? 1 : verbosity === false ? 0 : readInteger(verbosity, 1);
      const bytes = await chain.bodyOf(found.hash);
      const body = chain.decodedBodyOf(found.hash);
      if (bytes === undefined || body === undefined) throw new RpcRefusal(RPC_CODES.misc, 'Block not available');
      if (level === 0) return encodeHex(found.bytes) + encodeHex(bytes);
      const tx =
        level === 1
          ? txidsOf(body.transactions).map(encodeReversedHex)
          : body.transactions.map((each) => showTransaction(each, chain.parameters));
      return { ...showHeader(found, placeOf(services, found)), size: found.bytes.length + bytes.length, nTx: body.transactions.length, tx };
    },
    gettxout: ([txid, index, pool]) => showCoin(services, { txid: readTxid(txid), index: readInteger(index) }, readFlag(pool, true)),
  };
};

const showCoin = (
  { chain, mempool }: NodeServices,
  outpoint: { txid: ReturnType<typeof readTxid>; index: number },
  pool: boolean,
): object | null => {
  const coin = pool ? mempool.findCoin(outpoint) : chain.findCoin(outpoint);
  if (coin === undefined || (pool && mempool.pool.spenderOf(outpoint) !== undefined)) return null;
  return {
    bestblock: encodeHex(chain.tip().hash),
    confirmations: Math.max(0, chain.tip().header.height - coin.height + 1),
    element: coin.element,
    layer: coin.layer,
    value: showAmount(coin.amount),
    scriptPubKey: { hex: encodeHex(coin.script), address: encodeAddress(coin.script, chain.parameters.addressPrefix) },
    coinbase: coin.type === 4,
  };
};

const showEntry = ({ mempool }: NodeServices, entry: PoolEntry): object => {
  const descendants = mempool.pool.descendantPackage(entry.txid);
  return {
    vsize: entry.size,
    time: Math.floor(entry.time),
    fees: { base: showAmount(entry.fee), descendant: showAmount(descendants.fee) },
    descendantcount: descendants.count,
    descendantsize: descendants.size,
    ancestorcount: mempool.pool.ancestorsOf(entry.spends).size + 1,
    depends: [...new Set(entry.spends.filter(({ txid }) => mempool.has(txid)).map(({ txid }) => encodeReversedHex(txid)))],
  };
};

const transactionMethods = (services: NodeServices): Record<string, RpcMethod> => {
  const { chain, mempool } = services;
  return {
    getrawtransaction: async ([id, verbose]) => {
      const txid = readTxid(id);
      const pooled = mempool.get(txid);
      const found = pooled === undefined ? await chain.findTransaction(txid) : undefined;
      const bytes = pooled?.bytes ?? found?.transaction;
      if (bytes === undefined) throw new RpcRefusal(RPC_CODES.address, 'No such mempool or blockchain transaction');
      if (!readFlag(verbose, false)) return encodeHex(bytes);
      const transaction = decodeTransaction(bytes);
      if (isFault(transaction)) throw new RpcRefusal(RPC_CODES.misc, transaction.fault);
      const shown = showTransaction(transaction, chain.parameters);
      if (found === undefined) return shown;
      return { ...shown, blockhash: encodeHex(found.block), confirmations: chain.tip().header.height - found.height + 1 };
    },
    decoderawtransaction: ([hex]) => {
      const transaction = decodeTransaction(readBytes(hex));
      if (isFault(transaction)) throw new RpcRefusal(RPC_CODES.parse, 'TX decode failed', transaction);
      return showTransaction(transaction, chain.parameters);
    },
    sendrawtransaction: async ([hex]) => {
      const submitted = await mempool.submit(readBytes(hex));
      if (isFault(submitted)) throw new RpcRefusal(RPC_CODES.verify, submitted.fault, submitted);
      return encodeReversedHex(submitted.txid);
    },
    getmempoolinfo: () => ({
      loaded: true,
      size: mempool.pool.size,
      bytes: [...mempool.pool.all()].reduce((sum, { bytes }) => sum + bytes.length, 0),
      usage: mempool.pool.memory,
      mempoolminfee: showAmount(mempool.minFeeRate()),
    }),
    getrawmempool: ([verbose]) => {
      const entries = mempool.pool.inMiningOrder();
      if (!readFlag(verbose, false)) return entries.map(({ txid }) => encodeReversedHex(txid));
      return Object.fromEntries(entries.map((entry) => [encodeReversedHex(entry.txid), showEntry(services, entry)]));
    },
    getmempoolentry: ([id]) => {
      const entry = mempool.get(readTxid(id));
      if (entry === undefined) throw new RpcRefusal(RPC_CODES.address, 'Transaction not in mempool');
      return showEntry(services, entry);
    },
  };
};

const nodeMethods = (services: NodeServices): Record<string, RpcMethod> => {
  const { network, bitcoin } = services;
  return {
    getpeerinfo: () =>
      network.peers().map((peer) => ({
        id: peer.id,
        addr: peer.address,
        inbound: peer.direction === 'inbound',
        synced_headers: peer.status()?.tipHeight ?? -1,
      })),
    listbanned: () =>
      network.banned().map(([address, until]) => ({
        address,
        banned_until: until,
        time_remaining: Math.max(0, until - Math.floor(services.now())),
      })),
    getconnectioncount: () => network.peers().length,
    getnetworkinfo: () => ({ subversion: AGENT, connections: network.peers().length, localaddresses: network.addresses() }),
    getmininginfo: () => ({
      blocks: services.chain.tip().header.height,
      pooledtx: services.mempool.pool.size,
      staking: services.staking(),
    }),
    getbitcoininfo: () => ({
      height: bitcoin.tip().height,
      hash: encodeReversedHex(bitcoin.tip().hash),
      mediantime: bitcoin.tip().medianTime,
    }),
    uptime: () => Math.floor(services.now() - services.startedAt),
    stop: () => {
      setImmediate(services.stop);
      return 'ValueCyber node stopping';
    },
  };
};

/** Bitcoin Core's method names where the thing exists here. @source SPEC ND32 */
export const makeRpcTable = (services: NodeServices): RpcTable => {
  const methods: Record<string, RpcMethod> = {
    ...chainMethods(services),
    ...transactionMethods(services),
    ...nodeMethods(services),
    ...stateMethods(services),
    ...checkMethods(services),
    ...policyMethods(services),
    ...ledgerMethods(services),
  };
  methods.help = () => Object.keys(methods).sort().join('\n');
  return { methods, guarded: new Set(['stop', 'sendrawtransaction', 'setmakerpolicy']) };
};

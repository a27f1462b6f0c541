import { schnorr } from '@noble/curves/secp256k1.js';
import { computeHeaderHash, encodeHeader } from '../../protocol/block/header-codec.ts';
import { compareBytes, equalBytes } from '../../protocol/codec/bytes.ts';
import { ZERO_HASH } from '../../protocol/codec/hash32.ts';
import { sha256 } from '../../protocol/crypto/hash.ts';
import { type Fault, fault, isFault } from '../../protocol/fault.ts';
import { invariant } from '../../protocol/invariant.ts';
import { decodeCoin, encodeCoin } from '../../protocol/ledger/coin-codec.ts';
import type { NodeChain, RangeProof, StoredHeader } from '../../protocol/node/chain/contract.ts';
import { targetOfBits } from '../../protocol/params/target.ts';
import { computeKernel, isKernelBelow } from '../../protocol/stake/kernel.ts';
import { MemoryNodes } from '../../protocol/trie/memory-nodes.ts';
import type { KeyRange } from '../../protocol/trie/node.ts';
import { proveRanges } from '../../protocol/trie/prove.ts';
import { cutRanges, keyRange } from '../../protocol/trie/ranges.ts';
import { updateTrie } from '../../protocol/trie/update.ts';
import { type ProvenLeaf, verifyRangesWhere } from '../../protocol/trie/verify.ts';

export const LIES = ['omit-coin', 'forge-balance', 'header-without-stake', 'old-tip'] as const;
export type Lie = (typeof LIES)[number];

const STALE_BLOCKS = 15;

/** A chain that answers as the honest one does, but for what is given here. */
const over = (chain: NodeChain, lies: Partial<NodeChain>): NodeChain => Object.assign(Object.create(chain) as NodeChain, lies);

const leavesOf = (ranges: readonly KeyRange[], { proof, upTo }: RangeProof): readonly ProvenLeaf[] => {
  const leaves = verifyRangesWhere(() => true, cutRanges(ranges, upTo), proof);
  invariant(!isFault(leaves), 'an honest proof is read back');
  return leaves;
};

const lieAboutCoins = (
  chain: NodeChain,
  lie: (honest: RangeProof, block: Uint8Array, ranges: readonly KeyRange[]) => Promise<RangeProof | Fault>,
): NodeChain =>
  over(chain, {
    proveState: async (block, trie, ranges) => {
      const honest = await chain.proveState(block, trie, ranges);
      return isFault(honest) || trie !== 'coins' ? honest : lie(honest, block, ranges);
    },
  });

const holds = ({ lo, hi }: KeyRange, key: Uint8Array): boolean => compareBytes(lo, key) <= 0 && compareBytes(key, hi) <= 0;

/** One key in the other half of the trie. */
const elsewhere = ({ lo }: KeyRange): KeyRange => keyRange(Uint8Array.from(lo, (byte, place) => (place === 0 ? byte ^ 0x80 : byte)));

/** The true root and true leaves, but the subtree that holds the first of them is a hash, as if it had not been asked for. */
const omitCoin = (chain: NodeChain): NodeChain =>
  lieAboutCoins(chain, async (honest, block, ranges) => {
    const [first] = leavesOf(ranges, honest);
    if (first === undefined) return honest;
    const others = ranges.filter((range) => !holds(range, first.key));
    const partial = await chain.proveState(block, 'coins', others.length > 0 ? others : ranges.slice(0, 1).map(elsewhere));
    return isFault(partial) ? partial : { ...partial, upTo: honest.upTo };
  });

const enrich = ({ key, value }: ProvenLeaf): ProvenLeaf => {
  const coin = decodeCoin(value);
  invariant(!isFault(coin), 'the state holds coins');
  return { key, value: encodeCoin({ ...coin, amount: coin.amount * 1_000n }) };
};

/** A proof in perfect form, of a trie that holds these coins and a thousand times their amounts. */
const forgeBalance = (chain: NodeChain): NodeChain =>
  lieAboutCoins(chain, async (honest, _, ranges) => {
    const nodes = new MemoryNodes();
    const update = updateTrie(nodes, ZERO_HASH, leavesOf(ranges, honest).map(enrich));
    nodes.apply(update);
    const forged = proveRanges(nodes, update.root, cutRanges(ranges, honest.upTo));
    invariant(!isFault(forged), 'what was proved in one trie fits a smaller one');
    return { ...honest, proof: forged.proof };
  });

const NOBODY = sha256(Uint8Array.of(1));

/** Another block in the newest one's place, drawn and signed as it should be, by a stake that was never registered. */
const forgeHeader = ({ header }: StoredHeader): StoredHeader => {
  const outpoint = { txid: NOBODY, index: 0 };
  const amount = 1_000_000_000_000_000n;
  const target = targetOfBits(header.bits);
  while (!isKernelBelow(computeKernel({ bitcoin: header.bitcoin, outpoint, time: header.time }), amount, target)) outpoint.index++;
  const right = { kind: 'stake', outpoint, amount, key: schnorr.getPublicKey(NOBODY) } as const;
  const unsigned = { ...header, right };
  const signed = { ...unsigned, signature: schnorr.sign(computeHeaderHash(unsigned), NOBODY) };
  return { header: signed, hash: computeHeaderHash(signed), bytes: encodeHeader(signed) };
};

const lieAboutStake = (chain: NodeChain): NodeChain => {
  const made: { of: StoredHeader | undefined; forged: StoredHeader | undefined } = { of: undefined, forged: undefined };
  const forged = (): StoredHeader => {
    const tip = chain.tip();
    if (made.forged === undefined || made.of !== tip) Object.assign(made, { of: tip, forged: forgeHeader(tip) });
    return made.forged as StoredHeader;
  };
  const isForged = (hash: Uint8Array): boolean => equalBytes(hash, forged().hash);
  const honest = (hash: Uint8Array): Uint8Array => (isForged(hash) ? chain.tip().hash : hash);
  return over(chain, {
    tip: forged,
    headerAt: (height) => (height === chain.tip().header.height ? forged() : chain.headerAt(height)),
    headerByHash: (hash) => (isForged(hash) ? forged() : chain.headerByHash(hash)),
    isBest: (hash) => isForged(hash) || (chain.isBest(hash) && !equalBytes(hash, chain.tip().hash)),
    filterOf: (hash) => chain.filterOf(honest(hash)),
    bodyOf: (hash) => chain.bodyOf(honest(hash)),
    proveState: (block, trie, ranges) => chain.proveState(honest(block), trie, ranges),
    proveHistory: (tip, heights) => chain.proveHistory(honest(tip), heights),
    proveConsistency: (tip, size) => chain.proveConsistency(honest(tip), size),
    onTip: (listener) => chain.onTip((change) => listener({ ...change, tip: forged() })),
  });
};

const replayOldTip = (chain: NodeChain): NodeChain => {
  const old = chain.headerAt(Math.max(0, chain.tip().header.height - STALE_BLOCKS));
  invariant(old !== undefined, 'the best chain has every height up to its tip');
  const { height } = old.header;
  const isOld = (hash: Uint8Array): boolean => (chain.headerByHash(hash)?.header.height ?? Number.POSITIVE_INFINITY) <= height;
  return over(chain, {
    tip: () => old,
    headerAt: (at) => (at <= height ? chain.headerAt(at) : undefined),
    headerByHash: (hash) => (isOld(hash) ? chain.headerByHash(hash) : undefined),
    isBest: (hash) => isOld(hash) && chain.isBest(hash),
    filterOf: async (hash) => (isOld(hash) ? chain.filterOf(hash) : undefined),
    bodyOf: async (hash) => (isOld(hash) ? chain.bodyOf(hash) : undefined),
    proveState: async (block, trie, ranges) => (isOld(block) ? chain.proveState(block, trie, ranges) : fault('unknown-block')),
    onTip: () => () => undefined,
  });
};

const TELL: { readonly [L in Lie]: (chain: NodeChain) => NodeChain } = {
  'omit-coin': omitCoin,
  'forge-balance': forgeBalance,
  'header-without-stake': lieAboutStake,
  'old-tip': replayOldTip,
};

/** The honest chain as a peer that tells this lie shows it. */
export const tellLie = (chain: NodeChain, lie: Lie): NodeChain => TELL[lie](chain);

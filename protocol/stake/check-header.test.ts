import { schnorr } from '@noble/curves/secp256k1.js';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Header, StakeRight } from '../block/header.ts';
import { computeHeaderHash, decodeHeader, encodeHeader } from '../block/header-codec.ts';
import { asHash32, type Hash32 } from '../codec/hash32.ts';
import { encodeHex } from '../codec/hex.ts';
import { NOBLE_CURVE, useCrypto } from '../crypto/backend.ts';
import { sha256 } from '../crypto/hash.ts';
import { isFault } from '../fault.ts';
import { DEV_PARAMETERS } from '../params/networks.ts';
import { computeWork, encodeBits, targetOfBits } from '../params/target.ts';
import { GENESIS_TIME, TestChain, testKey } from '../state/test-chain.ts';
import { proveRanges } from '../trie/prove.ts';
import { keyRange } from '../trie/ranges.ts';
import type { Outpoint } from '../tx/outpoint.ts';
import { checkBits } from './check-bits.ts';
import { checkEconomyIdentity } from './check-economy.ts';
import { checkHeader, checkHeaderBytes } from './check-header.ts';
import { checkKernel } from './check-kernel.ts';
import { checkParent } from './check-parent.ts';
import { checkRest } from './check-rest.ts';
import { checkRight } from './check-right.ts';
import { checkSignature } from './check-signature.ts';
import { checkStake } from './check-stake.ts';
import { checkTime } from './check-time.ts';
import { checkWeight } from './check-weight.ts';
import { checkGenesisHeader, type HeaderView, type KnownHeader } from './header-view.ts';
import { computeEpochHeight } from './heights.ts';
import { computeKernel, isKernelBelow } from './kernel.ts';
import type { StakeLeaf } from './stake-leaf.ts';
import { encodeStakeProof, orderStakes } from './stake-proof.ts';
import { readStakeProof, readStakeProofs } from './stake-source.ts';

const LENGTH = 40;
const parameters = DEV_PARAMETERS;
const rules = { parameters, genesisTime: GENESIS_TIME };
const chain = new TestChain();
let view: HeaderView;
let good: Header;

const known = (height: number): KnownHeader => chain.state.changeOf(height);

const proofOf = (outpoints: readonly Outpoint[], epoch: number): Uint8Array => {
  const roots = chain.state.rootsAt(epoch);
  const ranges = orderStakes(outpoints).map(({ key }) => keyRange(key));
  const proved = proveRanges(chain.state.stakeNodes, roots.stakes, ranges);
  if (isFault(proved)) throw new Error(proved.fault);
  return encodeStakeProof({ epochHeight: epoch, coinsRoot: roots.coins, recordsRoot: roots.records, multiproof: proved.proof });
};

const epochOf = (header: Header): number => computeEpochHeight(header.height, parameters);
const rightOf = (header: Header): StakeRight => header.right as StakeRight;
const ownProof = (header: Header): Uint8Array => proofOf([rightOf(header).outpoint], epochOf(header));

const secretOf = (key: Uint8Array): Uint8Array => {
  for (let i = 0; i < 100; i++) if (encodeHex(testKey(i).xOnly) === encodeHex(key)) return testKey(i).secret;
  return testKey(0).secret;
};

const sign = (header: Header): Header => ({
  ...header,
  signature: schnorr.sign(computeHeaderHash(header), secretOf(rightOf(header).key), new Uint8Array(32)),
});

/** Draws the header's stake by trying Bitcoin hashes: which one it may name is another rule's matter. */
const draw = (header: Header, wanted = true): Header => {
  for (let i = 0; ; i++) {
    const bitcoin = sha256(Uint8Array.of(i & 255, i >> 8, 77));
    const kernel = computeKernel({ bitcoin, outpoint: rightOf(header).outpoint, time: header.time });
    if (isKernelBelow(kernel, rightOf(header).amount, targetOfBits(header.bits)) === wanted) return { ...header, bitcoin };
  }
};

const useStake = (header: Header, leaf: Pick<StakeLeaf, 'outpoint' | 'amount' | 'key'>): Header => ({
  ...header,
  right: { kind: 'stake', outpoint: leaf.outpoint, amount: leaf.amount, key: leaf.key },
});

/** Every rule by itself: the names of those that refuse. */
const brokenRules = (header: Header, proof: Uint8Array, seen: HeaderView = view): string[] => {
  const parent = checkParent(header, seen, parameters.maxReorg);
  const from = isFault(parent) ? known(header.height - 1) : parent;
  const right = rightOf(header);
  const context = { view: seen, stakes: readStakeProof(proof), parameters };
  const verdicts = [
    parent,
    checkRight(header),
    checkTime(header, from.header, parameters),
    checkBits(header, from, seen, parameters),
    checkEconomyIdentity(header, from.header),
    checkRest(header, right, from, seen, parameters),
    checkSignature(header, computeHeaderHash(header)),
    checkStake(header, right, from, context),
    checkKernel(header, right),
    checkWeight(header, from.header),
  ];
  return verdicts.flatMap((verdict) => (isFault(verdict) ? [verdict.fault] : []));
};

const judge = (header: Header, proof = ownProof(header), seen: HeaderView = view) =>
  checkHeader(header, { view: seen, stakes: readStakeProof(proof), rules });

const restingMaker = (): StakeRight => rightOf(known(LENGTH).header);

beforeAll(() => {
  chain.grow(LENGTH);
  const byHash = new Map(Array.from({ length: LENGTH + 1 }, (_, h) => [encodeHex(known(h).hash), known(h)]));
  view = {
    findHeader: (hash) => byHash.get(encodeHex(hash)),
    findAncestor: (from, height) => (height <= from.header.height ? known(height) : undefined),
    depthOf: (parent) => LENGTH - parent.header.height,
  };
  good = chain.make().header;
});

afterEach(() => useCrypto({ curve: NOBLE_CURVE }));

describe('a header', () => {
  test('HD12 that keeps every rule is chained, with its stake as the epoch had it', () => {
    expect(brokenRules(good, ownProof(good))).toEqual([]);
    const chained = checkHeaderBytes(encodeHeader(good), { view, stakes: readStakeProof(ownProof(good)), rules });
    expect(chained).toMatchObject({ header: good, stake: { amount: rightOf(good).amount } });
  });

  const zeroed = (bytes: Uint8Array): Hash32 => asHash32(sha256(bytes));
  const cases: readonly [string, string, () => Header, (() => Uint8Array)?][] = [
    ['HD6 a parent that is unknown', 'unknown-parent', () => sign({ ...good, previous: zeroed(good.previous) })],
    ['HD6 a height that skips', 'height', () => sign({ ...good, previous: known(LENGTH - 1).hash }), () => ownProof(good)],
    ['ST12 referenced versions', 'not-yet-supported', () => sign({ ...good, versionsRoot: zeroed(good.previous) })],
    ['HD7 the time of its parent', 'time-not-after-parent', () => sign(draw({ ...good, time: known(LENGTH).header.time }))],
    [
      'ST8 bits that are easier',
      'bits',
      () => {
        const bits = encodeBits(parameters.maxTarget);
        return sign(draw({ ...good, bits, weight: known(LENGTH).header.weight + computeWork(targetOfBits(bits)) }));
      },
    ],
    ['HD9 value from nothing', 'economy', () => sign({ ...good, economy: { ...good.economy, value: good.economy.value + 1n } })],
    ['HD9 fees from nothing', 'economy', () => sign({ ...good, economy: { ...good.economy, fees: good.economy.fees + 1n } })],
    ['HD9 more locked than there is', 'economy', () => sign({ ...good, economy: { ...good.economy, locked: good.economy.value + 1n } })],
    ['HD9 more overdue than owed', 'economy', () => sign({ ...good, economy: { ...good.economy, overdue: good.economy.debt + 1n } })],
    [
      'ST2 a stake that rests',
      'stake-resting',
      () => sign(draw({ ...useStake(good, restingMaker()), time: known(LENGTH).header.time + parameters.stallTime - 1 })),
    ],
    ['HD11 a signature of another header (S7)', 'signature', () => ({ ...good, txRoot: zeroed(good.txRoot) })],
    [
      'HD11 a signature of another key',
      'signature',
      () => ({ ...good, signature: schnorr.sign(computeHeaderHash(good), testKey(99).secret) }),
    ],
    [
      'ST6 a stake that never was (S1)',
      'stake-missing',
      () => {
        const leaf = { outpoint: { txid: zeroed(good.previous), index: 0 }, amount: rightOf(good).amount, key: testKey(3).xOnly };
        return sign(draw(useStake(good, leaf)));
      },
    ],
    ['ST6 a proof of another epoch', 'stake-epoch', () => good, () => proofOf([rightOf(good).outpoint], 0)],
    ['ST6 a proof of another stake', 'proof', () => good, () => proofOf([restingMaker().outpoint], epochOf(good))],
    [
      'ST7 an amount that the stake has not',
      'stake-mismatch',
      () => sign({ ...good, right: { ...rightOf(good), amount: rightOf(good).amount + 1n } }),
    ],
    ['ST7 a key that the stake has not', 'stake-mismatch', () => sign({ ...good, right: { ...rightOf(good), key: testKey(77).xOnly } })],
    ['ST4 a stake that was not drawn', 'kernel', () => sign(draw(good, false))],
    ['ST9 a weight of its own', 'weight', () => sign({ ...good, weight: good.weight + 1n })],
    ['ST9 a weight below its own', 'weight', () => sign({ ...good, weight: good.weight - 1n })],
  ];

  test.each(cases)('HD6, HD7, HD9, HD11, HD12, ST2, ST4, ST6, ST7, ST8, ST9, ST12 refuse alone: %s', (_, code, make, makeProof) => {
    const header = make();
    const proof = makeProof?.() ?? ownProof(header);
    const broken = brokenRules(header, proof);
    expect(broken).toHaveLength(1);
    expect(judge(header, proof)).toMatchObject({ fault: broken[0] });
    if (code !== 'proof') expect(broken).toEqual([code]);
  });

  test('ST6 blames nobody where the ancestor that would prove a stake is not held', () => {
    const ignorant = { ...view, findAncestor: () => undefined };
    const context = { view: ignorant, stakes: readStakeProof(ownProof(good)), parameters };
    expect(checkStake(good, rightOf(good), known(LENGTH), context)).toEqual({ fault: 'unknown-epoch', detail: { height: epochOf(good) } });
  });

  test('HD12 a burn is not yet supported, whatever else it says', () => {
    const right = { kind: 'burn' as const, proofHash: good.previous, satoshi: 10_000n, key: rightOf(good).key };
    expect(judge({ ...good, right }, new Uint8Array())).toMatchObject({ fault: 'not-yet-supported' });
    expect(judge({ ...good, height: 99, right }, new Uint8Array())).toMatchObject({ fault: 'height' });
  });

  const altered: readonly [string, (header: Header) => Partial<Header>][] = [
    ['height', ({ height }) => ({ height: height + 1 })],
    ['previous', ({ previous }) => ({ previous: zeroed(previous) })],
    ['time', ({ time }) => ({ time: time + 1 })],
    ['bits', ({ bits }) => ({ bits: bits + 1 })],
    ['bitcoin', ({ bitcoin }) => ({ bitcoin: zeroed(bitcoin) })],
    ['config', ({ config }) => ({ config: zeroed(config) })],
    ['txRoot', ({ txRoot }) => ({ txRoot: zeroed(txRoot) })],
    ['witnessRoot', ({ witnessRoot }) => ({ witnessRoot: zeroed(witnessRoot) })],
    ['stateRoot', ({ stateRoot }) => ({ stateRoot: zeroed(stateRoot) })],
    ['historyRoot', ({ historyRoot }) => ({ historyRoot: zeroed(historyRoot) })],
    ['filterHash', ({ filterHash }) => ({ filterHash: zeroed(filterHash) })],
    ['versionsRoot', ({ versionsRoot }) => ({ versionsRoot: zeroed(versionsRoot) })],
    ['weight', ({ weight }) => ({ weight: weight + 1n })],
    ['right', (header) => ({ right: { ...rightOf(header), amount: rightOf(header).amount - 1n } })],
    ...(['value', 'locked', 'credit', 'debt', 'overdue', 'fees'] as const).map((name): [string, (header: Header) => Partial<Header>] => [
      `economy.${name}`,
      ({ economy }) => ({ economy: { ...economy, [name]: economy[name] + 1n } }),
    ]),
  ];

  test('HD11 names every field of a header below (S7)', () => {
    const fields = Object.keys(good).filter((name) => name !== 'signature' && name !== 'version' && name !== 'economy');
    const economy = Object.keys(good.economy).map((name) => `economy.${name}`);
    expect(altered.map(([name]) => name).sort()).toEqual([...fields, ...economy].sort());
  });

  test.each(altered)('HD11 a signature covers %s: it fits no header in which that is another (S7)', (_, alter) => {
    const header = { ...good, ...alter(good) };
    expect(checkSignature(good, computeHeaderHash(good))).not.toHaveProperty('fault');
    expect(checkSignature(header, computeHeaderHash(header))).toMatchObject({ fault: 'signature' });
    expect(judge(header, ownProof(good))).toHaveProperty('fault');
  });

  test('HD11 a signature covers every byte that is hashed: with a bit changed in any of them it fits no more (S7)', () => {
    const bytes = encodeHeader(good);
    let checked = 0;
    for (let at = 0; at < bytes.length - 64; at++) {
      const header = decodeHeader(bytes.map((byte, i) => (i === at ? byte ^ (1 << (at % 8)) : byte)));
      if (isFault(header)) continue;
      expect(checkSignature(header, computeHeaderHash(header))).toMatchObject({ fault: 'signature' });
      checked++;
    }
    expect(checked).toBeGreaterThan(400);
  });

  test('HD11 a signature of the same stake, whole or in half, is lifted to no other of its blocks (S7)', () => {
    const sibling = sign({ ...good, txRoot: zeroed(good.txRoot) });
    expect(brokenRules(sibling, ownProof(sibling))).toEqual([]);
    const halves = (a: Header, b: Header): Uint8Array => Uint8Array.of(...a.signature.subarray(0, 32), ...b.signature.subarray(32));
    for (const signature of [sibling.signature, halves(good, sibling), halves(sibling, good)])
      expect(judge({ ...good, signature })).toMatchObject({ fault: 'signature' });
    const earlier = known(LENGTH).header;
    expect(judge({ ...good, right: earlier.right, signature: earlier.signature }, ownProof(good))).toHaveProperty('fault');
  });

  test('FC3 parts from the best chain at most maxReorg below its tip', () => {
    const parent = known(LENGTH - 1);
    const header = { ...good, previous: parent.hash, height: LENGTH };
    const at = (depth: number) => checkParent(header, { ...view, depthOf: () => depth }, parameters.maxReorg);
    expect(at(parameters.maxReorg)).toBe(parent);
    expect(at(parameters.maxReorg + 1)).toMatchObject({ fault: 'too-deep' });
  });

  test('HD12 costs a signature only when the cheap rules hold, and a proof only when the signature does', () => {
    let signatures = 0;
    const verifySchnorr: typeof NOBLE_CURVE.verifySchnorr = (...of) => {
      signatures++;
      return NOBLE_CURVE.verifySchnorr(...of);
    };
    useCrypto({ curve: { ...NOBLE_CURVE, verifySchnorr } });
    let opened = 0;
    const stakes = {
      findStake: (...of: Parameters<ReturnType<typeof readStakeProof>['findStake']>) => {
        opened++;
        return readStakeProof(ownProof(good)).findStake(...of);
      },
    };
    const refuse = (header: Header): unknown => checkHeader(header, { view, stakes, rules });
    for (let i = 1; i <= 40; i++) refuse({ ...good, bits: good.bits - i });
    for (let i = 0; i < 40; i++) refuse({ ...good, time: known(LENGTH).header.time - i });
    expect([signatures, opened]).toEqual([0, 0]);
    for (let i = 0; i < 5; i++) refuse({ ...good, weight: BigInt(i) });
    expect([signatures, opened]).toEqual([5, 0]);
    refuse(good);
    expect([signatures, opened]).toEqual([6, 1]);
  });
});

describe('genesis', () => {
  test('HD5 is the header of height 0 with the hash that the network names, and no other', () => {
    const { header, hash } = known(0);
    expect(checkGenesisHeader(header, hash)).toMatchObject({ hash, stake: undefined });
    expect(checkGenesisHeader({ ...header, time: header.time + 1 }, hash)).toMatchObject({ fault: 'genesis' });
    expect(checkGenesisHeader(good, computeHeaderHash(good))).toMatchObject({ fault: 'genesis' });
  });
});

describe('many headers with one proof for each epoch', () => {
  const headersFrom = (from: number, to: number): Header[] => Array.from({ length: to - from + 1 }, (_, i) => known(from + i).header);

  test('ST6 are judged one after the other, each proof opened once', () => {
    const headers = headersFrom(1, LENGTH);
    const epochs = [...new Set(headers.map(epochOf))];
    const proofs = epochs.map((epoch) =>
      proofOf(
        headers.filter((header) => epochOf(header) === epoch).map((header) => rightOf(header).outpoint),
        epoch,
      ),
    );
    const stakes = readStakeProofs(headers, proofs, parameters);
    if (isFault(stakes)) throw new Error(stakes.fault);
    for (const header of headers)
      expect(checkHeader(header, { view: { ...view, depthOf: () => 0 }, stakes, rules })).toMatchObject({ header });
    expect(readStakeProofs(headers, proofs.slice(1), parameters)).toMatchObject({ fault: 'stake-proofs' });
    expect(readStakeProofs(headers, [...proofs, new Uint8Array()], parameters)).toMatchObject({ fault: 'stake-proofs' });
  });
});

describe('rest', () => {
  const stalled = (): Header => sign(draw({ ...useStake(good, restingMaker()), time: known(LENGTH).header.time + parameters.stallTime }));

  test('ST2 ends when the chain has stalled: a resting stake may then make a block', () => {
    expect(brokenRules(stalled(), ownProof(stalled()))).toEqual([]);
    expect(judge(stalled())).toMatchObject({ header: { time: known(LENGTH).header.time + parameters.stallTime } });
  });

  test.each([
    [-1, 'stake-resting'],
    [0, undefined],
    [1, undefined],
  ])('ST2 is over exactly stakeMaturity blocks after the last block made: %i (S13)', (over, code) => {
    const height = LENGTH + 1 - parameters.stakeMaturity - over;
    const header = { ...good, time: known(LENGTH).header.time + 1 };
    const verdict = checkRest(header, rightOf(known(height).header), known(LENGTH), view, parameters);
    expect(isFault(verdict) ? verdict.fault : undefined).toBe(code);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../codec/bytes.ts';
import { asHash32, ZERO_HASH } from '../codec/hash32.ts';
import { encodeHex } from '../codec/hex.ts';
import { sha256 } from '../crypto/hash.ts';
import { isFault } from '../fault.ts';
import { checkGenesisHeader } from '../stake/header-view.ts';
import { TestChain, testGenesis } from '../state/test-chain.ts';
import { computeTxid, computeWeight, computeWtxid } from '../tx/identity.ts';
import { decodeBody, encodeBody } from './body-codec.ts';
import { computeBlockWeight, computeTxRoot, computeWitnessRoot } from './body-roots.ts';
import { buildCoinbase } from './coinbase.ts';
import type { Header } from './header.ts';
import { computeHeaderHash, decodeHeader, encodeHeader, encodeUnsignedHeader, hashHeaderBytes } from './header-codec.ts';
import { computeMedianTime } from './median-time.ts';
import { computeRewardShares, type Maker, payMaker } from './rewards.ts';
import { computeStateRoot } from './state-root.ts';

const hashOf = (n: number) => sha256(Uint8Array.of(n));
const chain = new TestChain();
chain.grow(1);
const { header, body } = chain.state.blockOf(1)!;
const genesis = testGenesis().block.header;

const withByte = (bytes: Uint8Array, at: number, value: number): Uint8Array => {
  const changed = bytes.slice();
  changed[at] = value;
  return changed;
};

describe('header bytes', () => {
  const anyHash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(asHash32);
  const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
  const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  const right = fc.oneof(
    fc.record({
      kind: fc.constant('stake' as const),
      outpoint: fc.record({ txid: anyHash, index: u32 }),
      amount: fc.bigInt({ min: 1n, max: 2n ** 53n - 1n }),
      key: anyHash,
    }),
    fc.record({ kind: fc.constant('burn' as const), proofHash: anyHash, satoshi: u64, key: anyHash }),
  );
  const anyHeader: fc.Arbitrary<Header> = fc.record({
    version: fc.constant(1 as const),
    height: fc.integer({ min: 1, max: 0xffff_ffff }),
    previous: anyHash,
    time: u32,
    bits: u32,
    bitcoin: anyHash,
    config: anyHash,
    txRoot: anyHash,
    witnessRoot: anyHash,
    stateRoot: anyHash,
    historyRoot: anyHash,
    filterHash: anyHash,
    versionsRoot: anyHash,
    economy: fc.record({ value: u64, locked: u64, credit: u64, debt: u64, overdue: u64, fees: u64 }),
    weight: fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
    right,
    signature: fc.uint8Array({ minLength: 64, maxLength: 64 }),
  });

  test('HD1 are 512, decode to what was encoded, and have one form', () => {
    fc.assert(
      fc.property(anyHeader, (made) => {
        const bytes = encodeHeader(made);
        expect(bytes).toHaveLength(512);
        expect(decodeHeader(bytes)).toEqual(made);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 512, maxLength: 512 }), (bytes) => {
        bytes.set([1, 0, 0, 0]);
        bytes[368] = (bytes[368] as number) & 1;
        const read = decodeHeader(bytes);
        if (!isFault(read)) expect(encodeHeader(read)).toEqual(bytes);
      }),
    );
  });

  test.each([0, 511, 513, 1_024])('HD1 refuses %i bytes', (length) => {
    expect(decodeHeader(new Uint8Array(length))).toMatchObject({ fault: 'size' });
  });

  test('HD1 stand where spec 02 says', () => {
    const bytes = encodeHeader(header);
    const hex = (from: number, length: number): string => encodeHex(bytes.subarray(from, from + length));
    expect(hex(0, 8)).toBe('0100000001000000');
    expect(hex(8, 32)).toBe(encodeHex(header.previous));
    expect(hex(112, 32)).toBe(encodeHex(header.txRoot));
    expect(hex(272, 32)).toBe(encodeHex(header.versionsRoot));
    expect(new DataView(bytes.buffer).getBigUint64(304, true)).toBe(header.economy.value);
    expect(new DataView(bytes.buffer).getBigUint64(352, true)).toBe(header.weight);
    expect(bytes[368]).toBe(0);
    expect(hex(448, 64)).toBe(encodeHex(header.signature));
  });

  test('HD2 refuses another version, kind of proof, amount, and bytes that are not zero', () => {
    const bytes = encodeHeader(header);
    const changes: [number, number][] = [
      [0, 2],
      [3, 1],
      [368, 2],
      [412, 0x20],
      [445, 1],
      [447, 1],
    ];
    for (const [at, value] of changes) expect(decodeHeader(withByte(bytes, at, value))).toMatchObject({ fault: 'form' });
    const burn = encodeHeader({ ...header, right: { kind: 'burn', proofHash: hashOf(1), satoshi: 1n, key: hashOf(2) } });
    expect(decodeHeader(burn)).toMatchObject({ right: { kind: 'burn' } });
    for (const kind of [2, 255]) expect(decodeHeader(withByte(burn, 368, kind))).toMatchObject({ fault: 'form' });
    for (const at of [401, 404, 445]) expect(decodeHeader(withByte(burn, at, 1))).toMatchObject({ fault: 'form' });
    expect(decodeHeader(concatBytes(bytes.subarray(0, 405), new Uint8Array(8), bytes.subarray(413)))).toMatchObject({ fault: 'form' });
  });

  test('HD3 are zero in genesis where nothing came before, and only there', () => {
    const bytes = encodeHeader(genesis);
    expect(decodeHeader(bytes)).toEqual(genesis);
    for (const at of [8, 48, 80, 208, 272, 352, 368, 400, 448, 511])
      expect(decodeHeader(withByte(bytes, at, 1))).toMatchObject({ fault: 'form' });
    expect(decodeHeader(encodeHeader({ ...header, right: { kind: 'none' } }))).toMatchObject({ fault: 'form' });
  });

  test('HD4 are hashed without the signature, under the tag', () => {
    const tag = sha256(new TextEncoder().encode('VC/header'));
    expect(computeHeaderHash(header)).toEqual(sha256(concatBytes(tag, tag, encodeUnsignedHeader(header))));
    expect(computeHeaderHash({ ...header, signature: new Uint8Array(64) } as Header)).toEqual(computeHeaderHash(header));
    expect(hashHeaderBytes(encodeHeader(header))).toEqual(computeHeaderHash(header));
  });

  test('HD5 begin a chain only as the genesis that is named', () => {
    const hash = computeHeaderHash(genesis);
    expect(checkGenesisHeader(genesis, hash)).toMatchObject({ hash, stake: undefined });
    expect(checkGenesisHeader({ ...genesis, time: genesis.time + 1 }, hash)).toMatchObject({ fault: 'genesis' });
    expect(checkGenesisHeader(header, computeHeaderHash(header))).toMatchObject({ fault: 'genesis' });
  });

  test('HD8 commit to the three tries in their order', () => {
    const tag = sha256(new TextEncoder().encode('VC/state'));
    const roots = { coins: hashOf(1), records: hashOf(2), stakes: hashOf(3) };
    expect(computeStateRoot(roots)).toEqual(sha256(concatBytes(tag, tag, hashOf(1), hashOf(2), hashOf(3))));
  });
});

test('HD13 the median is the upper middle of what there is', () => {
  expect(computeMedianTime([7])).toBe(7);
  expect(computeMedianTime([9, 7])).toBe(9);
  expect(computeMedianTime([1, 3, 2])).toBe(2);
  expect(computeMedianTime([1, 4, 2, 3])).toBe(3);
  expect(computeMedianTime([11, 1, 10, 2, 9, 3, 8, 4, 7, 5, 6])).toBe(6);
});

describe('body', () => {
  const versions = [{ header, stakeProof: Uint8Array.of(1, 2, 3) }];

  test('BK1 decodes to what was encoded and leaves nothing over', () => {
    const bytes = encodeBody({ ...body, versions });
    expect(decodeBody(bytes)).toEqual({ ...body, versions });
    expect(decodeBody(concatBytes(bytes, Uint8Array.of(0)))).toMatchObject({ fault: 'trailing' });
    for (let length = 0; length < bytes.length; length += 7) expect(decodeBody(bytes.subarray(0, length))).toHaveProperty('fault');
  });

  test('BK1 refuses a tenth version, and counts that lie', () => {
    expect(decodeBody(encodeBody({ ...body, versions: Array.from({ length: 9 }, () => versions[0]!) }))).not.toHaveProperty('fault');
    expect(decodeBody(encodeBody({ ...body, versions: Array.from({ length: 10 }, () => versions[0]!) }))).toMatchObject({ fault: 'size' });
    expect(decodeBody(Uint8Array.of(0xfe, 0xff, 0xff, 0xff, 0xff, 1, 2, 3))).toHaveProperty('fault');
    expect(decodeBody(Uint8Array.of(0xfd, 0x10, 0x27, 1, 2, 3))).toMatchObject({ fault: 'short' });
  });

  test('BK2 has the roots over ids, the coinbase counted as zero among witnesses', () => {
    const leaf = (bytes: Uint8Array) => sha256(concatBytes(Uint8Array.of(0), bytes));
    const node = (a: Uint8Array, b: Uint8Array) => sha256(concatBytes(Uint8Array.of(1), a, b));
    const [tx] = body.transactions;
    expect(computeTxRoot({ transactions: [tx!], versions: [] })).toEqual(leaf(computeTxid(tx!)));
    expect(computeWitnessRoot({ transactions: [tx!, tx!], versions: [] })).toEqual(node(leaf(ZERO_HASH), leaf(computeWtxid(tx!))));
  });

  test('BK3 weighs four units a byte but for witnesses', () => {
    const transactions = body.transactions.reduce((sum, tx) => sum + computeWeight(tx), 0);
    expect(computeBlockWeight(body)).toBe(4 * (512 + 2) + transactions);
    expect(computeBlockWeight({ ...body, versions })).toBe(4 * (512 + 2 + 512 + 1 + 3) + transactions);
  });
});

describe('rewards', () => {
  const maker = (n: number, share: number): Maker => ({ key: hashOf(n), share, ownerScript: Uint8Array.of(0x51, n) });
  const sumOf = (amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => a + b, 0n);

  test('RW1 of the white paper: four versions, all referenced: 8 %, four times 10.5 %, 50 % on top', () => {
    expect(computeRewardShares(10_000n, 4)).toEqual({ reference: 800n, each: 1_050n, accepted: 5_000n + 1_050n });
    const plan = {
      height: 51,
      fees: 10_000n,
      maker: maker(1, 0),
      parentMaker: maker(2, 0),
      otherMakers: [3, 4, 5].map((n) => maker(n, 0)),
    };
    expect(buildCoinbase(plan).outputs.map(({ amount, script }) => [script[1], amount])).toEqual([
      [1, 800n],
      [2, 6_050n],
      [3, 1_050n],
      [4, 1_050n],
      [5, 1_050n],
    ]);
  });

  test('RW1 one version: 2 % to the next maker, 98 % to the maker', () => {
    expect(computeRewardShares(100n, 1)).toMatchObject({ reference: 2n, accepted: 98n });
    expect(computeRewardShares(1n, 1)).toMatchObject({ reference: 0n, accepted: 1n });
  });

  test('RW1 rounds down half, references and each share, in that order', () => {
    expect(computeRewardShares(103n, 4)).toEqual({ reference: 8n, each: 11n, accepted: 62n });
    expect(computeRewardShares(49n, 1)).toEqual({ reference: 0n, each: 25n, accepted: 49n });
  });

  test('RW1 gives out all fees and no more, and the accepted maker what remains', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 53n - 1n }), fc.integer({ min: 1, max: 10 }), (fees, m) => {
        const { reference, each, accepted } = computeRewardShares(fees, m);
        expect(reference + accepted + BigInt(m - 1) * each).toBe(fees);
        expect(accepted >= fees / 2n + each).toBe(true);
        expect(accepted - fees / 2n - each < BigInt(m) + 1n).toBe(true);
      }),
    );
  });

  test('RW2 pays the operator his basis points rounded down, then the owner; nothing of zero', () => {
    const amounts = (amount: bigint, share: number): bigint[] => payMaker(amount, maker(1, share)).map((output) => output.amount);
    expect(amounts(1_001n, 1_000)).toEqual([100n, 901n]);
    expect(amounts(9n, 1_000)).toEqual([9n]);
    expect(amounts(9n, 10_000)).toEqual([9n]);
    expect(amounts(0n, 5_000)).toEqual([]);
    expect(payMaker(10n, maker(1, 5_000))[0]?.script).toHaveLength(22);
    expect(payMaker(10n, maker(7, 5_000))[1]?.script).toEqual(maker(7, 0).ownerScript);
  });

  test('RW3 the coinbase: debt layer, null outpoint, height as lock time, nothing without fees, equal scripts apart', () => {
    const same = maker(1, 2_500);
    const plan = { height: 51, fees: 1_000n, maker: same, parentMaker: same, otherMakers: [] };
    const coinbase = buildCoinbase(plan);
    expect(coinbase).toMatchObject({ layer: 1, type: 4, lockTime: 51 });
    expect(coinbase.inputs).toEqual([{ outpoint: { txid: ZERO_HASH, index: 0xffff_ffff }, sequence: 0xffff_ffff, witness: [] }]);
    expect(coinbase.outputs.map(({ amount }) => amount)).toEqual([5n, 15n, 245n, 735n]);
    expect(sumOf(coinbase.outputs.map(({ amount }) => amount))).toBe(plan.fees);
    expect(buildCoinbase({ ...plan, fees: 0n }).outputs).toEqual([]);
    expect(buildCoinbase({ ...plan, height: 1, parentMaker: undefined }).outputs).toEqual([]);
  });
});

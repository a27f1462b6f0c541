import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { concatBytes } from '#protocol/codec/bytes';
import { asHash32 } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { sha256 } from '#protocol/crypto/hash';
import { computeOwnerRange } from '#protocol/ledger/coin-key';
import { DEV_PARAMETERS } from '#protocol/params/networks';
import { computeScriptTag } from '#protocol/script/owner-tag';
import { payment, TestChain, testGenesis, testKey, VC } from '#protocol/state/test-chain';
import type { BlockEffect } from './coins/block-effect.ts';
import { addEffect, addProof, type CoinLedger, computeOwnerCoins, EMPTY_LEDGER, type HeldCoin } from './coins/coin-ledger.ts';
import { makeWatchSet } from './coins/watch-set.ts';
import { headerAt, headerKey, type LightChain } from './headers/light-chain.ts';
import { encodeSnapshot, restoreSnapshot } from './snapshot.ts';
import { coldStart } from './sync/cold-start.ts';
import { followPeer } from './sync/follow-peer.ts';
import { proveCoins } from './sync/prove-coins.ts';
import { readBlock } from './sync/read-block.ts';
import { runTest, startTestChain, TestPeer, trustOf } from './test-network.ts';

let network: ReturnType<typeof startTestChain>;
let chain: LightChain;
let ledger: CoinLedger;
let peer: TestPeer;
const key = 2_000;
const { script } = testKey(key);
const watched = makeWatchSet([{ tag: computeScriptTag(script), script }]);
const tag = encodeHex(computeScriptTag(script));
const now = (): number => network.chain.state.tip.time;

beforeAll(() => {
  network = startTestChain(0.2);
  network.chain.grow(50);
  peer = new TestPeer(network.chain, network.bitcoin);
  const started = runTest(coldStart(trustOf(network.chain), 'p', 50, now()), { p: peer });
  if (!('tip' in started)) throw new Error('started');
  const ranges = [computeOwnerRange(computeScriptTag(script))];
  const proof = runTest(proveCoins('p', started.tip, watched, { ranges, limits: DEV_PARAMETERS }), { p: peer });
  if (!('owners' in proof)) throw new Error('proved');
  network.chain.grow(1, [payment(network.chain.coinOf(key), key, [{ element: 'value', amount: 90n * VC, script }])]);
  const followed = runTest(followPeer(started, 'p', now()), { p: peer });
  if (!('end' in followed)) throw new Error('followed');
  chain = followed.chain;
  const header = headerAt(chain, 51);
  if (header === undefined) throw new Error('known');
  const held = new Set([...(proof.owners.get(tag) ?? [])].map((coin) => `${encodeHex(coin.outpoint.txid)}:${coin.outpoint.index}`));
  const effect = runTest(readBlock('p', header, undefined, { watched, held, medianTime: 5 }), { p: peer });
  if (!('created' in effect)) throw new Error('read');
  ledger = addEffect(addProof(EMPTY_LEDGER, proof), effect);
});

describe('snapshot', () => {
  test('LC15 restores chain and coins, and follows on from there', () => {
    const restored = restoreSnapshot(encodeSnapshot(chain, ledger), trustOf(network.chain), now());
    if (!('chain' in restored)) throw new Error(JSON.stringify(restored));
    expect(headerKey(restored.chain.tip.hash)).toBe(headerKey(chain.tip.hash));
    expect(computeOwnerCoins(restored.ledger, tag)).toEqual(computeOwnerCoins(ledger, tag));
    network.chain.grow(12);
    const followed = runTest(followPeer(restored.chain, 'p', now()), { p: peer });
    expect(followed).toMatchObject({ lie: undefined, chain: { tip: { header: { height: network.chain.state.tip.height } } } });
    const again = runTest(followPeer(chain, 'p', now()), { p: peer });
    if (!('chain' in followed) || !('chain' in again)) throw new Error('followed');
    const third = restoreSnapshot(encodeSnapshot(followed.chain, restored.ledger), trustOf(network.chain), now());
    expect(third).toHaveProperty('chain');
  });

  test('LC15 C4 a store that rotted anywhere is refused', () => {
    const bytes = encodeSnapshot(chain, ledger);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const rotten = bytes.slice();
        rotten[at] = (rotten[at] as number) ^ flip;
        expect(restoreSnapshot(rotten, trustOf(network.chain), now())).toHaveProperty('fault');
      }),
      { numRuns: 100 },
    );
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), (length) => {
        expect(restoreSnapshot(bytes.subarray(0, length), trustOf(network.chain), now())).toHaveProperty('fault');
      }),
      { numRuns: 50 },
    );
  });

  test('LC15 what does not bear its checksum, or bears it and is no snapshot, is refused by its name', () => {
    const bytes = encodeSnapshot(chain, ledger);
    const restore = (data: Uint8Array) => restoreSnapshot(data, trustOf(network.chain), now());
    expect(restore(bytes.subarray(0, -1))).toMatchObject({ fault: 'snapshot-checksum' });
    expect(restore(new Uint8Array())).toMatchObject({ fault: 'snapshot-checksum' });
    const sealed = (content: Uint8Array) => concatBytes(content, sha256(content));
    expect(restore(sealed(bytes.subarray(0, 100)))).toMatchObject({ fault: 'snapshot-form' });
    expect(restore(sealed(new Uint8Array()))).toMatchObject({ fault: 'snapshot-form' });
  });

  test('LC15 a snapshot of another genesis is refused', () => {
    const other = new TestChain(testGenesis(DEV_PARAMETERS, 3));
    expect(restoreSnapshot(encodeSnapshot(chain, ledger), trustOf(other), now())).toMatchObject({ fault: 'snapshot-network' });
  });

  test('LC15 whatever coins and effects a ledger has come back as they were', () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(asHash32);
    const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
    const coin: fc.Arbitrary<HeldCoin> = fc.record({
      outpoint: fc.record({ txid: hash, index: u32 }),
      element: fc.constantFrom('value' as const, 'credit' as const, 'debt' as const),
      amount: fc.bigInt({ min: 0n, max: 2n ** 53n - 1n }),
      script: fc.uint8Array({ maxLength: 60 }),
      layer: fc.constantFrom(0 as const, 1 as const, 2 as const),
      type: fc.constantFrom(0 as const, 1 as const, 2 as const, 3 as const, 4 as const),
      height: u32,
      time: u32,
      medianTime: fc.option(u32, { nil: undefined }),
    });
    const owner = fc.uint8Array({ minLength: 20, maxLength: 20 }).map(encodeHex);
    const point = fc.tuple(hash, u32).map(([txid, index]) => `${encodeHex(txid)}:${index}`);
    const effect: fc.Arbitrary<BlockEffect> = fc.record({
      hash,
      height: u32,
      time: u32,
      created: fc.array(fc.record({ owner, coin }), { maxLength: 4 }),
      spent: fc.array(point, { maxLength: 4 }),
      transactions: fc.constant([]),
    });
    const base = fc.record({ height: u32, hash, coins: fc.array(coin, { maxLength: 4 }) });
    const ledgers: fc.Arbitrary<CoinLedger> = fc.record({
      bases: fc.array(fc.tuple(owner, base), { maxLength: 4 }).map((entries) => new Map(entries)),
      effects: fc.array(effect, { maxLength: 4 }),
      readTo: fc.option(u32, { nil: undefined }),
    });
    const empty = runTest(coldStart(trustOf(network.chain), 'p', 0, now()), {
      p: Object.assign(new TestPeer(network.chain, network.bitcoin), { behind: network.chain.state.tip.height }),
    });
    if (!('tip' in empty)) throw new Error('empty');
    fc.assert(
      fc.property(ledgers, (given) => {
        const restored = restoreSnapshot(encodeSnapshot(empty, given), trustOf(network.chain), now());
        expect(restored).toMatchObject({ ledger: given });
      }),
      { numRuns: 60 },
    );
  });
});

import { beforeEach, describe, expect, test } from 'vitest';
import { encodeBody } from '#protocol/block/body-codec';
import { asHash32 } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { decodeField, encodeField } from '#protocol/codec/schema';
import { type Fault, isFault } from '#protocol/fault';
import { encodeCoin } from '#protocol/ledger/coin-codec';
import { computeBucketRange, computeCoinKey, computeOwnerRange } from '#protocol/ledger/coin-key';
import { DEV_PARAMETERS } from '#protocol/params/networks';
import { computeScriptTag } from '#protocol/script/owner-tag';
import { payment, TestChain, testKey, VC } from '#protocol/state/test-chain';
import { AGENT, DEBTOR, Market, OTHER, tagOf as tagOfKey } from '#protocol/state/test-market';
import type { KeyRange } from '#protocol/trie/node';
import { PROOF_LIMITS } from '#protocol/trie/prove';
import { computeTxid } from '#protocol/tx/identity';
import { outpointKey } from '#protocol/tx/outpoint';
import type { TransactionOutput } from '#protocol/tx/transaction';
import { headerAnnouncement } from '#protocol/wire/messages';
import type { AnswerOf, RequestOf } from '#protocol/wire/protocols';
import { addEffect, addProof, type CoinLedger, computeOwnerCoins, EMPTY_LEDGER, rollBack } from '../coins/coin-ledger.ts';
import { makeWatchSet, type WatchSet } from '../coins/watch-set.ts';
import { headerAt, headerKey, isBest, type LightChain, medianTimeBefore } from '../headers/light-chain.ts';
import { judgePeer } from '../policy/judge-peer.ts';
import { proveTransaction } from '../proof/included-tx.ts';
import { verifyCoins } from '../proof/proven-coins.ts';
import { runTest, startTestChain, TestPeer, trustOf } from '../test-network.ts';
import { coldStart } from './cold-start.ts';
import { followPeer } from './follow-peer.ts';
import { greet } from './greet.ts';
import { proveCoins } from './prove-coins.ts';
import { readBlock } from './read-block.ts';
import { takeAnnouncement } from './take-announcement.ts';

const PAYEE = 2_000;
const MAIN_PAYER = 2_001;
const HEIGHT = 45;

let network: ReturnType<typeof startTestChain>;
let peer: TestPeer;
let chain: LightChain;
let now: number;

const owner = (key: number) => {
  const { script } = testKey(key);
  return { tag: computeScriptTag(script), script };
};
const tagOf = (key: number): string => encodeHex(owner(key).tag);
const watched = (...keys: readonly number[]): WatchSet => makeWatchSet(keys.map(owner));
const paid = (amount: bigint, key: number): TransactionOutput => ({ element: 'value', amount, script: testKey(key).script });
const time = (): number => network.chain.state.tip.time;

const started = (given: TestPeer): LightChain => {
  const result = runTest(coldStart(trustOf(network.chain), 'p', given.height, time()), { p: given });
  if (!('tip' in result)) throw new Error(JSON.stringify(result));
  return result;
};

const prove = (given: TestPeer, set: WatchSet, ranges = [...set.values()].map(({ tag }) => computeOwnerRange(tag))) => {
  const sorted = [...ranges].sort((a, b) => Buffer.compare(a.lo, b.lo));
  return runTest(proveCoins('p', chain.tip, set, { ranges: sorted, limits: DEV_PARAMETERS }), { p: given });
};

const proved = (set: WatchSet): CoinLedger => {
  const proof = prove(peer, set);
  if ('fault' in proof || 'unanswered' in proof) throw new Error(JSON.stringify(proof));
  return addProof(EMPTY_LEDGER, proof);
};

const balance = (ledger: CoinLedger, key: number): bigint | undefined =>
  computeOwnerCoins(ledger, tagOf(key))?.coins.reduce((sum, coin) => sum + coin.amount, 0n);

const held = (ledger: CoinLedger, set: WatchSet): ReadonlySet<string> =>
  new Set([...set.keys()].flatMap((tag) => (computeOwnerCoins(ledger, tag)?.coins ?? []).map((coin) => outpointKey(coin.outpoint))));

const read = (given: TestPeer, ledger: CoinLedger, set: WatchSet, height: number, filter = given.filter(height)) => {
  const header = headerAt(chain, height);
  if (header === undefined) throw new Error('known');
  return runTest(readBlock('p', header, filter, { watched: set, held: held(ledger, set), medianTime: medianTimeBefore(chain, header) }), {
    p: given,
  });
};

const followAll = (given: TestPeer): void => {
  const followed = runTest(followPeer(chain, 'p', time()), { p: given });
  if (!('end' in followed)) throw new Error(JSON.stringify(followed));
  chain = followed.chain;
};

beforeEach(() => {
  network = startTestChain(0.2);
  network.chain.grow(HEIGHT);
  peer = new TestPeer(network.chain, network.bitcoin);
  now = time();
  chain = started(peer);
});

describe('coins', () => {
  test('LC8 refuses a leaf that is no coin, and one that is filed under another key', () => {
    const set = watched(PAYEE);
    const { key, coin } = {
      key: computeCoinKey(owner(PAYEE).tag, network.chain.coinOf(PAYEE).outpoint),
      coin: network.chain.coinOf(PAYEE),
    };
    const read = (at: Uint8Array, value: Uint8Array) => verifyCoins(chain.tip, set, [{ key: asHash32(at), value }], DEV_PARAMETERS);
    expect(read(key, encodeCoin(coin))).toHaveProperty('owners');
    expect(read(key, Uint8Array.of(1, 2))).toMatchObject({ fault: 'leaf-form' });
    expect(
      read(
        key.map((byte) => byte ^ 1),
        encodeCoin(coin),
      ),
    ).toMatchObject({ fault: 'leaf-key' });
  });

  test('LC7 LC8 proves the complete coins of owners, exactly or by buckets, and that others have none', () => {
    const set = watched(PAYEE, MAIN_PAYER, 7_777);
    const exact = proved(set);
    expect(balance(exact, PAYEE)).toBe(100n * VC);
    expect(balance(exact, 7_777)).toBe(0n);
    const buckets = prove(peer, set, [
      ...new Map([...set.values()].map(({ tag }) => [encodeHex(computeBucketRange(tag, 8).lo), computeBucketRange(tag, 8)])).values(),
    ]);
    if (!('owners' in buckets)) throw new Error('proved');
    expect(buckets.owners.get(tagOf(PAYEE))).toHaveLength(1);
  });

  test('LC8 LC10 a debt is his whom it names, and reads the same in a block and in the state', () => {
    const set = watched(DEBTOR, AGENT, OTHER);
    const market = new Market({}, network.chain);
    followAll(peer);
    let ledger = proved(set);
    const before = chain.tip.header.height;
    market.draw({ kind: 'time', intervals: 3 });
    market.draw({ kind: 'blocks', blocks: 9 }, tagOfKey(DEBTOR));
    followAll(peer);
    for (let height = before + 1; height <= chain.tip.header.height; height++) {
      const effect = read(peer, ledger, set, height);
      if (!('created' in effect)) throw new Error('read');
      ledger = addEffect(ledger, effect);
    }
    const told = (from: CoinLedger, key: number) =>
      (computeOwnerCoins(from, tagOf(key))?.coins ?? [])
        .map(({ time: _, ...coin }) => coin)
        .sort((a, b) => (outpointKey(a.outpoint) < outpointKey(b.outpoint) ? -1 : 1));
    expect(told(ledger, DEBTOR).filter(({ element }) => element === 'debt')).toHaveLength(2);
    expect(told(ledger, DEBTOR).map(({ medianTime }) => medianTime)).not.toContain(undefined);
    for (const key of [DEBTOR, AGENT, OTHER]) expect(told(ledger, key)).toEqual(told(proved(set), key));
  });

  test('LC7 refuses a proof that omits a coin, forges a balance, or is of another block', () => {
    class Liar extends TestPeer {
      lie: (answer: Extract<AnswerOf<'proof'>, { kind: 'proof' }>, request: RequestOf<'proof'>) => AnswerOf<'proof'> = (answer) => answer;
      override proof(request: RequestOf<'proof'>): AnswerOf<'proof'> {
        const answer = super.proof(request);
        return answer.kind === 'proof' ? this.lie(answer, request) : answer;
      }
    }
    const liar = new Liar(network.chain, network.bitcoin);
    liar.lie = (answer) => {
      const none = new TestPeer(network.chain, network.bitcoin).proof({
        block: chain.tip.hash,
        trie: 'coins',
        ranges: [computeOwnerRange(owner(7_777).tag)],
      });
      return none.kind === 'proof' ? { ...none, upTo: answer.upTo } : answer;
    };
    const omitted = prove(liar, watched(PAYEE));
    expect(isFault(omitted) && judgePeer(omitted)).toBe('lied');
    liar.lie = (answer) => {
      const proof = answer.proof.slice();
      const at = proof.length - 200;
      proof[at] = (proof[at] as number) ^ 1;
      return { ...answer, proof };
    };
    const forged = prove(liar, watched(PAYEE));
    expect(isFault(forged) && judgePeer(forged)).toBe('lied');
    liar.lie = (answer) => ({ ...answer, block: peer.hash(3) });
    expect(prove(liar, watched(PAYEE))).toMatchObject({ fault: 'answer-to-another-question' });
  });

  test('LC7 S15 refuses the true proof of an old state as the proof of a newer one', () => {
    class Replaying extends TestPeer {
      old: AnswerOf<'proof'> | undefined;
      override proof(request: RequestOf<'proof'>): AnswerOf<'proof'> {
        if (this.old?.kind === 'proof') return { ...this.old, block: request.block };
        this.old = super.proof(request);
        return this.old;
      }
    }
    const replaying = new Replaying(network.chain, network.bitcoin);
    expect(prove(replaying, watched(PAYEE))).toHaveProperty('owners');
    network.chain.grow(1, [payment(network.chain.coinOf(PAYEE), PAYEE, [paid(99n * VC, MAIN_PAYER)])]);
    followAll(peer);
    expect(prove(replaying, watched(PAYEE))).toMatchObject({ fault: 'root' });
  });

  test('LC7 TR10 refuses an answer that stops where no leaf is, however true: it would have to be asked on and on', () => {
    class Stalling extends TestPeer {
      override proof(request: RequestOf<'proof'>): AnswerOf<'proof'> {
        const [{ lo }] = request.ranges as [KeyRange];
        const answer = super.proof({ ...request, ranges: [{ lo, hi: lo }] });
        return answer.kind === 'proof' ? { ...answer, upTo: lo } : answer;
      }
    }
    const stalled = prove(new Stalling(network.chain, network.bitcoin), watched(PAYEE));
    expect(stalled).toMatchObject({ fault: 'up-to' });
    expect(judgePeer(stalled as Fault)).toBe('lied');
  });

  test('LC7 goes on where an answer was cut, until all is covered', () => {
    const cutting = new TestPeer(network.chain, network.bitcoin);
    cutting.limits = { ...PROOF_LIMITS, leaves: 1 };
    const set = watched(PAYEE, MAIN_PAYER, 2_002);
    const proof = prove(cutting, set);
    if (!('owners' in proof)) throw new Error(JSON.stringify(proof));
    expect(cutting.asked).toEqual(['proof', 'proof', 'proof']);
    expect([...proof.owners.values()].map((coins) => coins.length)).toEqual([1, 1, 1]);
  });
});

describe('following', () => {
  test('LC4 LC6 LC10 a payment is found by its filter, read from its block, and counted for both sides', () => {
    const set = watched(PAYEE, MAIN_PAYER);
    let ledger = proved(set);
    network.chain.grow(2, [payment(network.chain.coinOf(MAIN_PAYER), MAIN_PAYER, [paid(30n * VC, PAYEE), paid(69n * VC, MAIN_PAYER)])]);
    followAll(peer);
    peer.asked.length = 0;
    for (const height of [HEIGHT + 1, HEIGHT + 2]) {
      const effect = read(peer, ledger, set, height);
      if (!('created' in effect)) throw new Error(JSON.stringify(effect));
      ledger = addEffect(ledger, effect);
    }
    expect(peer.asked).toEqual(['blocks']);
    expect(balance(ledger, PAYEE)).toBe(130n * VC);
    expect(balance(ledger, MAIN_PAYER)).toBe(69n * VC);
    expect(ledger.effects[0]?.transactions).toHaveLength(1);
  });

  test('LC4 an announced header is judged alone; a known one, an orphan and a lie are told apart', () => {
    network.chain.grow(2);
    const one = runTest(takeAnnouncement(chain, 'p', peer.announcement(HEIGHT + 1), time()), { p: peer });
    expect(one).toMatchObject({ kind: 'added' });
    expect(runTest(takeAnnouncement(one.chain, 'p', peer.announcement(HEIGHT + 1), time()), { p: peer }).kind).toBe('known');
    expect(runTest(takeAnnouncement(chain, 'p', peer.announcement(HEIGHT + 2), time()), { p: peer }).kind).toBe('behind');
    const other = peer.announcement(HEIGHT);
    const decoded = decodeField(headerAnnouncement, peer.announcement(HEIGHT + 1));
    const stolen = decodeField(headerAnnouncement, other);
    if (isFault(decoded) || isFault(stolen)) throw new Error('form');
    const without = encodeField(headerAnnouncement, { ...decoded, stakeProof: stolen.stakeProof });
    const refused = runTest(takeAnnouncement(chain, 'p', without, time()), { p: peer });
    expect(refused.kind === 'refused' && judgePeer(refused.reason)).toBe('lied');
  });

  test('LC6 headers without a filter each are no answer', () => {
    network.chain.grow(2);
    class Sparing extends TestPeer {
      override headers(request: RequestOf<'headers'>): AnswerOf<'headers'> {
        const answer = super.headers(request);
        return answer.kind === 'headers' ? { ...answer, filters: answer.filters.slice(1) } : answer;
      }
    }
    const refused = runTest(followPeer(chain, 'p', time()), { p: new Sparing(network.chain, network.bitcoin) });
    expect(refused).toMatchObject({ fault: 'headers-count', detail: { headers: 2, filters: 1 } });
    expect(judgePeer(refused as Fault)).toBe('lied');
  });

  test('LC4 a replayed old tip changes nothing', () => {
    const old = peer.announcement(HEIGHT - 5);
    const result = runTest(takeAnnouncement(chain, 'p', old, now), { p: peer });
    expect(result.kind).toBe('known');
    expect(headerKey(result.chain.tip.hash)).toBe(headerKey(chain.tip.hash));
  });

  test('LC6 B12 refuses a filter that is not the one in the header: omitted, extended, cut, of another block', () => {
    network.chain.grow(1, [payment(network.chain.coinOf(PAYEE), PAYEE, [paid(50n * VC, MAIN_PAYER)])]);
    class Liar extends TestPeer {
      lie: (filter: Uint8Array) => Uint8Array = (filter) => filter;
      override filter(height: number): Uint8Array {
        return this.lie(super.filter(height));
      }
    }
    const liar = new Liar(network.chain, network.bitcoin);
    const lies: readonly Liar['lie'][] = [
      () => Uint8Array.of(0),
      (filter) => Uint8Array.of(...filter, 0),
      (filter) => filter.subarray(0, filter.length - 1),
      () => peer.filter(HEIGHT),
      () => Uint8Array.of(0xfe, 0, 0, 0, 0xff),
    ];
    for (const lie of lies) {
      liar.lie = lie;
      const followed = runTest(followPeer(chain, 'p', time()), { p: liar });
      expect(followed).toMatchObject({ lie: { fault: 'filter-hash' }, added: [] });
      expect(runTest(takeAnnouncement(chain, 'p', liar.announcement(HEIGHT + 1), time()), { p: liar })).toMatchObject({
        kind: 'refused',
        reason: { fault: 'filter-hash' },
      });
    }
  });

  test('LC6 P9 refuses a body that is not the one in the header, and takes the right one from the next peer', () => {
    const set = watched(PAYEE);
    const ledger = proved(set);
    network.chain.grow(1, [payment(network.chain.coinOf(MAIN_PAYER), MAIN_PAYER, [paid(50n * VC, PAYEE)])]);
    followAll(peer);
    class Liar extends TestPeer {
      override blocks(request: RequestOf<'blocks'>): AnswerOf<'blocks'> {
        const height = this.heightOf(request.hashes[0] as Uint8Array) ?? 0;
        const { body } = this.block(height);
        return { kind: 'bodies', bodies: [encodeBody({ ...body, transactions: body.transactions.slice(0, 1) })] };
      }
    }
    const refused = read(new Liar(network.chain, network.bitcoin), ledger, set, HEIGHT + 1);
    expect(refused).toMatchObject({ fault: 'tx-root' });
    expect(read(peer, ledger, set, HEIGHT + 1)).toHaveProperty('created');
  });

  test('LC6 refuses a body without its witnesses', () => {
    const set = watched(PAYEE);
    const ledger = proved(set);
    network.chain.grow(1, [payment(network.chain.coinOf(MAIN_PAYER), MAIN_PAYER, [paid(50n * VC, PAYEE)])]);
    followAll(peer);
    class Stripping extends TestPeer {
      override blocks(request: RequestOf<'blocks'>): AnswerOf<'blocks'> {
        const height = this.heightOf(request.hashes[0] as Uint8Array) ?? 0;
        const { body } = this.block(height);
        const transactions = body.transactions.map((tx) => ({ ...tx, inputs: tx.inputs.map((input) => ({ ...input, witness: [] })) }));
        return { kind: 'bodies', bodies: [encodeBody({ ...body, transactions })] };
      }
    }
    expect(read(new Stripping(network.chain, network.bitcoin), ledger, set, HEIGHT + 1)).toMatchObject({ fault: 'witness-root' });
  });

  test('LC11 a peer of another network is turned away, not called a liar', () => {
    const refused = runTest(greet({ network: 'test', genesis: trustOf(network.chain).genesis.hash }, 'p'), { p: peer });
    expect(isFault(refused) && judgePeer(refused)).toBe('nothing');
  });
});

/** A branch that leaves the network's chain after `height`. */
const branch = (height: number, blocks: number): TestChain => {
  const other = new TestChain();
  other.bitcoinOf = network.chain.bitcoinOf;
  for (let at = 1; at <= height; at++) {
    const block = network.chain.state.blockOf(at);
    if (block !== undefined) other.connect(block);
  }
  other.skip = 1;
  other.grow(blocks);
  return other;
};

describe('reorganisation', () => {
  test('LC4 LC10 a heavier branch takes over, and what rested on the old one is gone', () => {
    const set = watched(PAYEE, MAIN_PAYER);
    let ledger = proved(set);
    const rival = branch(HEIGHT, 6);
    network.chain.grow(1, [payment(network.chain.coinOf(MAIN_PAYER), MAIN_PAYER, [paid(30n * VC, PAYEE)])]);
    followAll(peer);
    const effect = read(peer, ledger, set, HEIGHT + 1);
    if (!('created' in effect)) throw new Error('read');
    ledger = addEffect(ledger, effect);
    expect(balance(ledger, PAYEE)).toBe(130n * VC);
    const before = chain.tip;
    const followed = runTest(followPeer(chain, 'r', rival.state.tip.time + 60), { r: new TestPeer(rival, network.bitcoin) });
    if (!('end' in followed)) throw new Error(JSON.stringify(followed));
    chain = followed.chain;
    expect(chain.tip.header.weight > before.header.weight).toBe(true);
    expect(isBest(chain, before.hash, before.header.height)).toBe(false);
    const back = rollBack(ledger, HEIGHT);
    expect(back.effects).toEqual([]);
    expect(balance(back, PAYEE)).toBe(100n * VC);
  });

  test('LC10 a proof at a block that is gone counts no more', () => {
    const set = watched(PAYEE);
    const rival = branch(HEIGHT - 2, 9);
    const ledger = proved(set);
    const followed = runTest(followPeer(chain, 'r', rival.state.tip.time + 60), { r: new TestPeer(rival, network.bitcoin) });
    if (!('end' in followed)) throw new Error(JSON.stringify(followed));
    const back = rollBack(ledger, HEIGHT - 2);
    expect(balance(back, PAYEE)).toBeUndefined();
  });

  test('LC13 a branch that parts deeper than maxReorg is not followed, whatever it weighs', () => {
    const rival = branch(HEIGHT - DEV_PARAMETERS.maxReorg - 3, 40);
    const followed = runTest(followPeer(chain, 'r', rival.state.tip.time + 60), { r: new TestPeer(rival, network.bitcoin) });
    expect(followed).toMatchObject({ end: 'parted', added: [] });
  });
});

describe('past payments', () => {
  test('LC12 a payment below the suffix is proved by its branch and the history', () => {
    const tx = payment(network.chain.coinOf(PAYEE), PAYEE, [paid(10n * VC, MAIN_PAYER)]);
    network.chain.grow(60, [tx]);
    chain = started(peer);
    expect(chain.base).toBeGreaterThan(HEIGHT + 1);
    const included = runTest(proveTransaction(chain, 'p', computeTxid(tx)), { p: peer });
    expect(included).toMatchObject({ height: HEIGHT + 1 });
    class Liar extends TestPeer {
      override tx(request: RequestOf<'tx'>): AnswerOf<'tx'> {
        const answer = super.tx(request);
        return answer.kind === 'found' ? { ...answer, height: answer.height + 1 } : answer;
      }
    }
    const liar = new Liar(network.chain, network.bitcoin);
    expect(runTest(proveTransaction(chain, 'p', computeTxid(tx)), { p: liar })).toMatchObject({ fault: 'block' });
  });
});

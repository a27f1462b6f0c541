import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BitcoinChain } from '../bitcoin/chain.ts';
import { hashBitcoinHeader } from '../bitcoin/header-codec.ts';
import { mineBranch, startRegtest } from '../bitcoin/test-branch.ts';
import type { Header, StakeRight } from '../block/header.ts';
import { computeStateRoot } from '../block/state-root.ts';
import { concatBytes } from '../codec/bytes.ts';
import { asHash32, ZERO_HASH } from '../codec/hash32.ts';
import { sha256 } from '../crypto/hash.ts';
import { isFault } from '../fault.ts';
import { DEV_PARAMETERS, MAIN_PARAMETERS } from '../params/networks.ts';
import { MemoryNodes } from '../trie/memory-nodes.ts';
import { proveRanges } from '../trie/prove.ts';
import { keyRange } from '../trie/ranges.ts';
import { updateTrie } from '../trie/update.ts';
import { checkStakeInState, restStake } from './check-stake-state.ts';
import type { ChainedHeader } from './header-view.ts';
import { computeEpochHeight } from './heights.ts';
import { judgeBitcoin } from './judge-bitcoin.ts';
import { computeStakeKey, decodeStakeLeaf, encodeStakeLeaf, type StakeLeaf } from './stake-leaf.ts';
import { encodeStakeProof, orderStakes, verifyStakeProof } from './stake-proof.ts';

const hashOf = (n: number) => sha256(Uint8Array.of(n & 255, n >> 8));
const leafOf = (n: number): StakeLeaf => ({
  outpoint: { txid: hashOf(n), index: n },
  amount: BigInt(n + 1),
  key: hashOf(n + 1_000),
  share: n % 10_001,
  ownerScript: Uint8Array.of(0, 20, n),
  eligibleFrom: n,
  registeredTime: n + 2,
  creditFrom: n + 3,
});

describe('leaf', () => {
  test('ST1 stands under the hash of its outpoint and decodes to what was encoded', () => {
    const leaf = leafOf(7);
    expect(decodeStakeLeaf(leaf.outpoint, encodeStakeLeaf(leaf))).toEqual(leaf);
    expect(computeStakeKey(leaf.outpoint)).toEqual(sha256(concatBytes(leaf.outpoint.txid, Uint8Array.of(7, 0, 0, 0))));
    expect(encodeStakeLeaf(leaf)).toHaveLength(8 + 32 + 2 + 1 + 3 + 12);
  });

  test('ST1 refuses an amount or share out of range, and anything left over', () => {
    const { outpoint } = leafOf(7);
    const read = (leaf: Partial<StakeLeaf>) => decodeStakeLeaf(outpoint, encodeStakeLeaf({ ...leafOf(7), ...leaf }));
    for (const right of [{ share: 10_000 }, { share: 0 }, { amount: 1n }, { amount: 2n ** 53n - 1n }])
      expect(read(right)).toMatchObject(right);
    for (const wrong of [{ share: 10_001 }, { amount: 0n }, { amount: 2n ** 53n }]) expect(read(wrong)).toMatchObject({ fault: 'form' });
    expect(decodeStakeLeaf(outpoint, concatBytes(encodeStakeLeaf(leafOf(7)), Uint8Array.of(0)))).toMatchObject({ fault: 'trailing' });
    fc.assert(fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => void decodeStakeLeaf(outpoint, bytes)));
  });
});

describe('stake proof', () => {
  const nodes = new MemoryNodes();
  const leaves = Array.from({ length: 50 }, (_, i) => leafOf(i));
  const update = updateTrie(
    nodes,
    ZERO_HASH,
    leaves.map((leaf) => ({ key: computeStakeKey(leaf.outpoint), value: encodeStakeLeaf(leaf) })),
  );
  nodes.apply(update);
  const roots = { coins: hashOf(1), records: hashOf(2), stakes: update.root };
  const ancestor = { height: 100, stateRoot: computeStateRoot(roots) };
  const asked = [3, 30, 12].map((i) => leafOf(i).outpoint);
  const prove = (outpoints: typeof asked): Uint8Array => {
    const proved = proveRanges(
      nodes,
      roots.stakes,
      orderStakes(outpoints).map(({ key }) => keyRange(key)),
    );
    if (isFault(proved)) throw new Error(proved.fault);
    return encodeStakeProof({ epochHeight: 100, coinsRoot: roots.coins, recordsRoot: roots.records, multiproof: proved.proof });
  };
  const proof = prove(asked);
  const codeOf = (bytes: Uint8Array, outpoints = asked, at = ancestor): string | undefined => {
    const verdict = verifyStakeProof(bytes, at, outpoints);
    return isFault(verdict) ? verdict.fault : undefined;
  };

  test('ST6 opens exactly the stakes asked for, whatever their order, each once', () => {
    const proven = verifyStakeProof(proof, ancestor, [...asked].reverse().concat(asked));
    if (isFault(proven)) throw new Error(proven.fault);
    expect([...proven.values()].sort((a, b) => Number(a.amount - b.amount))).toEqual([3, 12, 30].map(leafOf));
  });

  test('ST6 refuses another epoch, state, stake, and a stake that is not there', () => {
    expect(codeOf(proof, asked, { ...ancestor, height: 90 })).toBe('stake-epoch');
    expect(codeOf(proof, asked, { ...ancestor, stateRoot: hashOf(9) })).toBe('root');
    expect(codeOf(proof, asked.slice(1))).toBeDefined();
    const nobody = { txid: hashOf(99), index: 0 };
    expect(codeOf(prove([nobody]), [nobody])).toBe('stake-missing');
    expect(codeOf(proof.subarray(0, 60))).toBe('short');
    expect(codeOf(concatBytes(proof, Uint8Array.of(0)))).toBe('trailing');
  });

  test('ST6 refuses what stands in a stake’s place and is no stake', () => {
    const { outpoint } = leafOf(60);
    const other = new MemoryNodes();
    const changed = updateTrie(other, ZERO_HASH, [{ key: computeStakeKey(outpoint), value: Uint8Array.of(1, 2, 3) }]);
    other.apply(changed);
    const proved = proveRanges(other, changed.root, [keyRange(computeStakeKey(outpoint))]);
    if (isFault(proved)) throw new Error(proved.fault);
    const stateRoot = computeStateRoot({ ...roots, stakes: changed.root });
    const bytes = encodeStakeProof({ epochHeight: 100, coinsRoot: roots.coins, recordsRoot: roots.records, multiproof: proved.proof });
    expect(verifyStakeProof(bytes, { height: 100, stateRoot }, [outpoint])).toMatchObject({
      fault: 'stake-leaf',
      detail: { reason: 'short' },
    });
  });

  test('ST6 holds under no flipped bit (S1)', () => {
    for (let bit = 0; bit < proof.length * 8; bit += 5) {
      const changed = proof.slice();
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(codeOf(changed)).toBeDefined();
    }
  });

  test.each([
    [0, 0],
    [19, 0],
    [20, 0],
    [29, 0],
    [30, 10],
    [39, 10],
    [40, 20],
    [100, 80],
  ])('ST6 of height %i is in the state of %i', (height, epoch) => {
    expect(computeEpochHeight(height, DEV_PARAMETERS)).toBe(epoch);
  });

  test('ST6 is never less than stakeMaturity below, and less than an epoch more', () => {
    const { stakeMaturity, stakeEpoch } = MAIN_PARAMETERS;
    for (let height = stakeMaturity; height < 3_000; height++) {
      const below = height - computeEpochHeight(height, MAIN_PARAMETERS);
      expect(below >= stakeMaturity && below < stakeMaturity + stakeEpoch).toBe(true);
    }
  });
});

describe('stake in the state', () => {
  const leaf = { ...leafOf(5), eligibleFrom: 50 };
  const right: StakeRight = { kind: 'stake', outpoint: leaf.outpoint, amount: leaf.amount, key: leaf.key };
  const headerAt = (height: number, time = 101) => ({ height, time, right }) as Header & { right: StakeRight };
  const parent = { time: 100 } as Header;
  const codeOf = (height: number, known: StakeLeaf | undefined, time?: number): string | undefined => {
    const verdict = checkStakeInState(headerAt(height, time), parent, known, DEV_PARAMETERS);
    return isFault(verdict) ? verdict.fault : undefined;
  };

  test('ST7 is refused once spent, or with another amount or key (S3)', () => {
    expect(codeOf(60, undefined)).toBe('stake-spent');
    expect(codeOf(60, { ...leaf, amount: 1n })).toBe('stake-mismatch');
    expect(codeOf(60, { ...leaf, key: hashOf(1) })).toBe('stake-mismatch');
    expect(codeOf(60, leaf)).toBeUndefined();
  });

  test('ST2 is eligible from its height on, sooner only when the chain has stalled (S13)', () => {
    expect([49, 50, 51].map((height) => codeOf(height, leaf))).toEqual(['stake-resting', undefined, undefined]);
    const { stallTime } = DEV_PARAMETERS;
    expect([stallTime - 1, stallTime].map((wait) => codeOf(49, leaf, 100 + wait))).toEqual(['stake-resting', undefined]);
    expect(restStake(leaf, 60, DEV_PARAMETERS)).toEqual({ ...leaf, eligibleFrom: 80 });
  });
});

describe('the Bitcoin header of a block', () => {
  const START = 1_700_000_000;
  const times = Array.from({ length: 40 }, (_, i) => START + i * 600);
  const grown = (): BitcoinChain => {
    const chain = startRegtest();
    chain.accept(mineBranch(chain.base.hash, times, 0), 4_000_000_000);
    return chain;
  };
  const bitcoin = grown();
  const rules = { parameters: DEV_PARAMETERS, genesisTime: 1 };
  const slot = bitcoin.entryAt(30)!;
  const time = slot.latestTime + DEV_PARAMETERS.bitcoinLag;
  const chained = (of: { bitcoin?: Uint8Array; time?: number; registeredTime?: number } = {}): ChainedHeader =>
    ({
      header: { height: 9, time: of.time ?? time, bitcoin: asHash32(of.bitcoin ?? slot.hash) },
      hash: hashOf(1),
      stake: { ...leafOf(3), registeredTime: of.registeredTime ?? 1 },
    }) as ChainedHeader;
  const codeOf = (header: ChainedHeader, view = bitcoin): string | undefined => {
    const verdict = judgeBitcoin(header, view, rules);
    return isFault(verdict) ? verdict.fault : undefined;
  };

  test('ST5 is the one of its slot: the next needs later time, the one before is passed', () => {
    expect(codeOf(chained())).toBeUndefined();
    expect(codeOf(chained({ time: time - 1 }))).toBe('bitcoin-not-slot');
    expect(codeOf(chained({ time: time + 599 }))).toBeUndefined();
    expect(codeOf(chained({ time: time + 600 }))).toBe('bitcoin-not-slot');
    expect(codeOf(chained({ bitcoin: bitcoin.entryAt(29)!.hash }))).toBe('bitcoin-not-slot');
    expect(codeOf(chained({ bitcoin: hashOf(3) }))).toBe('unknown-bitcoin');
  });

  test('ST5 may be a stale sibling, while it leaves at most bitcoinStale below', () => {
    const view = grown();
    const stale = mineBranch(view.entryAt(29)!.hash, [times[29]!], 5)[0]!;
    view.accept([stale], 4_000_000_000);
    const named = { bitcoin: hashBitcoinHeader(stale) };
    expect(codeOf(chained(named), view)).toBeUndefined();
    expect(codeOf(chained({ ...named, time: time + 5 * 600 }), view)).toBeUndefined();
    expect(codeOf(chained({ ...named, time: time + 6 * 600 }), view)).toBe('bitcoin-not-slot');
    expect(codeOf(chained({ ...named, time: time - 600 }), view)).toBe('bitcoin-not-slot');
  });

  test('ST5 came after the stake was registered, unless in genesis (S8)', () => {
    expect(codeOf(chained({ registeredTime: slot.medianTime - 1 }))).toBeUndefined();
    expect(codeOf(chained({ registeredTime: slot.medianTime }))).toBe('stake-registered-late');
    const genesis = { parameters: DEV_PARAMETERS, genesisTime: slot.medianTime + 7 };
    expect(judgeBitcoin(chained({ registeredTime: slot.medianTime + 7 }), bitcoin, genesis)).not.toHaveProperty('fault');
  });
});

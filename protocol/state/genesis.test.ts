import { describe, expect, test } from 'vitest';
import { decodeHeader, encodeHeader } from '../block/header-codec.ts';
import { encodeHex } from '../codec/hex.ts';
import { encodeUtf8 } from '../codec/utf8.ts';
import { DEV_PARAMETERS } from '../params/networks.ts';
import { targetOfBits } from '../params/target.ts';
import { admissionRecord, computeRecordKey, encodeRecord } from '../records/record-leaf.ts';
import { matchDataScript } from '../script/forms/data-output.ts';
import { findLeaf } from '../trie/find.ts';
import { MemoryState } from './memory-state.ts';
import { GENESIS_TIME, testGenesis, testKey, VC } from './test-chain.ts';

describe('genesis', () => {
  const genesis = testGenesis();
  const { block, change } = genesis;
  const { transactions } = block.body;

  test('CN10 has one coinbase in each layer, marked with the network’s name', () => {
    expect(transactions.map(({ layer, type, lockTime }) => [layer, type, lockTime])).toEqual([
      [1, 4, 0],
      [2, 4, 0],
      [0, 4, 0],
    ]);
    for (const { outputs } of transactions) expect(matchDataScript(outputs[0]!.script)).toEqual(encodeUtf8('VCdev'));
    expect(change.createdCoins.length).toBe(64 + 4 + 8);
  });

  test('CN10 its stakes are eligible at once, its coins carry its time', () => {
    expect(change.stakes.length).toBe(64);
    for (const { after } of change.stakes) expect(after).toMatchObject({ eligibleFrom: 0, creditFrom: 0, registeredTime: GENESIS_TIME });
    for (const coin of change.createdCoins) expect([coin.height, coin.medianTime, coin.type]).toEqual([0, GENESIS_TIME, 4]);
  });

  test('CN10 its header is in form, its economy counts all value and no source', () => {
    expect(decodeHeader(encodeHeader(block.header))).toEqual(block.header);
    expect(block.header.economy).toEqual({ value: 640_800n * VC, locked: 640_000n * VC, credit: 0n, debt: 0n, overdue: 0n, fees: 0n });
    const exact = 2n ** 256n / (4n * 640_000n * VC);
    const target = targetOfBits(block.header.bits);
    expect(target <= exact && exact - target < exact >> 15n).toBe(true);
  });

  test('CN10 its group is on record', () => {
    const state = new MemoryState(genesis);
    const record = admissionRecord([testKey(5_000).publicKey], 0);
    const leaf = findLeaf(state.recordNodes, state.roots.records, computeRecordKey(record));
    expect(leaf && encodeHex(leaf)).toBe(encodeHex(encodeRecord(record)));
    expect(testGenesis(DEV_PARAMETERS).change.hash).toEqual(change.hash);
  });
});

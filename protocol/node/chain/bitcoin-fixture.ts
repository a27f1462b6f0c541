import type { BitcoinEntry } from '#protocol/bitcoin/header';
import { asHash32, type Hash32, ZERO_HASH } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { encodeBytes } from '#protocol/codec/writer';
import { sha256 } from '#protocol/crypto/hash';
import { DEV_PARAMETERS } from '#protocol/params/networks';
import type { Parameters } from '#protocol/params/parameters';
import type { NodeBitcoin } from './contract.ts';
import { FIXTURE_TIME } from './genesis-fixture.ts';

/** Six thousand blocks. */
const HEIGHTS = 12_000;
const LEAD = 76;

const numbered = (height: number): Hash32 => asHash32(sha256(encodeBytes((writer) => writer.u32(height).u32(77))));

const makeRow = (start: number, interval: number): NodeBitcoin => {
  const entries: BitcoinEntry[] = [];
  for (let height = 0; height < HEIGHTS; height++) {
    const previous = entries.at(-1)?.hash ?? ZERO_HASH;
    const header = { version: 1, previous, merkleRoot: ZERO_HASH, time: 0, bits: 0, nonce: 0 };
    entries.push({
      header,
      hash: numbered(height),
      height,
      medianTime: start + interval * height,
      latestTime: start + interval * height,
      work: BigInt(height),
    });
  }
  const byHash = new Map(entries.map((entry) => [encodeHex(entry.hash), entry]));
  const slotHeader = (bound: number): BitcoinEntry | undefined => entries[Math.floor((bound - start) / interval)];
  return {
    findHeader: (hash) => byHash.get(encodeHex(hash)),
    slotHeader,
    isSlotHeader: (entry, bound) => slotHeader(bound)?.height === entry.height,
    tip: () => entries[HEIGHTS - 1] as BitcoinEntry,
    headersAfter: () => ({ height: 0, headers: [] }),
    headersAround: () => undefined,
    accept: async () => ({ added: 0 }),
    onTip: () => () => undefined,
  };
};

const rows = new Map<number, NodeBitcoin>();

/** Bitcoin's chain as a fixed row of headers, two for each block of ours: the world, not code under test. */
export const fixtureBitcoin = ({ targetSpacing, bitcoinLag }: Parameters = DEV_PARAMETERS): NodeBitcoin => {
  const row = rows.get(targetSpacing) ?? makeRow(FIXTURE_TIME - bitcoinLag - LEAD, targetSpacing / 2);
  rows.set(targetSpacing, row);
  return row;
};

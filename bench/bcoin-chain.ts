import { mkdir } from 'node:fs/promises';
import { encodeBitcoinHeader, hashBitcoinHeader } from '#protocol/bitcoin/header-codec';
import { hasWork, makeDifficulty } from '#protocol/bitcoin/proof-of-work';
import { concatBytes } from '#protocol/codec/bytes';
import { asHash32, type Hash32, ZERO_HASH } from '#protocol/codec/hash32';
import { decodeHex } from '#protocol/codec/hex';
import { encodeBytes } from '#protocol/codec/writer';
import { hash256 } from '#protocol/crypto/hash';
import { computeTxid, computeWtxid } from '#protocol/tx/identity';
import type { Transaction } from '#protocol/tx/transaction';
import { encodeTransaction } from '#protocol/tx/transaction-codec';
import type { Bcoin, BcoinBlocks, BcoinChain } from './bcoin.ts';
import { type CoinSet, type PlacedCoin, scriptOf } from './coin-set.ts';
import { say } from './row.ts';

const REGTEST_BITS = 0x207f_ffff;
/** Bits 0 and 1 ask for csv and segwit, which a regtest chain has after three periods of 144 blocks. */
const VERSION = 0x2000_0003;
const SEGWIT_HEIGHT = 3 * 144;
/** Below this a coinbase is 50 BTC. */
const COINS_OF_BLOCK = 30_000;
const COIN_AMOUNT = 150_000n;
const FINAL_SEQUENCE = 0xffff_ffff;
const FIRST_TIME = 1_700_000_000;
const SPACING = 60;
/** As much as our own store has. */
const CACHE_BYTES = 64 * 1024 * 1024;
/** @source BIP141: OP_RETURN, a push of 36 bytes, and four that say what it is */
const COMMITMENT = Uint8Array.of(0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed);

interface Output {
  readonly amount: bigint;
  readonly script: Uint8Array;
}

/** Bitcoin's merkle tree: an odd hash is paired with itself. */
const merkleRoot = (leaves: readonly Hash32[]): Hash32 => {
  let row = leaves;
  while (row.length > 1)
    row = Array.from({ length: Math.ceil(row.length / 2) }, (_, i) => {
      const left = row[2 * i] as Hash32;
      return hash256(concatBytes(left, row[2 * i + 1] ?? left));
    });
  return row[0] as Hash32;
};

/** @shape with: the witness nonce, which a block with a commitment needs */
const encodeCoinbase = (height: number, outputs: readonly Output[], segwit: boolean): Uint8Array =>
  encodeBytes((writer) => {
    writer.u32(1);
    if (segwit) writer.u8(0).u8(1);
    writer.compactSize(1).bytes(ZERO_HASH).u32(0xffff_ffff);
    writer.varBytes(encodeBytes((script) => script.u8(4).u32(height))).u32(FINAL_SEQUENCE);
    writer.list(outputs, (w, { amount, script }) => w.u64(amount).varBytes(script));
    if (segwit) writer.compactSize(1).varBytes(ZERO_HASH);
    writer.u32(0);
  }, 1_048_576);

interface Place {
  readonly height: number;
  readonly previous: Uint8Array;
}

/** A regtest block with its proof of work; coinbase outputs and payments are given. */
const makeBlock = ({ height, previous }: Place, outputs: readonly Output[], payments: readonly Transaction[]) => {
  const witnesses = merkleRoot([ZERO_HASH, ...payments.map(computeWtxid)]);
  const commitment = concatBytes(COMMITMENT, hash256(concatBytes(witnesses, ZERO_HASH)));
  const segwit = payments.length > 0;
  const paid = segwit ? [...outputs, { amount: 0n, script: commitment }] : outputs;
  const coinbase = hash256(encodeCoinbase(height, paid, false));
  const root = merkleRoot([coinbase, ...payments.map(computeTxid)]);
  const time = FIRST_TIME + height * SPACING;
  const difficulty = makeDifficulty(REGTEST_BITS);
  for (let nonce = 0; ; nonce++) {
    const header = encodeBitcoinHeader({
      version: VERSION,
      previous: asHash32(previous),
      merkleRoot: root,
      time,
      bits: REGTEST_BITS,
      nonce,
    });
    const hash = hashBitcoinHeader(header);
    if (!hasWork(hash, difficulty)) continue;
    const bytes = encodeBytes((writer) => {
      writer
        .bytes(header)
        .compactSize(1 + payments.length)
        .bytes(encodeCoinbase(height, paid, segwit));
      for (const payment of payments) writer.bytes(encodeTransaction(payment));
    }, 2_097_152);
    return { bytes: Buffer.from(bytes), coinbase };
  }
};

/** bcoin's full chain on disk, its checks all on; blocks go in as bytes. */
export class BcoinRegtest {
  private readonly chain: BcoinChain;
  private readonly blocks: BcoinBlocks;

  private constructor(chain: BcoinChain, blocks: BcoinBlocks) {
    this.chain = chain;
    this.blocks = blocks;
  }

  static async open(bcoin: Bcoin, folder: string): Promise<BcoinRegtest> {
    const Chain = bcoin.load('blockchain/chain');
    await mkdir(folder, { recursive: true });
    const chain = new Chain({ network: 'regtest', memory: false, prefix: folder, spv: false, checkpoints: false, cacheSize: CACHE_BYTES });
    await chain.open();
    return new BcoinRegtest(chain, bcoin.load('primitives/block'));
  }

  get coinCount(): number {
    return this.chain.db.state.coin;
  }

  private get next(): Place {
    const hash = decodeHex(this.chain.tip.hash);
    if (!(hash instanceof Uint8Array)) throw new Error('bcoin names its tip in hexadecimal');
    return { height: this.chain.height + 1, previous: hash };
  }

  makeBlock(payments: readonly Transaction[]): Buffer {
    return makeBlock(this.next, [], payments).bytes;
  }

  /** Decodes the block, checks all of it, and connects it. */
  async connect(bytes: Buffer): Promise<void> {
    const { height } = this.chain;
    const entry = await this.chain.add(this.blocks.fromRaw(bytes));
    if (entry === null || this.chain.height !== height + 1) throw new Error('bcoin did not connect a block');
  }

  /** Makes the coins in coinbases, and the blocks until they are ripe and segwit is in force. */
  async addCoins(set: CoinSet): Promise<ReadonlyMap<number, PlacedCoin>> {
    const placed = new Map<number, PlacedCoin>();
    for (let from = 0; from < set.count; from += COINS_OF_BLOCK) {
      const count = Math.min(COINS_OF_BLOCK, set.count - from);
      const outputs = Array.from({ length: count }, (_, i) => ({ amount: COIN_AMOUNT, script: scriptOf(from + i, set) }));
      const { bytes, coinbase } = makeBlock(this.next, outputs, []);
      await this.connect(bytes);
      for (let i = 0; i < count; i++)
        if ((from + i) % set.stride === 0) placed.set(from + i, { outpoint: { txid: coinbase, index: i }, amount: COIN_AMOUNT });
    }
    say(`${this.coinCount.toLocaleString('en')} coins in bcoin`);
    while (this.chain.height < SEGWIT_HEIGHT) await this.connect(makeBlock(this.next, [{ amount: 0n, script: COMMITMENT }], []).bytes);
    return placed;
  }

  close(): Promise<void> {
    return this.chain.close();
  }
}

import { asHash32 } from '../codec/hash32.ts';
import { type ByteReader, decodeBytes } from '../codec/reader.ts';
import { isFault } from '../fault.ts';
import { outpointKey } from '../tx/outpoint.ts';
import { type BitcoinBlock, isTxidRoot, readBitcoinBlock } from './bitcoin-block.ts';
import type { BitcoinFlags } from './bitcoin-flags.ts';
import { verifyBitcoinScript } from './bitcoin-script.ts';
import {
  type BitcoinInput,
  type BitcoinOutput,
  type BitcoinTransaction,
  computeBitcoinTxid,
  readBitcoinOutput,
} from './bitcoin-transaction.ts';
import { type ConformanceAdapter, ConformanceTally } from './report.ts';

/** In force at height 300,025. */
const P2SH_ONLY: BitcoinFlags = new Set(['P2SH']);
const NO_FLAGS: BitcoinFlags = new Set();
const NETWORK_MAGIC = 0xd9b4bef9;
/** inside the signature of every scriptSig that begins with one, an empty item before it or not */
const IN_SIGNATURE = 40;

const readUndo = (reader: ByteReader): BitcoinOutput[] => {
  const outputs: BitcoinOutput[] = [];
  while (reader.remaining > 0) outputs.push(readBitcoinOutput(reader));
  return outputs;
};

/** blocks/bcoin_block300025-undo.raw with its block: each is the coin that the input in its place spends. */
export const checkUndo = (contents: Uint8Array, block: Uint8Array): ReturnType<ConformanceAdapter> => {
  const tally = new ConformanceTally();
  const [coins, read] = [decodeBytes(contents, readUndo), decodeBytes(block, readBitcoinBlock)];
  if (isFault(coins) || isFault(read)) {
    tally.judge('reads to its end', false);
    return tally.report();
  }
  const spends = spendsOf(read);
  for (const [at, coin] of coins.entries()) {
    const spend = spends[at];
    const satisfied = spend !== undefined && verifyBitcoinScript({ ...spend, coin, flags: P2SH_ONLY }).kind === 'valid';
    tally.judge(`coin ${at}`, satisfied);
  }
  return tally.report();
};

/** Everything but the coinbase, which spends nothing. */
const spendsOf = (block: BitcoinBlock): readonly { readonly tx: BitcoinTransaction; readonly index: number }[] =>
  block.transactions.slice(1).flatMap((tx) => tx.inputs.map((_, index) => ({ tx, index })));

const withFlippedSignature = (tx: BitcoinTransaction, index: number): BitcoinTransaction => ({
  ...tx,
  inputs: tx.inputs.map((input, at): BitcoinInput => {
    const scriptSig = input.scriptSig.map((byte, place) => (place === IN_SIGNATURE ? byte ^ 1 : byte));
    return at === index ? { ...input, scriptSig } : input;
  }),
});

const judgeTransactions = (tally: ConformanceTally, { transactions, exact }: BitcoinBlock): void => {
  for (const at of transactions.keys()) tally.judge(`transaction ${at}`, exact[at] === true);
};

/**
 * blocks/mainnet_block300025.raw with its undo data: the Merkle root, each transaction encoded anew, and of each input that
 * its script passes, and passes no longer with one bit of a signature flipped.
 */
export const checkBlockWithUndo = (contents: Uint8Array, undo: Uint8Array): ReturnType<ConformanceAdapter> => {
  const tally = new ConformanceTally();
  const [block, coins] = [decodeBytes(contents, readBitcoinBlock), decodeBytes(undo, readUndo)];
  tally.judge('block', !isFault(block) && isTxidRoot(block) && !isFault(coins) && coins.length === spendsOf(block).length);
  if (isFault(block) || isFault(coins)) return tally.report();
  judgeTransactions(tally, block);
  for (const [at, { tx, index }] of spendsOf(block).entries()) {
    const coin = coins[at];
    const passes = (of: BitcoinTransaction): boolean =>
      coin !== undefined && verifyBitcoinScript({ tx: of, index, coin, flags: P2SH_ONLY }).kind === 'valid';
    tally.judge(`input ${at}`, passes(tx) && !passes(withFlippedSignature(tx, index)));
  }
  return tally.report();
};

const readFramed = (reader: ByteReader): BitcoinBlock[] => {
  const blocks: BitcoinBlock[] = [];
  while (reader.remaining > 0) {
    if (reader.u32() !== NETWORK_MAGIC) reader.refuse('form');
    const end = reader.u32() + reader.offset;
    blocks.push(readBitcoinBlock(reader));
    if (reader.offset !== end) reader.refuse('form');
  }
  return blocks;
};

/** Whether every input passes whose coin is known here. */
const spendsKnownCoins = (tx: BitcoinTransaction, coins: ReadonlyMap<string, BitcoinOutput>): boolean =>
  tx.inputs.every(({ outpoint }, index) => {
    const coin = coins.get(outpointKey(outpoint));
    return coin === undefined || verifyBitcoinScript({ tx, index, coin, flags: NO_FLAGS }).kind === 'valid';
  });

/** blocks/btcd_blocks1-256.dat: each block's Merkle root, each transaction encoded anew and every script whose coin is from these blocks. */
export const checkFirstBlocks: ConformanceAdapter = (contents) => {
  const tally = new ConformanceTally();
  const blocks = decodeBytes(contents, readFramed);
  if (isFault(blocks)) {
    tally.judge('reads to its end', false);
    return tally.report();
  }
  const coins = new Map<string, BitcoinOutput>();
  for (const [at, block] of blocks.entries()) {
    tally.judge(`block ${at + 1}`, isTxidRoot(block));
    for (const [place, tx] of block.transactions.entries()) {
      tally.judge(`block ${at + 1}, transaction ${place}`, block.exact[place] === true && spendsKnownCoins(tx, coins));
      const txid = asHash32(computeBitcoinTxid(tx));
      for (const [index, output] of tx.outputs.entries()) coins.set(outpointKey({ txid, index }), output);
    }
  }
  return tally.report();
};

import { concatBytes, equalBytes } from '../codec/bytes.ts';
import { asHash32, type Hash32, ZERO_HASH } from '../codec/hash32.ts';
import { encodeHex } from '../codec/hex.ts';
import { type ByteReader, decodeBytes } from '../codec/reader.ts';
import { hash256 } from '../crypto/hash.ts';
import { isFault } from '../fault.ts';
import { isNullOutpoint, outpointKey } from '../tx/outpoint.ts';
import { type BitcoinBlock, computeBitcoinRoot, computeTxidRoot, readBitcoinBlock } from './bitcoin-block.ts';
import type { BitcoinFlags } from './bitcoin-flags.ts';
import { verifyBitcoinScript } from './bitcoin-script.ts';
import {
  type BitcoinInput,
  type BitcoinOutput,
  type BitcoinTransaction,
  computeBitcoinTxid,
  computeBitcoinWtxid,
  readBitcoinOutput,
} from './bitcoin-transaction.ts';
import { type ConformanceAdapter, ConformanceTally } from './report.ts';

/** In force at height 300,025. */
const P2SH_ONLY: BitcoinFlags = new Set(['P2SH']);
const NO_FLAGS: BitcoinFlags = new Set();
const NETWORK_MAGIC = 0xd9b4bef9;
const COMMITMENT_HEAD = '6a24aa21a9ed';

const judgeBlock = (tally: ConformanceTally, name: string, block: BitcoinBlock): void => {
  tally.judge(`${name}: encoded anew`, block.exact);
  tally.judge(`${name}: Merkle root`, equalBytes(computeTxidRoot(block), block.merkleRoot));
};

/** Everything but the coinbase, which spends nothing. */
const spendsOf = (block: BitcoinBlock): readonly { readonly tx: BitcoinTransaction; readonly index: number }[] =>
  block.transactions.slice(1).flatMap((tx) => tx.inputs.map((_, index) => ({ tx, index })));

const readUndo = (reader: ByteReader): BitcoinOutput[] => {
  const outputs: BitcoinOutput[] = [];
  while (reader.remaining > 0) outputs.push(readBitcoinOutput(reader));
  return outputs;
};

/** blocks/bcoin_block300025-undo.raw: outputs that the block spends, read to the end. */
export const checkUndo: ConformanceAdapter = (contents) => {
  const tally = new ConformanceTally();
  const outputs = decodeBytes(contents, readUndo);
  tally.judge('reads to its end', !isFault(outputs) && outputs.length === 1427);
  return tally.report();
};

const flipByte = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));

/** Flips a bit in the middle of the signature that begins a scriptSig. */
const withFlippedSignature = (tx: BitcoinTransaction, index: number): BitcoinTransaction => ({
  ...tx,
  inputs: tx.inputs.map((input, at): BitcoinInput => (at === index ? { ...input, scriptSig: flipByte(input.scriptSig, 40) } : input)),
});

/** blocks/mainnet_block300025.raw with its undo data: every script passes, and no longer with a signature that is not its own. */
export const checkBlockWithUndo = (contents: Uint8Array, undo: Uint8Array): ReturnType<ConformanceAdapter> => {
  const tally = new ConformanceTally();
  const [block, coins] = [decodeBytes(contents, readBitcoinBlock), decodeBytes(undo, readUndo)];
  tally.judge('reads to its end', !isFault(block) && !isFault(coins));
  if (isFault(block) || isFault(coins)) return tally.report();
  judgeBlock(tally, 'block', block);
  const spends = spendsOf(block);
  tally.judge('one coin for every input', spends.length === coins.length);
  for (const [at, { tx, index }] of spends.entries()) {
    const coin = coins[at] as BitcoinOutput;
    tally.judge(`input ${at}`, verifyBitcoinScript({ tx, index, coin, flags: P2SH_ONLY }).kind === 'valid');
  }
  const [first, coin] = [spends[0], coins[0]];
  if (first === undefined || coin === undefined) return tally.report();
  const flipped = { tx: withFlippedSignature(first.tx, first.index), index: first.index, coin, flags: P2SH_ONLY };
  tally.judge('input 0 with a flipped signature bit', verifyBitcoinScript(flipped).kind === 'invalid');
  return tally.report();
};

const findCommitment = (coinbase: BitcoinTransaction): Uint8Array | undefined =>
  coinbase.outputs
    .map(({ script }) => script)
    .findLast((script) => encodeHex(script.subarray(0, 6)) === COMMITMENT_HEAD)
    ?.subarray(6, 38);

const computeWitnessCommitment = (block: BitcoinBlock, coinbase: BitcoinTransaction): Hash32 => {
  const leaves = block.transactions.map((tx, index) => (index === 0 ? ZERO_HASH : asHash32(computeBitcoinWtxid(tx))));
  return hash256(concatBytes(computeBitcoinRoot(leaves), coinbase.inputs[0]?.witness[0] ?? ZERO_HASH));
};

/** blocks/mainnet_block482683.raw: segwit encoding, txids, and the witness commitment. */
export const checkWitnessBlock: ConformanceAdapter = (contents) => {
  const tally = new ConformanceTally();
  const block = decodeBytes(contents, readBitcoinBlock);
  tally.judge('reads to its end', !isFault(block));
  const coinbase = isFault(block) ? undefined : block.transactions[0];
  if (isFault(block) || coinbase === undefined) return tally.report();
  judgeBlock(tally, 'block', block);
  const commitment = findCommitment(coinbase);
  tally.judge('witness commitment', commitment !== undefined && equalBytes(commitment, computeWitnessCommitment(block, coinbase)));
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

const judgeSpends = (tally: ConformanceTally, tx: BitcoinTransaction, coins: ReadonlyMap<string, BitcoinOutput>): void => {
  for (const [index, { outpoint }] of tx.inputs.entries()) {
    const coin = isNullOutpoint(outpoint) ? undefined : coins.get(outpointKey(outpoint));
    if (coin !== undefined)
      tally.judge(`spend of ${outpointKey(outpoint)}`, verifyBitcoinScript({ tx, index, coin, flags: NO_FLAGS }).kind === 'valid');
  }
};

/** blocks/btcd_blocks1-256.dat: encoding, Merkle roots, and every script whose coin is from these blocks. */
export const checkFirstBlocks: ConformanceAdapter = (contents) => {
  const tally = new ConformanceTally();
  const blocks = decodeBytes(contents, readFramed);
  tally.judge('reads to its end', !isFault(blocks));
  const coins = new Map<string, BitcoinOutput>();
  for (const [at, block] of (isFault(blocks) ? [] : blocks).entries()) {
    judgeBlock(tally, `block ${at + 1}`, block);
    for (const tx of block.transactions) {
      judgeSpends(tally, tx, coins);
      const txid = asHash32(computeBitcoinTxid(tx));
      for (const [index, output] of tx.outputs.entries()) coins.set(outpointKey({ txid, index }), output);
    }
  }
  return tally.report();
};

import { concatBytes, equalBytes } from '../codec/bytes.ts';
import { asHash32, type Hash32, ZERO_HASH } from '../codec/hash32.ts';
import { encodeHex } from '../codec/hex.ts';
import { decodeBytes } from '../codec/reader.ts';
import { hash160, hash256 } from '../crypto/hash.ts';
import { isFault } from '../fault.ts';
import { ScriptCursor } from '../script/cursor.ts';
import { buildKeyHashCheck } from '../script/forms/key-check.ts';
import { OP } from '../script/opcodes.ts';
import { isCompressedKey } from '../script/signature-encoding.ts';
import { type BitcoinBlock, computeBitcoinRoot, isTxidRoot, readBitcoinBlock } from './bitcoin-block.ts';
import type { BitcoinFlags } from './bitcoin-flags.ts';
import { verifyBitcoinScript } from './bitcoin-script.ts';
import { type BitcoinInput, type BitcoinTransaction, computeBitcoinWtxid } from './bitcoin-transaction.ts';
import { type ConformanceAdapter, ConformanceTally } from './report.ts';

const FLAGS: BitcoinFlags = new Set(['P2SH', 'WITNESS', 'DERSIG', 'NULLDUMMY', 'CHECKLOCKTIMEVERIFY', 'CHECKSEQUENCEVERIFY']);
const COMMITMENT_HEAD = '6a24aa21a9ed';
const UNCOMPRESSED_KEY = 65;
const AMOUNT_UNKNOWN = '01 Scripts: a witness signs the amount of its coin, which does not stand in this file';

const findCommitment = (coinbase: BitcoinTransaction | undefined): Uint8Array | undefined =>
  coinbase?.outputs
    .map(({ script }) => script)
    .findLast((script) => encodeHex(script.subarray(0, 6)) === COMMITMENT_HEAD)
    ?.subarray(6, 38);

const computeWitnessCommitment = ({ transactions }: BitcoinBlock): Hash32 => {
  const leaves = transactions.map((tx, index) => (index === 0 ? ZERO_HASH : asHash32(computeBitcoinWtxid(tx))));
  return hash256(concatBytes(computeBitcoinRoot(leaves), transactions[0]?.inputs[0]?.witness[0] ?? ZERO_HASH));
};

const isCommitted = (block: BitcoinBlock): boolean => {
  const commitment = findCommitment(block.transactions[0]);
  return commitment !== undefined && equalBytes(commitment, computeWitnessCommitment(block));
};

const lastPush = (script: Uint8Array): Uint8Array => {
  const cursor = new ScriptCursor(script);
  let data = new Uint8Array(0);
  while (!cursor.atEnd && cursor.advance()) data = cursor.data.slice();
  return data;
};

/** The script of a coin as the input that spends it shows: by the key that was hashed, else by the script that was. */
const revealScript = ({ scriptSig }: BitcoinInput): Uint8Array => {
  const shown = lastPush(scriptSig);
  const hash = hash160(shown);
  if (isCompressedKey(shown) || shown.length === UNCOMPRESSED_KEY) return buildKeyHashCheck(hash);
  return concatBytes(Uint8Array.of(OP.HASH160, 20), hash, Uint8Array.of(OP.EQUAL));
};

const judgeInput = (tally: ConformanceTally, name: string, tx: BitcoinTransaction, index: number): void => {
  const input = tx.inputs[index] as BitcoinInput;
  if (input.witness.length > 0) tally.skip(name, AMOUNT_UNKNOWN);
  else
    tally.judge(name, verifyBitcoinScript({ tx, index, coin: { value: 0n, script: revealScript(input) }, flags: FLAGS }).kind === 'valid');
};

/**
 * blocks/mainnet_block482683.raw: both roots, each transaction encoded anew, and the script of each input whose coin can be
 * told from the input itself, which before BIP143 signed no amount.
 */
export const checkWitnessBlock: ConformanceAdapter = (contents) => {
  const tally = new ConformanceTally();
  const block = decodeBytes(contents, readBitcoinBlock);
  tally.judge('block', !isFault(block) && isTxidRoot(block) && isCommitted(block));
  if (isFault(block)) return tally.report();
  for (const [at, tx] of block.transactions.entries()) {
    tally.judge(`transaction ${at}`, block.exact[at] === true);
    if (at > 0) for (const index of tx.inputs.keys()) judgeInput(tally, `transaction ${at}, input ${index}`, tx, index);
  }
  return tally.report();
};

import { equalBytes } from '../codec/bytes.ts';
import { decodeReversedHex, type Hash32 } from '../codec/hash32.ts';
import { decodeHex } from '../codec/hex.ts';
import { hash256 } from '../crypto/hash.ts';
import { isFault } from '../fault.ts';
import { verifyBitcoinBranch } from '../merkle/bitcoin-branch.ts';
import { decodeTxOutProof, type MatchedTransaction, openTxOutProof, verifyTxOutProof } from '../merkle/bitcoin-partial-tree.ts';
import { type ConformanceAdapter, ConformanceTally, parseJson } from './report.ts';

interface AttackFile {
  readonly cases: readonly {
    readonly name: string;
    readonly leaf: string;
    readonly branch: readonly string[];
    readonly index: number;
    readonly root: string;
    readonly expect: string;
  }[];
}

const displayed = (text: string): Hash32 => decodeReversedHex(text) as Hash32;

/** merkle/spv_attack_vectors.json: branches that all hash to the root, some of which lie. */
export const checkSpvAttackVectors: ConformanceAdapter = (contents) => {
  const tally = new ConformanceTally();
  for (const { name, leaf, branch, index, root, expect } of (parseJson(contents) as AttackFile).cases) {
    const verdict = verifyBitcoinBranch(displayed(leaf), { index, siblings: branch.map(displayed) }, displayed(root));
    tally.judge(name, isFault(verdict) === expect.startsWith('refuse'));
  }
  return tally.report();
};

/** What an honest proof shows: the header that is known, and the transactions asked about. */
interface Honest {
  readonly header: Hash32;
  readonly merkleRoot: Hash32;
  readonly matches: readonly MatchedTransaction[];
}

const honestOf = (bytes: Uint8Array): Honest | undefined => {
  const proof = decodeTxOutProof(bytes);
  if (isFault(proof)) return undefined;
  const opened = openTxOutProof(proof);
  if (isFault(opened)) return undefined;
  return { header: hash256(proof.header), merkleRoot: proof.merkleRoot, matches: opened.matches };
};

const isAccepted = (bytes: Uint8Array, { header, merkleRoot, matches }: Honest): boolean => {
  const proof = decodeTxOutProof(bytes);
  if (isFault(proof) || !equalBytes(hash256(proof.header), header)) return false;
  const txids = matches.map(({ txid }) => txid);
  return !isFault(verifyTxOutProof(proof, merkleRoot, txids));
};

/** A mutant that is accepted shows the same transactions; the count of transactions is all it may differ in. */
const COUNT_FIELD = { from: 80, to: 84 };

const acceptedFlips = (bytes: Uint8Array, honest: Honest): number[] => {
  const accepted: number[] = [];
  const mutant = bytes.slice();
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const at = bit >> 3;
    mutant[at] = (bytes[at] as number) ^ (1 << (bit & 7));
    if (isAccepted(mutant, honest)) accepted.push(at);
    mutant[at] = bytes[at] as number;
  }
  return accepted;
};

const judgeProof = (
  tally: ConformanceTally,
  name: string,
  bytes: Uint8Array,
  indexesMatch: (indexes: readonly number[]) => boolean,
): void => {
  const honest = honestOf(bytes);
  const accepted = honest !== undefined && isAccepted(bytes, honest) && indexesMatch(honest.matches.map(({ index }) => index));
  const flips = accepted ? acceptedFlips(bytes, honest) : [];
  tally.judge(name, accepted && flips.every((at) => at >= COUNT_FIELD.from && at < COUNT_FIELD.to));
};

interface ProofCase {
  readonly tx_indexes: readonly number[];
  readonly proof: string;
  readonly file: string;
}

/** merkle/mainnet_txoutproofs.json: real proofs show their places, and no flipped bit shows another transaction. */
export const checkTxOutProofs: ConformanceAdapter = (contents) => {
  const tally = new ConformanceTally();
  for (const { tx_indexes, proof, file } of parseJson(contents) as readonly ProofCase[])
    judgeProof(tally, file, decodeHex(proof) as Uint8Array, (indexes) => indexes.join() === tx_indexes.join());
  return tally.report();
};

/** merkle/merkle300025.raw: one `merkleblock` message of a block of 461 transactions, two of them matched. */
export const checkMerkleBlock: ConformanceAdapter = (contents) => {
  const tally = new ConformanceTally();
  judgeProof(tally, 'merkleblock', contents, (indexes) => indexes.length === 2);
  return tally.report();
};

import { concatBytes, equalBytes } from '../codec/bytes.ts';
import { asHash32, type Hash32 } from '../codec/hash32.ts';
import { type CodecFault, decodeBytes } from '../codec/reader.ts';
import { hash256 } from '../crypto/hash.ts';
import { type Fault, fault, isFault } from '../fault.ts';
import { isSixtyFourByteTransaction } from './bitcoin-branch.ts';

/** 4,000,000 weight units ÷ 240, the least weight of a transaction: 16,666. */
const MAX_TRANSACTIONS = 16_666;

/** What `gettxoutproof` and `merkleblock` carry: a claim about the block with this header. */
export interface TxOutProof {
  /** 80 bytes */
  readonly header: Uint8Array;
  readonly merkleRoot: Hash32;
  readonly transactions: number;
  readonly hashes: readonly Hash32[];
  readonly flags: Uint8Array;
}

export interface MatchedTransaction {
  readonly txid: Hash32;
  readonly index: number;
}

/**
 * @shape header 80 ‖ transactions u32 ‖ list of hashes ‖ var flag bits, least significant first
 * @fault every codec fault
 * @source SPEC MK8; BIP37
 */
export const decodeTxOutProof = (bytes: Uint8Array): TxOutProof | CodecFault =>
  decodeBytes(bytes, (reader) => {
    const header = reader.take(80).slice();
    return {
      header,
      merkleRoot: asHash32(header.slice(36, 68)),
      transactions: reader.u32(),
      hashes: reader.list(MAX_TRANSACTIONS, 32, (r) => asHash32(r.take(32).slice())),
      flags: reader.varBytes(MAX_TRANSACTIONS).slice(),
    };
  });

export type PartialTreeFaultCode = 'transaction-count' | 'short' | 'trailing' | 'padding' | 'phantom-leaf' | 'inner-transaction';

class Refusal extends Error {
  readonly code: PartialTreeFaultCode;

  constructor(code: PartialTreeFaultCode) {
    super(code);
    this.code = code;
  }
}

class PartialTree {
  readonly matches: MatchedTransaction[] = [];
  private readonly proof: TxOutProof;
  private hashesUsed = 0;
  private flagsUsed = 0;

  constructor(proof: TxOutProof) {
    this.proof = proof;
  }

  private width(height: number): number {
    return Math.ceil(this.proof.transactions / 2 ** height);
  }

  get height(): number {
    let height = 0;
    while (this.width(height) > 1) height++;
    return height;
  }

  private flag(): boolean {
    const at = this.flagsUsed++;
    const byte = this.proof.flags[at >> 3];
    if (byte === undefined) throw new Refusal('short');
    return ((byte >> (at & 7)) & 1) === 1;
  }

  private hash(): Hash32 {
    const hash = this.proof.hashes[this.hashesUsed++];
    if (hash === undefined) throw new Refusal('short');
    return hash;
  }

  walk(height: number, index: number): Hash32 {
    const opened = this.flag();
    if (!opened) return this.hash();
    if (height === 0) {
      const txid = this.hash();
      this.matches.push({ txid, index });
      return txid;
    }
    const left = this.walk(height - 1, index * 2);
    const hasRight = index * 2 + 1 < this.width(height - 1);
    const right = hasRight ? this.walk(height - 1, index * 2 + 1) : left;
    if (hasRight && equalBytes(left, right)) throw new Refusal('phantom-leaf');
    const node = concatBytes(left, right);
    if (isSixtyFourByteTransaction(node)) throw new Refusal('inner-transaction');
    return hash256(node);
  }

  finish(): void {
    const { hashes, flags } = this.proof;
    if (this.hashesUsed !== hashes.length || flags.length !== Math.ceil(this.flagsUsed / 8)) throw new Refusal('trailing');
    const rest = this.flagsUsed & 7;
    if (rest !== 0 && (flags[flags.length - 1] as number) >> rest !== 0) throw new Refusal('padding');
  }
}

export interface OpenedTree {
  readonly root: Hash32;
  /** in the block's order */
  readonly matches: readonly MatchedTransaction[];
}

/**
 * Computes the root that a partial tree commits to and the leaves it marks; neither is proved before the root is known
 * to be a header's.
 *
 * @fault `transaction-count`: none, or more than a block can hold; `short` and `trailing`: hashes or flags too few or too
 * many; `padding`: flag bits set behind the last; `phantom-leaf`, `inner-transaction`: as for branches
 * @source SPEC MK8; BIP37; Bitcoin Core CPartialMerkleTree::ExtractMatches
 */
export const openTxOutProof = (proof: TxOutProof): OpenedTree | Fault<PartialTreeFaultCode> => {
  const { transactions, hashes } = proof;
  if (transactions === 0 || transactions > MAX_TRANSACTIONS || hashes.length > transactions)
    return fault('transaction-count', { transactions, hashes: hashes.length });
  const tree = new PartialTree(proof);
  try {
    const root = tree.walk(tree.height, 0);
    tree.finish();
    return { root, matches: tree.matches };
  } catch (error) {
    if (error instanceof Refusal) return fault(error.code, { transactions });
    throw error;
  }
};

/**
 * Verifies that a partial tree shows exactly these transactions under the Merkle root of a header that the caller holds
 * to be Bitcoin's. Their places are as true as the count of transactions, which no header commits to.
 *
 * @shape txids: at least one, in the block's order
 * @fault those of `openTxOutProof`; `merkle-root`: another root; `other-transactions`: fewer, more or others are marked
 * @source SPEC MK8
 */
export const verifyTxOutProof = (
  proof: TxOutProof,
  merkleRoot: Hash32,
  txids: readonly Hash32[],
): readonly MatchedTransaction[] | Fault<PartialTreeFaultCode | 'merkle-root' | 'other-transactions'> => {
  const opened = openTxOutProof(proof);
  if (isFault(opened)) return opened;
  const { root, matches } = opened;
  if (!equalBytes(root, merkleRoot)) return fault('merkle-root');
  const asked = txids.length > 0 && txids.length === matches.length && matches.every(({ txid }, i) => equalBytes(txid, txids[i] as Hash32));
  return asked ? matches : fault('other-transactions', { matches: matches.length });
};

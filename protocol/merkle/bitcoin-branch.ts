import { concatBytes, equalBytes } from '../codec/bytes.ts';
import type { Hash32 } from '../codec/hash32.ts';
import { hash256 } from '../crypto/hash.ts';
import { type Fault, fault } from '../fault.ts';

/** Bitcoin's own tree: the last hash of an odd row is paired with itself, and nodes are hashed as leaves are. */
export const hashBitcoinNode = (left: Uint8Array, right: Uint8Array): Hash32 => hash256(concatBytes(left, right));

/** A block of 4,000,000 weight units has fewer transactions than 2^17. */
export const MAX_BITCOIN_BRANCH = 17;

const VERSION = 4;
const INPUT_COUNT = VERSION;
const SCRIPT_SIG_LENGTH = INPUT_COUNT + 1 + 36;
const SPARE_BYTES = 64 - 60;

/**
 * Whether 64 bytes read as a transaction: one input and one output, whose scripts share the four bytes left over. A
 * transaction of this size is also two hashes side by side.
 *
 * @source SPEC MK7; CVE-2017-12842
 */
export const isSixtyFourByteTransaction = (bytes: Uint8Array): boolean => {
  if (bytes.length !== 64 || bytes[INPUT_COUNT] !== 1) return false;
  const scriptSig = bytes[SCRIPT_SIG_LENGTH] as number;
  if (scriptSig > SPARE_BYTES) return false;
  const outputCount = SCRIPT_SIG_LENGTH + 1 + scriptSig + 4;
  return bytes[outputCount] === 1 && bytes[outputCount + 9] === SPARE_BYTES - scriptSig;
};

export interface BitcoinBranch {
  readonly index: number;
  /** leaf first */
  readonly siblings: readonly Hash32[];
}

export type BitcoinBranchFault = Fault<'index-out-of-range' | 'branch-length' | 'phantom-leaf' | 'inner-transaction' | 'merkle-root'>;

/**
 * Verifies that a txid stands under a Bitcoin header's Merkle root. That the transaction itself has not 64 bytes is for
 * the caller to check, who has it.
 *
 * @fault `branch-length`: more than 17 siblings; `index-out-of-range`: not a place below 2^siblings; `phantom-leaf`: a
 * left sibling equal to what it is the left of; `inner-transaction`: two hashes that read as one transaction;
 * `merkle-root`: another root
 * @source SPEC MK6, MK7; CVE-2012-2459; CVE-2017-12842
 */
export const verifyBitcoinBranch = (txid: Hash32, branch: BitcoinBranch, root: Hash32): true | BitcoinBranchFault => {
  const { index, siblings } = branch;
  if (siblings.length > MAX_BITCOIN_BRANCH) return fault('branch-length', { length: siblings.length });
  if (!Number.isInteger(index) || index < 0 || index >= 2 ** siblings.length) return fault('index-out-of-range', { index });
  let hash = txid;
  for (const [level, sibling] of siblings.entries()) {
    const isRight = ((index >> level) & 1) === 1;
    if (isRight && equalBytes(sibling, hash)) return fault('phantom-leaf', { level });
    const node = isRight ? concatBytes(sibling, hash) : concatBytes(hash, sibling);
    if (isSixtyFourByteTransaction(node)) return fault('inner-transaction', { level });
    hash = hash256(node);
  }
  return equalBytes(hash, root) ? true : fault('merkle-root');
};

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { asHash32, type Hash32 } from '../codec/hash32.ts';
import { checkMerkleBlock, checkSpvAttackVectors, checkTxOutProofs } from '../conformance/merkle.ts';
import { sha256 } from '../crypto/hash.ts';
import { hashBitcoinNode, isSixtyFourByteTransaction, verifyBitcoinBranch } from './bitcoin-branch.ts';
import { decodeTxOutProof, openTxOutProof, verifyTxOutProof } from './bitcoin-partial-tree.ts';

const VECTORS = join(process.env.VC_VECTORS ?? '', 'merkle');
const vectors = test.skipIf(!existsSync(VECTORS));
const read = (name: string): Uint8Array => readFileSync(join(VECTORS, name));

const txidsOf = (count: number): Hash32[] => Array.from({ length: count }, (_, i) => sha256(Uint8Array.of(i & 255, i >> 8)));

/** All rows of Bitcoin's tree, leaves first, with the last of an odd row written twice. */
const rowsOf = (leaves: readonly Hash32[]): Hash32[][] => {
  const rows = [leaves.slice()];
  for (let row = rows[0]!; row.length > 1; row = rows[rows.length - 1]!) {
    if (row.length % 2 === 1) row.push(row[row.length - 1]!);
    rows.push(Array.from({ length: row.length / 2 }, (_, i) => hashBitcoinNode(row[2 * i]!, row[2 * i + 1]!)));
  }
  return rows;
};

const branchOf = (rows: readonly Hash32[][], index: number): Hash32[] =>
  rows.slice(0, -1).map((row, level) => row[(index >> level) ^ 1] ?? row[row.length - 1]!);

describe('branch', () => {
  test('MK6 attack row B2: proves every index below the count, and none at or above it, for 1 to 300 leaves', () => {
    for (let count = 1; count <= 300; count++) {
      const rows = rowsOf(txidsOf(count));
      const root = rows[rows.length - 1]![0]!;
      const places = 2 ** (rows.length - 1);
      for (let index = count === 300 || count < 20 ? 0 : count - 2; index < places; index++) {
        const leaf = rows[0]![Math.min(index, count - 1)]!;
        const verdict = verifyBitcoinBranch(leaf, { index, siblings: branchOf(rows, index) }, root);
        if (index < count) expect(verdict).toBe(true);
        else expect(verdict).toHaveProperty('fault');
      }
      expect(verifyBitcoinBranch(rows[0]![0]!, { index: places, siblings: branchOf(rows, 0) }, root)).toMatchObject({
        fault: 'index-out-of-range',
      });
    }
  });

  test('MK6 refuses a left sibling that equals the hash beside it', () => {
    const rows = rowsOf(txidsOf(3));
    const root = rows[2]![0]!;
    expect(verifyBitcoinBranch(rows[0]![2]!, { index: 2, siblings: branchOf(rows, 2) }, root)).toBe(true);
    expect(verifyBitcoinBranch(rows[0]![2]!, { index: 3, siblings: branchOf(rows, 2) }, root)).toMatchObject({ fault: 'phantom-leaf' });
  });

  test('MK6 refuses more than 17 siblings, and another root', () => {
    const leaf = txidsOf(1)[0]!;
    expect(verifyBitcoinBranch(leaf, { index: 0, siblings: txidsOf(18) }, leaf)).toMatchObject({ fault: 'branch-length' });
    expect(verifyBitcoinBranch(leaf, { index: 0, siblings: txidsOf(17) }, leaf)).toMatchObject({ fault: 'merkle-root' });
    expect(verifyBitcoinBranch(leaf, { index: 0, siblings: [] }, leaf)).toBe(true);
  });

  test('MK7 attack row B1: refuses an inner node that reads as a transaction', () => {
    const transaction = new Uint8Array(64).fill(0xaa);
    for (let scriptSig = 0; scriptSig <= 4; scriptSig++) {
      const bytes = transaction.slice();
      bytes[4] = 1;
      bytes[41] = scriptSig;
      bytes[46 + scriptSig] = 1;
      bytes[55 + scriptSig] = 4 - scriptSig;
      expect(isSixtyFourByteTransaction(bytes)).toBe(true);
      const [left, right] = [asHash32(bytes.slice(0, 32)), asHash32(bytes.slice(32))];
      const root = hashBitcoinNode(left, right);
      expect(verifyBitcoinBranch(left, { index: 0, siblings: [right] }, root)).toMatchObject({ fault: 'inner-transaction' });
      expect(verifyBitcoinBranch(right, { index: 1, siblings: [left] }, root)).toMatchObject({ fault: 'inner-transaction' });
      for (const at of [4, 46 + scriptSig, 55 + scriptSig]) {
        const other = bytes.slice();
        other[at]! ^= 8;
        expect(isSixtyFourByteTransaction(other)).toBe(false);
      }
    }
    expect(isSixtyFourByteTransaction(transaction.subarray(1))).toBe(false);
  });
});

describe('partial tree', () => {
  const [a, b, c] = txidsOf(3) as [Hash32, Hash32, Hash32];
  const root = hashBitcoinNode(hashBitcoinNode(a, b), hashBitcoinNode(c, c));
  const proof = {
    header: new Uint8Array(80),
    merkleRoot: root,
    transactions: 3,
    hashes: [hashBitcoinNode(a, b), c],
    flags: Uint8Array.of(0b1101),
  };

  test('MK8 shows exactly the transactions asked about', () => {
    expect(verifyTxOutProof(proof, root, [c])).toEqual([{ txid: c, index: 2 }]);
    expect(verifyTxOutProof(proof, root, [])).toMatchObject({ fault: 'other-transactions' });
    expect(verifyTxOutProof(proof, root, [a])).toMatchObject({ fault: 'other-transactions' });
    expect(verifyTxOutProof(proof, a, [c])).toMatchObject({ fault: 'merkle-root' });
  });

  test('MK8 refuses counts, hashes and flags that are too few, too many or left over', () => {
    const refused = (change: Partial<typeof proof>) => openTxOutProof({ ...proof, ...change });
    expect(refused({ transactions: 0 })).toMatchObject({ fault: 'transaction-count' });
    expect(refused({ transactions: 16_667 })).toMatchObject({ fault: 'transaction-count' });
    expect(refused({ transactions: 2, hashes: [a, b, c] })).toMatchObject({ fault: 'transaction-count' });
    expect(refused({ hashes: [a] })).toMatchObject({ fault: 'short' });
    expect(refused({ hashes: [...proof.hashes, a] })).toMatchObject({ fault: 'trailing' });
    expect(refused({ flags: new Uint8Array(0) })).toMatchObject({ fault: 'short' });
    expect(refused({ flags: Uint8Array.of(0b1101, 0) })).toMatchObject({ fault: 'trailing' });
    expect(refused({ flags: Uint8Array.of(0b11101) })).toMatchObject({ fault: 'padding' });
    expect(refused({ transactions: 4, hashes: [a, c, c], flags: Uint8Array.of(0b0010101) })).toMatchObject({ fault: 'phantom-leaf' });
  });

  test('MK8 takes no memory for a count of hashes that are not there', () => {
    const bytes = new Uint8Array(90);
    bytes.set([0xfd, 0x1a, 0x41], 84);
    expect(decodeTxOutProof(bytes)).toMatchObject({ fault: 'short' });
  });
});

describe('vectors', () => {
  vectors('MK6 MK7 attack rows B1, B2: judges the branches of spv_attack_vectors.json as it says', () => {
    expect(checkSpvAttackVectors(read('spv_attack_vectors.json'))).toMatchObject({ cases: 5, passed: 5, failed: [] });
  });

  vectors('MK8 attack row B3: accepts real proofs and no flipped bit that shows anything else', () => {
    expect(checkTxOutProofs(read('mainnet_txoutproofs.json'))).toMatchObject({ cases: 11, passed: 11, failed: [] });
    expect(checkMerkleBlock(read('merkle300025.raw'))).toMatchObject({ cases: 1, passed: 1, failed: [] });
  });
});

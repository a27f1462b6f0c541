import { Address, OutScript, Transaction as ScureTransaction } from '@scure/btc-signer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asHash32 } from '../codec/hash32.ts';
import { decodeHex, encodeHex } from '../codec/hex.ts';
import { hash256 } from '../crypto/hash.ts';
import { type Fault, isFault } from '../fault.ts';
import { MAX_AMOUNT } from './amount.ts';
import type { Element } from './element.ts';
import { computeFeeSize, computeSize, computeTxid, computeVirtualSize, computeWeight, computeWtxid } from './identity.ts';
import type { Layer } from './layer.ts';
import type { Transaction } from './transaction.ts';
import { decodeTransaction, encodeTransaction, encodeTransactionWithoutWitness } from './transaction-codec.ts';
import type { TransactionType } from './transaction-type.ts';

const bytes = (hex: string): Uint8Array => decodeHex(hex.replaceAll(' ', '')) as Uint8Array;
const codeOf = (hex: string): string => (decodeTransaction(bytes(hex)) as Fault).fault;

const TXID = '11'.repeat(32);
const INPUT = `01 ${TXID} 00000000 00 ffffffff`;
const OUTPUT = '01 e803000000000000 01 51';
const PLAIN = `02000000 ${INPUT} ${OUTPUT} 00000000`;
const SEGWIT = `02000000 0001 ${INPUT} ${OUTPUT} 01 02 aabb 00000000`;

const anyBytes = (maxLength: number) => fc.uint8Array({ maxLength });
const anyTransaction: fc.Arbitrary<Transaction> = fc.record({
  layer: fc.constantFrom<Layer[]>(0, 1, 2),
  type: fc.constantFrom<TransactionType[]>(0, 1, 2, 3, 4),
  inputs: fc.array(
    fc.record({
      outpoint: fc.record({
        txid: fc.uint8Array({ minLength: 32, maxLength: 32 }).map(asHash32),
        index: fc.integer({ min: 0, max: 0xffff_ffff }),
      }),
      sequence: fc.integer({ min: 0, max: 0xffff_ffff }),
      witness: fc.array(anyBytes(300), { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  outputs: fc.array(
    fc.record({
      element: fc.constantFrom<Element[]>('value', 'credit', 'debt'),
      amount: fc.bigInt({ min: 0n, max: MAX_AMOUNT }),
      script: anyBytes(300),
    }),
    { maxLength: 4 },
  ),
  lockTime: fc.integer({ min: 0, max: 0xffff_ffff }),
});

describe('form', () => {
  test('TX1 reads the plain and the segwit form', () => {
    expect(decodeTransaction(bytes(PLAIN))).toMatchObject({ layer: 0, type: 0, lockTime: 0, inputs: [{ witness: [] }] });
    expect(decodeTransaction(bytes(SEGWIT))).toMatchObject({ inputs: [{ witness: [bytes('aabb')] }] });
    expect(decodeTransaction(bytes(PLAIN.replace('02000000', '02020300')))).toMatchObject({ layer: 2, type: 3 });
  });

  test.each([
    ['transaction-version', PLAIN.replace('02000000', '01000000')],
    ['transaction-version', PLAIN.replace('02000000', '02000001')],
    ['transaction-layer', PLAIN.replace('02000000', '02030000')],
    ['transaction-type', PLAIN.replace('02000000', '02000500')],
    ['script-sig', PLAIN.replace('00000000 00 ffffffff', '00000000 0151 ffffffff')],
    ['segwit-flag', SEGWIT.replace('0001', '0002')],
    ['no-inputs', '02000000 00 00 00000000'],
    ['no-inputs', `02000000 0001 00 ${OUTPUT} 00000000`],
    ['superfluous-witness', `02000000 0001 ${INPUT} ${OUTPUT} 00 00000000`],
    ['trailing', `${PLAIN} 00`],
    ['short', PLAIN.slice(0, -2)],
    ['varint', PLAIN.replace(OUTPUT, 'fd0100 e803000000000000 01 51')],
  ])('TX1 refuses with %s', (code, hex) => {
    expect(codeOf(hex)).toBe(code);
  });

  test.each([
    ['value', 0n, '0000000000000000'],
    ['credit', 1n, '0100000000000040'],
    ['debt', 2n, '0200000000000080'],
    ['value', MAX_AMOUNT, 'ffffffffffff1f00'],
    ['debt', MAX_AMOUNT, 'ffffffffffff1f80'],
  ])('TX2 reads %s %d from the amount field', (element, amount, field) => {
    const tx = decodeTransaction(bytes(PLAIN.replace('e803000000000000', field))) as Transaction;
    expect(tx.outputs[0]).toMatchObject({ element, amount });
    expect(encodeHex(encodeTransaction(tx))).toContain(field);
  });

  test.each([
    ['element', '01000000000000c0'],
    ['amount-range', '0000000000002000'],
    ['amount-range', '0000000000002080'],
    ['amount-range', 'ffffffffffffff3f'],
  ])('TX2 refuses with %s', (code, field) => {
    expect(codeOf(PLAIN.replace('e803000000000000', field))).toBe(code);
  });
});

describe('a Bitcoin library', () => {
  const unsigned = (): ScureTransaction => {
    const tx = new ScureTransaction({ version: 2, allowUnknownOutputs: true });
    const script = OutScript.encode(Address().decode('bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'));
    tx.addInput({ txid: '22'.repeat(32), index: 3, sequence: 0xfffffffd, witnessUtxo: { script, amount: 5_000n } });
    tx.addOutput({ script, amount: 4_000n });
    return tx;
  };

  test('TX1, TX3 and TX4 agree with it on a plain payment', () => {
    const key = new Uint8Array(32).fill(1);
    const signed = unsigned();
    const script = OutScript.encode({ type: 'wpkh', hash: bytes('79b000887626b294a914501a4cd226b58b235983') });
    signed.updateInput(0, { witnessUtxo: { script, amount: 5_000n } }, true);
    signed.sign(key);
    signed.finalize();
    const raw = signed.extract();
    const tx = decodeTransaction(raw) as Transaction;
    expect(isFault(tx)).toBe(false);
    expect(encodeTransaction(tx)).toEqual(raw);
    expect(encodeHex(computeTxid(tx).slice().reverse())).toBe(signed.id);
    expect(computeWeight(tx)).toBe(signed.weight);
    expect(computeVirtualSize(tx)).toBe(signed.vsize);
  });
});

describe('identity', () => {
  test('TX3 has a txid without and a wtxid with the witness', () => {
    const [plain, segwit] = [decodeTransaction(bytes(PLAIN)), decodeTransaction(bytes(SEGWIT))] as [Transaction, Transaction];
    expect(computeTxid(segwit)).toEqual(computeTxid(plain));
    expect(computeTxid(plain)).toEqual(hash256(bytes(PLAIN)));
    expect(computeWtxid(plain)).toEqual(computeTxid(plain));
    expect(computeWtxid(segwit)).toEqual(hash256(bytes(SEGWIT)));
  });

  test('TX4 weighs witness bytes once and all others four times', () => {
    const tx = decodeTransaction(bytes(SEGWIT)) as Transaction;
    expect(computeWeight(tx)).toBe(bytes(PLAIN).length * 4 + 2 + 4);
    expect(computeSize(tx)).toBe(bytes(SEGWIT).length);
    expect(computeFeeSize(tx, 0)).toBe(computeVirtualSize(tx));
    expect(computeFeeSize(tx, 2)).toBe(100);
  });
});

describe('any transaction', () => {
  test('TX1 decodes to what was encoded', () => {
    fc.assert(fc.property(anyTransaction, (tx) => void expect(decodeTransaction(encodeTransaction(tx))).toEqual(tx)));
  });

  test('TX3 has the ids of its encoding, read or built', () => {
    fc.assert(
      fc.property(anyTransaction, (tx) => {
        const read = decodeTransaction(encodeTransaction(tx)) as Transaction;
        expect(computeTxid(read)).toEqual(hash256(encodeTransactionWithoutWitness(tx)));
        expect(computeWtxid(read)).toEqual(computeWtxid(tx));
        expect(computeWeight(read)).toBe(computeWeight(tx));
      }),
    );
  });

  test('TX1 has one encoding: a mutant is refused or is another transaction, encoded as it stands', () => {
    fc.assert(
      fc.property(anyTransaction, fc.nat(), fc.integer({ min: 1, max: 255 }), (tx, at, flip) => {
        const mutant = encodeTransaction(tx);
        mutant[at % mutant.length]! ^= flip;
        const read = decodeTransaction(mutant);
        if (!isFault(read)) expect(encodeTransaction(read)).toEqual(mutant);
      }),
      { numRuns: Number(process.env.VC_SOAK ?? 1) * 500 },
    );
  });

  test('TX1 never throws on any bytes', () => {
    fc.assert(
      fc.property(anyBytes(400), (input) => void decodeTransaction(input)),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(anyBytes(400), (rest) => void decodeTransaction(Uint8Array.of(2, 0, 0, 0, ...rest))),
      { numRuns: 500 },
    );
  });

  test('TX6 takes no memory for a count or a length that lies', () => {
    expect(codeOf('02000000 fd0009')).toBe('short');
    expect(codeOf('02000000 fe00000001')).toBe('size');
    expect(codeOf(`02000000 ${INPUT} 01 e803000000000000 fd1027`)).toBe('short');
    expect(codeOf(`02000000 ${INPUT} 01 e803000000000000 fd1127`)).toBe('size');
    expect(codeOf(`02000000 0001 ${INPUT} ${OUTPUT} fdea03`)).toBe('size');
    expect(codeOf(`02000000 0001 ${INPUT} ${OUTPUT} 01 fe811a0600`)).toBe('size');
  });
});

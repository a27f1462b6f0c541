import { secp256k1 } from '@noble/curves/secp256k1.js';
import { describe, expect, test } from 'vitest';
import { concatBytes, EMPTY_BYTES } from '../codec/bytes.ts';
import { asHash32 } from '../codec/hash32.ts';
import { hash160, hash256, sha256 } from '../crypto/hash.ts';
import { type Fault, fault, isFault } from '../fault.ts';
import { encodeAmountField } from '../tx/amount-field.ts';
import type { Element } from '../tx/element.ts';
import type { Layer } from '../tx/layer.ts';
import type { Transaction, TransactionInput } from '../tx/transaction.ts';
import { encodeTransactionWithoutWitness } from '../tx/transaction-codec.ts';
import { buildKeyHashCheck } from './forms/key-check.ts';
import { buildMultisig, buildPayToMultisig } from './forms/multisig.ts';
import { buildPayToKey } from './forms/pay-to-key.ts';
import { buildPayToScript } from './forms/pay-to-script.ts';
import { buildStakeScript, type PlacedOutput } from './forms/stake.ts';
import { type CollectiveClaim, checkInputScript, type SatisfiedInput } from './input.ts';
import { OP } from './opcodes.ts';
import { buildScript, encodeNumberPush, encodePush } from './push.ts';
import { computeSighash, SIGHASH_ALL, SIGHASH_ANYONECANPAY, SIGHASH_NONE, SIGHASH_SINGLE, sighashSourceOf } from './sighash.ts';

const LIMITS = { minStake: 1_000n };
const secret = (id: number): Uint8Array => new Uint8Array(32).fill(id);
const publicKey = (id: number): Uint8Array => secp256k1.getPublicKey(secret(id), true);
const output = (script: Uint8Array, more: Partial<PlacedOutput> = {}): PlacedOutput => ({
  element: 'value',
  amount: 5_000n,
  script,
  layer: 0,
  ...more,
});

const spendOf = (witnesses: readonly (readonly Uint8Array[])[], more: Partial<Transaction> & { sequence?: number } = {}): Transaction => ({
  layer: more.layer ?? 0,
  type: 0,
  inputs: witnesses.map((witness, index) => ({
    outpoint: { txid: asHash32(new Uint8Array(32).fill(5)), index },
    sequence: more.sequence ?? 0xffff_fffd,
    witness,
  })),
  outputs: more.outputs ?? [
    { element: 'value', amount: 4_000n, script: Uint8Array.of(OP.TRUE) },
    { element: 'credit', amount: 7n, script: Uint8Array.of(OP.TRUE) },
  ],
  lockTime: more.lockTime ?? 0,
});

interface Signing {
  readonly id: number;
  readonly code: Uint8Array;
  readonly field?: bigint;
  readonly type?: number;
  readonly index?: number;
}

const sign = (tx: Transaction, { id, code, field = 5_000n, type = SIGHASH_ALL, index = 0 }: Signing): Uint8Array => {
  const digest = computeSighash(sighashSourceOf(tx), { index, scriptCode: code, amountField: field }, type);
  return concatBytes(secp256k1.sign(digest, secret(id), { prehash: false, format: 'der' }), Uint8Array.of(type));
};

const withWitness = (tx: Transaction, witness: readonly Uint8Array[], index = 0): Transaction => ({
  ...tx,
  inputs: tx.inputs.map((input, at) => (at === index ? { ...input, witness } : input)),
});

const check = (transaction: Transaction, coin: PlacedOutput, index = 0): SatisfiedInput | Fault =>
  checkInputScript({ transaction, index, coin }, LIMITS);
const codeOf = (result: SatisfiedInput | Fault): string => (isFault(result) ? result.fault : 'none');
const keyCode = (id: number): Uint8Array => buildKeyHashCheck(hash160(publicKey(id)));

describe('P2WPKH', () => {
  const coin = output(buildPayToKey(publicKey(1)));
  const unsigned = spendOf([[]]);
  const signed = withWitness(unsigned, [sign(unsigned, { id: 1, code: keyCode(1) }), publicKey(1)]);

  test('SC12 takes a signature and its key', () => {
    expect(check(signed, coin)).toEqual({
      accepted: [{ publicKey: publicKey(1), sighashType: SIGHASH_ALL }],
      collective: false,
      checks: 1,
    });
  });

  test('SC12 refuses another key, other counts of items, and no signature', () => {
    const [signature] = signed.inputs[0]!.witness as [Uint8Array];
    const of = (witness: readonly Uint8Array[]): string => codeOf(check(withWitness(unsigned, witness), coin));
    expect(of([signature, publicKey(2)])).toBe('equalverify');
    expect(of([signature])).toBe('witness-program-mismatch');
    expect(of([])).toBe('witness-program-mismatch');
    expect(of([EMPTY_BYTES, signature, publicKey(1)])).toBe('witness-program-mismatch');
    expect(of([EMPTY_BYTES, publicKey(1)])).toBe('eval-false');
  });

  test('SC12 names the input in its fault', () => {
    expect(check(spendOf([[], []]), coin, 1)).toMatchObject({ detail: { input: 1 } });
  });

  test('SC10 commits to every part: any change breaks the signature', () => {
    const [first] = signed.inputs as [TransactionInput];
    const [out] = signed.outputs as [Transaction['outputs'][number]];
    const changes: readonly Transaction[] = [
      { ...signed, layer: 1 },
      { ...signed, type: 1 },
      { ...signed, lockTime: 1 },
      { ...signed, inputs: [{ ...first, sequence: 1 }] },
      { ...signed, inputs: [{ ...first, outpoint: { ...first.outpoint, index: 9 } }] },
      { ...signed, inputs: [...signed.inputs, { ...first, outpoint: { ...first.outpoint, index: 9 } }] },
      { ...signed, outputs: [out] },
      { ...signed, outputs: [{ ...out, amount: 3_999n }, ...signed.outputs.slice(1)] },
      { ...signed, outputs: [{ ...out, element: 'debt' }, ...signed.outputs.slice(1)] },
    ];
    for (const changed of changes) expect(codeOf(check(changed, coin))).toBe('sig-nullfail');
    expect(codeOf(check({ ...signed }, coin))).toBe('none');
  });

  test('SC10 commits to the amount of the coin and to its element', () => {
    expect(codeOf(check(signed, { ...coin, amount: 5_001n }))).toBe('sig-nullfail');
    expect(codeOf(check(signed, { ...coin, element: 'credit' }))).toBe('sig-nullfail');
    const field = encodeAmountField('credit', 5_000n);
    const credit = withWitness(unsigned, [sign(unsigned, { id: 1, code: keyCode(1), field }), publicKey(1)]);
    expect(codeOf(check(credit, { ...coin, element: 'credit' }))).toBe('none');
  });
});

describe('sighash types', () => {
  const coin = output(buildPayToKey(publicKey(1)));
  const base = spendOf([[], []]);
  const signedWith = (type: number, index = 0): Transaction =>
    withWitness(base, [sign(base, { id: 1, code: keyCode(1), type, index }), publicKey(1)], index);
  const dropOutput = (tx: Transaction): Transaction => ({ ...tx, outputs: tx.outputs.slice(0, 1) });
  const dropInput = (tx: Transaction): Transaction => ({ ...tx, inputs: tx.inputs.slice(0, 1) });

  test.each([
    ['ALL', SIGHASH_ALL, 'sig-nullfail', 'sig-nullfail'],
    ['NONE', SIGHASH_NONE, 'none', 'sig-nullfail'],
    ['SINGLE', SIGHASH_SINGLE, 'none', 'sig-nullfail'],
    ['ALL|ANYONECANPAY', SIGHASH_ALL | SIGHASH_ANYONECANPAY, 'sig-nullfail', 'none'],
    ['NONE|ANYONECANPAY', SIGHASH_NONE | SIGHASH_ANYONECANPAY, 'none', 'none'],
    ['SINGLE|ANYONECANPAY', SIGHASH_SINGLE | SIGHASH_ANYONECANPAY, 'none', 'none'],
  ])('SC10 %s covers what it says', (_, type, withoutOutput, withoutInput) => {
    const signed = signedWith(type);
    expect(check(signed, coin)).toMatchObject({ accepted: [{ sighashType: type }] });
    expect(codeOf(check(dropOutput(signed), coin))).toBe(withoutOutput);
    expect(codeOf(check(dropInput(signed), coin))).toBe(withoutInput);
  });

  test.each([
    ['ALL', SIGHASH_ALL, 'sig-nullfail'],
    ['NONE', SIGHASH_NONE, 'none'],
    ['SINGLE', SIGHASH_SINGLE, 'none'],
  ])('SC10 %s covers the sequences of the other inputs or does not', (_, type, code) => {
    const signed = signedWith(type);
    const changed = { ...signed, inputs: signed.inputs.map((input, at) => (at === 1 ? { ...input, sequence: 9 } : input)) };
    expect(codeOf(check(changed, coin))).toBe(code);
  });

  test('SC10 SINGLE without its output commits to no output', () => {
    const one = { ...base, outputs: base.outputs.slice(0, 1) };
    const signed = withWitness(one, [sign(one, { id: 1, code: keyCode(1), type: SIGHASH_SINGLE, index: 1 }), publicKey(1)], 1);
    expect(codeOf(check(signed, coin, 1))).toBe('none');
    expect(codeOf(check({ ...signed, outputs: [] }, coin, 1))).toBe('none');
  });
});

describe('P2WSH and bare scripts', () => {
  test('SC12 takes a multisig whose keys were sorted', () => {
    const form = { threshold: 2, keys: [3, 1, 2].map(publicKey) };
    const code = buildMultisig(form);
    const tx = spendOf([[]]);
    const order = [1, 2, 3].toSorted((a, b) => Buffer.compare(publicKey(a), publicKey(b)));
    const signatures = order.slice(0, 2).map((id) => sign(tx, { id, code }));
    const result = check(withWitness(tx, [EMPTY_BYTES, ...signatures, code]), output(buildPayToMultisig(form)));
    expect(result).toMatchObject({ checks: 3, accepted: [{}, {}] });
    const reversed = withWitness(tx, [EMPTY_BYTES, ...signatures.toReversed(), code]);
    expect(codeOf(check(reversed, output(buildPayToMultisig(form))))).toBe('sig-nullfail');
  });

  test('SC12 wants the script of the hash', () => {
    const coin = output(buildPayToScript(Uint8Array.of(OP.TRUE)));
    expect(codeOf(check(spendOf([[Uint8Array.of(OP.TRUE)]]), coin))).toBe('none');
    expect(codeOf(check(spendOf([[]]), coin))).toBe('witness-program-witness-empty');
    expect(codeOf(check(spendOf([[Uint8Array.of(OP.NOP)]]), coin))).toBe('witness-program-mismatch');
  });

  test('SC12 runs any other script on the witness stack, and wants exactly one true item', () => {
    const equal = output(Uint8Array.of(OP.EQUAL));
    expect(codeOf(check(spendOf([[Uint8Array.of(7), Uint8Array.of(7)]]), equal))).toBe('none');
    expect(codeOf(check(spendOf([[Uint8Array.of(7), Uint8Array.of(8)]]), equal))).toBe('eval-false');
    expect(codeOf(check(spendOf([[Uint8Array.of(1), Uint8Array.of(7), Uint8Array.of(7)]]), equal))).toBe('cleanstack');
    expect(codeOf(check(spendOf([[]]), output(EMPTY_BYTES)))).toBe('cleanstack');
    expect(codeOf(check(spendOf([[new Uint8Array(521)]]), output(Uint8Array.of(OP.NOP))))).toBe('push-size');
  });

  test('SC12 gives P2SH no meaning: the hash is enough', () => {
    const redeem = Uint8Array.of(OP.FALSE);
    const coin = output(buildScript(OP.HASH160, hash160(redeem), OP.EQUAL));
    expect(codeOf(check(spendOf([[redeem]]), coin))).toBe('none');
  });

  test('SC12 a program has 2 to 40 bytes: what is shorter or longer is a bare script', () => {
    const script = (length: number): Uint8Array => concatBytes(Uint8Array.of(OP.TRUE, length), new Uint8Array(length).fill(1));
    const of = (length: number): string => codeOf(check(spendOf([[]]), output(script(length))));
    for (const length of [2, 40]) expect(of(length)).toBe('discourage-upgradable-witness-program');
    expect(of(41)).toBe('cleanstack');
    expect(codeOf(check(spendOf([[]]), output(Uint8Array.of(OP.TRUE, 1, 17))))).toBe('cleanstack');
  });

  test('SC12 fails every other witness program', () => {
    const program = (version: number, length: number): PlacedOutput =>
      output(concatBytes(Uint8Array.of(version === 0 ? 0 : 0x50 + version, length), new Uint8Array(length).fill(1)));
    for (let version = 1; version <= 16; version++)
      if (version !== 2) expect(codeOf(check(spendOf([[]]), program(version, 32)))).toBe('discourage-upgradable-witness-program');
    expect(codeOf(check(spendOf([[]]), program(2, 20)))).toBe('discourage-upgradable-witness-program');
    expect(codeOf(check(spendOf([[]]), program(0, 21)))).toBe('witness-program-wrong-length');
  });

  test('SC10 hashes the script after the last separator that was run', () => {
    const key = encodePush(publicKey(1));
    const code = concatBytes(Uint8Array.of(OP.NOP, OP.CODESEPARATOR), key, Uint8Array.of(OP.CHECKSIG));
    const tx = spendOf([[]]);
    const after = sign(tx, { id: 1, code: code.subarray(2) });
    expect(codeOf(check(withWitness(tx, [after]), output(code)))).toBe('none');
    expect(codeOf(check(withWitness(tx, [sign(tx, { id: 1, code })]), output(code)))).toBe('sig-nullfail');
    const skipped = concatBytes(Uint8Array.of(OP.FALSE, OP.IF, OP.CODESEPARATOR, OP.ENDIF), key, Uint8Array.of(OP.CHECKSIG));
    expect(codeOf(check(withWitness(tx, [sign(tx, { id: 1, code: skipped })]), output(skipped)))).toBe('none');
  });

  test('SC10 is BIP143 written out', () => {
    const tx = spendOf([[], []]);
    const code = Uint8Array.of(OP.CHECKSIG);
    const u32 = (value: number): Uint8Array => new Uint8Array(Uint32Array.of(value).buffer);
    const prevout = (index: number): Uint8Array => concatBytes(new Uint8Array(32).fill(5), u32(index));
    const base = encodeTransactionWithoutWitness(tx);
    const outputs = base.subarray(4 + 1 + 2 * 41 + 1, -4);
    const preimage = concatBytes(
      base.subarray(0, 4),
      hash256(concatBytes(prevout(0), prevout(1))),
      hash256(concatBytes(u32(0xffff_fffd), u32(0xffff_fffd))),
      prevout(1),
      Uint8Array.of(1, OP.CHECKSIG),
      new Uint8Array(BigUint64Array.of((2n << 62n) | 9n).buffer),
      u32(0xffff_fffd),
      hash256(outputs),
      u32(0),
      u32(1),
    );
    const field = encodeAmountField('debt', 9n);
    expect(computeSighash(sighashSourceOf(tx), { index: 1, scriptCode: code, amountField: field }, 1)).toEqual(hash256(preimage));
  });
});

describe('locks', () => {
  const until = (lock: number, opcode: number): PlacedOutput => output(concatBytes(encodeNumberPush(lock), Uint8Array.of(opcode)));
  const spend = (lockTime: number, sequence: number): Transaction => spendOf([[]], { lockTime, sequence });

  test.each([
    [100, 100, 0, 'none'],
    [100, 99, 0, 'unsatisfied-locktime'],
    [100, 100, 0xffff_ffff, 'unsatisfied-locktime'],
    [500_000_000, 500_000_001, 0, 'none'],
    [500_000_000, 499_999_999, 0, 'unsatisfied-locktime'],
    [499_999_999, 500_000_000, 0, 'unsatisfied-locktime'],
    [0xffff_ffff, 0xffff_ffff, 0, 'none'],
  ])('SC11 CLTV %d at lock time %d, sequence %d: %s', (lock, lockTime, sequence, code) => {
    expect(codeOf(check(spend(lockTime, sequence), until(lock, OP.CHECKLOCKTIMEVERIFY)))).toBe(code);
  });

  const TIME = 1 << 22;
  test.each([
    [10, 10, 'none'],
    [10, 9, 'unsatisfied-locktime'],
    [10, TIME + 10, 'unsatisfied-locktime'],
    [TIME + 10, TIME + 11, 'none'],
    [TIME + 10, 11, 'unsatisfied-locktime'],
    [10, 0x8000_000a, 'unsatisfied-locktime'],
    [10, 0x0001_000a, 'none'],
    [0x8000_0000, 0, 'none'],
  ])('SC11 CSV %d at sequence %d: %s', (lock, sequence, code) => {
    expect(codeOf(check(spend(0, sequence), until(lock, OP.CHECKSEQUENCEVERIFY)))).toBe(code);
  });

  test('SC11 refuses a negative lock', () => {
    expect(codeOf(check(spend(0, 0), until(-1, OP.CHECKLOCKTIMEVERIFY)))).toBe('negative-locktime');
    expect(codeOf(check(spend(0, 0), until(-1, OP.CHECKSEQUENCEVERIFY)))).toBe('negative-locktime');
  });
});

describe('collectives', () => {
  const program = sha256(Uint8Array.of(1));
  const coin = output(concatBytes(Uint8Array.of(OP.TRUE + 1, 32), program));
  const tx = spendOf([[new Uint8Array(365), new Uint8Array(1125)]]);

  test('SC13 are refused until they are in force', () => {
    expect(check(tx, coin)).toMatchObject({ fault: 'not-yet-supported', detail: { witnessVersion: 2, input: 0 } });
  });

  test('SC13 asks the verifier with the sighash of type ALL over the output script', () => {
    const asked: CollectiveClaim[] = [];
    const verify = (claim: CollectiveClaim): true => {
      asked.push(claim);
      return true;
    };
    const result = checkInputScript({ transaction: tx, index: 0, coin }, LIMITS, verify);
    expect(result).toEqual({ accepted: [], collective: true, checks: 50 });
    const sighash = computeSighash(sighashSourceOf(tx), { index: 0, scriptCode: coin.script, amountField: 5_000n }, SIGHASH_ALL);
    expect(asked).toEqual([{ program, witness: tx.inputs[0]!.witness, sighash }]);
  });

  test('SC6 counts 50 checks for one, and SC13 passes on what the verifier says', () => {
    const refusing = checkInputScript({ transaction: tx, index: 0, coin }, LIMITS, () => fault('range', { element: 'z' }));
    expect(refusing).toMatchObject({ fault: 'range', detail: { element: 'z', input: 0 } });
  });
});

describe('stakes', () => {
  const key = publicKey(9).subarray(1);
  const stake = (ownerScript: Uint8Array, more: { layer?: Layer; element?: Element; amount?: bigint } = {}): PlacedOutput =>
    output(buildStakeScript({ key, share: 500, ownerScript }), { layer: 1, amount: 5_000n, ...more });
  const unsigned = spendOf([[]], { layer: 1 });
  const signed = withWitness(unsigned, [sign(unsigned, { id: 1, code: keyCode(1) }), publicKey(1)]);

  test('SF5 are spent as their owner script alone, sighash and all', () => {
    expect(codeOf(check(signed, stake(buildPayToKey(publicKey(1)))))).toBe('none');
    const bare = concatBytes(encodePush(publicKey(1)), Uint8Array.of(OP.CHECKSIG));
    expect(codeOf(check(withWitness(unsigned, [sign(unsigned, { id: 1, code: bare })]), stake(bare)))).toBe('none');
  });

  test('SF5 that lack a condition are run as bare scripts', () => {
    const ownerScript = buildPayToKey(publicKey(1));
    for (const more of [{ layer: 0 as const }, { amount: 999n }])
      expect(codeOf(check(signed, stake(ownerScript, more)))).toBe('cleanstack');
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../codec/bytes.ts';
import { ZERO_HASH } from '../codec/hash32.ts';
import { encodeBytes } from '../codec/writer.ts';
import { isFault } from '../fault.ts';
import type { Coin } from '../ledger/coin.ts';
import { buildPayToScript } from '../script/forms/pay-to-script.ts';
import { payment, testKey } from '../state/test-chain.ts';
import type { Transaction } from '../tx/transaction.ts';
import { decodeTransaction, encodeTransaction } from '../tx/transaction-codec.ts';
import { checkPsbtInputs, combinePsbts, createPsbt, decodePsbt, extractPsbt, finalizePsbt } from './meaning.ts';
import { decodePsbtForm, encodePsbt, type Psbt, type PsbtEntry } from './psbt.ts';

const KEY = 7;
const coin: Coin = {
  outpoint: { txid: ZERO_HASH, index: 3 },
  element: 'value',
  amount: 5_000n,
  script: testKey(KEY).script,
  layer: 0,
  type: 0,
  height: 1,
  medianTime: 1,
};
const signed = payment(coin, KEY, [{ element: 'value', amount: 4_000n, script: testKey(8).script }]);
const withoutWitness = (tx: Transaction): Transaction => ({ ...tx, inputs: tx.inputs.map((input) => ({ ...input, witness: [] })) });
const unsigned = encodeTransaction(withoutWitness(signed));
const u32 = (value: number): Uint8Array => encodeBytes((writer) => writer.u32(value));
const entry = (type: number, value: Uint8Array, ...more: number[]): PsbtEntry => ({ key: Uint8Array.of(type, ...more), value });
const made = (bytes: Uint8Array | object): Uint8Array => {
  if (!(bytes instanceof Uint8Array)) throw new Error(JSON.stringify(bytes));
  return bytes;
};
const form = (bytes: Uint8Array): Psbt => {
  const psbt = decodePsbtForm(bytes);
  if (isFault(psbt)) throw new Error(psbt.fault);
  return psbt;
};
const withInput = (psbt: Psbt, entries: readonly PsbtEntry[]): Uint8Array =>
  encodePsbt({ ...psbt, maps: [entries, ...psbt.maps.slice(1)] });

const created = made(createPsbt(unsigned));
const witnessCoin = entry(
  0x01,
  encodeBytes((writer) => writer.u64(coin.amount).varBytes(coin.script)),
);
const [signature, publicKey] = signed.inputs[0]!.witness as [Uint8Array, Uint8Array];
const partial: PsbtEntry = { key: concatBytes(Uint8Array.of(0x02), publicKey), value: signature };

/** A version 2 PSBT whose inputs have these entries besides what they need. */
const versionTwo = (global: readonly PsbtEntry[], ...inputs: readonly (readonly PsbtEntry[])[]): Uint8Array =>
  encodePsbt({
    version: 2,
    global: [entry(0x02, u32(2)), ...global, entry(0x04, Uint8Array.of(inputs.length)), entry(0x05, Uint8Array.of(0)), entry(0xfb, u32(2))],
    maps: inputs.map((more, index) => [entry(0x0e, new Uint8Array(32).fill(index + 1)), entry(0x0f, u32(0)), ...more]),
  });
const lockTimeOf = (bytes: Uint8Array) => {
  const read = decodePsbt(bytes);
  return isFault(read) ? read.fault : read.lockTime;
};
const time = (value: number): PsbtEntry => entry(0x11, u32(value));
const height = (value: number): PsbtEntry => entry(0x12, u32(value));

describe('the form of a PSBT', () => {
  test('PS1 comes back byte for byte, whatever its entries', () => {
    const entries = fc.uniqueArray(
      fc.record({ key: fc.uint8Array({ minLength: 2, maxLength: 40 }), value: fc.uint8Array({ maxLength: 300 }) }),
      {
        selector: ({ key }) => key.join(),
        maxLength: 8,
      },
    );
    fc.assert(
      fc.property(entries, fc.array(entries, { maxLength: 5 }), (global, maps) => {
        const bytes = encodePsbt({ version: 0, global, maps });
        expect(encodePsbt(form(bytes))).toEqual(bytes);
      }),
    );
  });

  test('PS1 refuses other first bytes, a key that comes twice, lengths that lie and what is left over', () => {
    const bytes = encodePsbt(form(created));
    expect(decodePsbtForm(bytes.slice(1))).toMatchObject({ fault: 'psbt-magic' });
    expect(decodePsbtForm(withInput(form(created), [witnessCoin, witnessCoin]))).toMatchObject({ fault: 'psbt-duplicate-key' });
    expect(decodePsbtForm(bytes.slice(0, -1))).toEqual(expect.objectContaining({ maps: expect.objectContaining({ length: 1 }) }));
    expect(decodePsbt(bytes.slice(0, -1))).toHaveProperty('fault');
    expect(decodePsbtForm(concatBytes(bytes, Uint8Array.of(9)))).toMatchObject({ fault: 'short' });
    expect(decodePsbtForm(encodePsbt({ ...form(created), global: [entry(0xfb, u32(1))] }))).toMatchObject({ fault: 'psbt-version' });
  });

  test('PS1 no bytes make it throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(created.length - 1), fc.nat(255), (tail, at, byte) => {
        decodePsbt(concatBytes(Uint8Array.of(0x70, 0x73, 0x62, 0x74, 0xff), tail));
        decodePsbt(created.map((old, index) => (index === at ? byte : old)));
      }),
    );
  });
});

describe('the fields of a PSBT', () => {
  test('PS2 refuses a field that its version does not have, and one that is missing', () => {
    expect(decodePsbt(withInput(form(created), [witnessCoin, entry(0x0e, new Uint8Array(32))]))).toMatchObject({ fault: 'psbt-field' });
    expect(decodePsbt(withInput(form(created), [entry(0x01, Uint8Array.of(1))]))).toMatchObject({ fault: 'psbt-field' });
    expect(decodePsbt(encodePsbt({ ...form(created), maps: [...form(created).maps, []] }))).toMatchObject({ fault: 'psbt-maps' });
    const two = form(versionTwo([], []));
    expect(isFault(decodePsbt(encodePsbt(two)))).toBe(false);
    expect(decodePsbt(encodePsbt({ ...two, global: two.global.slice(1) }))).toMatchObject({ fault: 'psbt-field' });
    expect(decodePsbt(encodePsbt({ ...two, maps: two.maps.map((map) => map.slice(1)) }))).toMatchObject({ fault: 'psbt-field' });
  });

  test('PS3 the lock time is one that every input can live with', () => {
    expect(lockTimeOf(versionTwo([], [], []))).toBe(0);
    expect(lockTimeOf(versionTwo([entry(0x03, u32(77))], [], []))).toBe(77);
    expect(lockTimeOf(versionTwo([], [height(10)], [height(12), time(600_000_000)]))).toBe(12);
    expect(lockTimeOf(versionTwo([], [time(500_000_001)], [height(12), time(600_000_000)]))).toBe(600_000_000);
    expect(lockTimeOf(versionTwo([], [time(500_000_001)], [height(12)]))).toBe('psbt-lock-time');
    expect(lockTimeOf(versionTwo([], [time(499_999_999)]))).toBe('psbt-lock-time');
    expect(lockTimeOf(versionTwo([], [height(500_000_000)]))).toBe('psbt-lock-time');
  });

  test('PS4 a signer refuses scripts that their coin does not commit to', () => {
    const judge = (entries: readonly PsbtEntry[]) => {
      const read = decodePsbt(withInput(form(created), entries));
      if (isFault(read)) throw new Error(read.fault);
      return checkPsbtInputs(read);
    };
    const script = Uint8Array.of(0x51);
    const coinOf = (of: Uint8Array) =>
      entry(
        0x01,
        encodeBytes((writer) => writer.u64(coin.amount).varBytes(of)),
      );
    expect(judge([witnessCoin])).toBe(true);
    expect(judge([coinOf(buildPayToScript(script)), entry(0x05, script)])).toBe(true);
    expect(judge([coinOf(buildPayToScript(script)), entry(0x05, Uint8Array.of(0x52))])).toMatchObject({ fault: 'psbt-input' });
    expect(judge([coinOf(Uint8Array.of(0x51))])).toMatchObject({ fault: 'psbt-input' });
  });
});

describe('the roles around a PSBT', () => {
  test('PS5 W12 created, signed by another, combined, finalised and extracted, it is the payment that the key signs itself', () => {
    const updated = withInput(form(created), [witnessCoin]);
    const other = withInput(form(created), [partial]);
    const combined = made(combinePsbts([updated, other]));
    const extracted = made(extractPsbt(made(finalizePsbt(combined))));
    expect(extracted).toEqual(encodeTransaction(signed));
    expect(decodeTransaction(extracted)).toEqual(signed);
    expect(form(made(finalizePsbt(combined))).maps[0]!.map(({ key }) => key[0])).toEqual([0x01, 0x08]);
  });

  test('PS5 combining does not depend on who came first, and refuses another payment', () => {
    const [one, other] = [withInput(form(created), [witnessCoin]), withInput(form(created), [partial])];
    expect(combinePsbts([one, other])).toEqual(combinePsbts([other, one]));
    const elsewhere = made(createPsbt(encodeTransaction({ ...withoutWitness(signed), lockTime: 9 })));
    expect(combinePsbts([one, elsewhere])).toMatchObject({ fault: 'psbt-different' });
    expect(combinePsbts([])).toMatchObject({ fault: 'psbt-different' });
  });

  test('PS5 nothing is made of what is not complete', () => {
    expect(finalizePsbt(withInput(form(created), [witnessCoin]))).toMatchObject({ fault: 'psbt-incomplete' });
    expect(extractPsbt(withInput(form(created), [witnessCoin, partial]))).toMatchObject({ fault: 'psbt-incomplete' });
    expect(createPsbt(encodeTransaction(signed))).toHaveProperty('fault');
    expect(createPsbt(Uint8Array.of(1, 2, 3))).toMatchObject({ fault: 'psbt-field' });
  });
});

import { secp256k1 } from '@noble/curves/secp256k1.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes, EMPTY_BYTES } from '../../codec/bytes.ts';
import { decodeHex, encodeHex } from '../../codec/hex.ts';
import { assembleScript } from '../../conformance/script-assembler.ts';
import { hash160, hash256, sha256 } from '../../crypto/hash.ts';
import { OP } from '../opcodes.ts';
import { checkOutputScript } from '../output-script.ts';
import { computeOwnerTag } from '../owner-tag.ts';
import { encodePush } from '../push.ts';
import { buildDataScript, isDataOutput, matchDataScript } from './data-output.ts';
import { buildDebtScript, type DebtTerm, matchDebtScript } from './debt.ts';
import { FREE_SCRIPT, isFreeOutput } from './free-output.ts';
import { buildHashTimeLock, matchHashTimeLock } from './hash-time-lock.ts';
import { buildKeyHashCheck, matchKeyCheck } from './key-check.ts';
import { buildMultisig, buildMultisigInOrder, buildPayToMultisig, matchMultisig } from './multisig.ts';
import { buildPayToKey, buildPayToKeyHash, matchPayToKey } from './pay-to-key.ts';
import { buildPayToScript, matchCollective, matchPayToScript } from './pay-to-script.ts';
import { buildRecordCommitment, computeRecordHash, matchRecordCommitment } from './record-commitment.ts';
import { buildStakeScript, matchStake, type PlacedOutput, stripStakePrefix } from './stake.ts';

const LIMITS = { minStake: 1_000n };
const hex = (text: string): Uint8Array => decodeHex(text.replaceAll(' ', '')) as Uint8Array;
const asm = (text: string): Uint8Array => assembleScript(text) as Uint8Array;
const key = (id: number): Uint8Array => secp256k1.getPublicKey(new Uint8Array(32).fill(id), true);
const pushed = (bytes: Uint8Array): string => `0x${encodeHex(encodePush(bytes))}`;
const TAG = new Uint8Array(20).fill(0xab);
const anyKeys = (max: number) =>
  fc
    .array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { minLength: 1, maxLength: max })
    .map((keys) => keys.map((x) => concatBytes(Uint8Array.of(2 + ((x[0] as number) & 1)), x)));

/** Every script that differs from `script` in one byte, or in length by one. */
const mutants = (script: Uint8Array): Uint8Array[] => [
  ...[...script.keys()].flatMap((at) => [1, 0x80, 0xff].map((flip) => script.map((byte, i) => (i === at ? byte ^ flip : byte)))),
  script.subarray(0, -1),
  concatBytes(script, Uint8Array.of(OP.NOP)),
];

describe('keys', () => {
  test('SF1 pays to the hash of a key', () => {
    const script = buildPayToKey(key(1));
    expect(script).toEqual(asm(`0 ${pushed(hash160(key(1)))}`));
    expect(matchPayToKey(script)).toEqual(hash160(key(1)));
    expect(matchPayToKey(buildPayToScript(script))).toBeUndefined();
    expect(matchPayToKey(script.subarray(0, 21))).toBeUndefined();
    expect(matchPayToKey(concatBytes(script, Uint8Array.of(0)))).toBeUndefined();
  });

  test('SF2 sorts the keys of a multisig', () => {
    const keys = [key(3), key(1), key(2)];
    const sorted = keys.toSorted(Buffer.compare);
    expect(buildMultisig({ threshold: 2, keys })).toEqual(asm(`2 ${sorted.map(pushed).join(' ')} 3 CHECKMULTISIG`));
    expect(buildMultisigInOrder({ threshold: 2, keys })).toEqual(asm(`2 ${keys.map(pushed).join(' ')} 3 CHECKMULTISIG`));
    expect(matchPayToScript(buildPayToMultisig({ threshold: 2, keys }))).toEqual(sha256(buildMultisig({ threshold: 2, keys })));
  });

  test('SF2 reads what it built, up to 20 keys', () => {
    fc.assert(
      fc.property(anyKeys(20), fc.nat(), (keys, nat) => {
        const form = { threshold: 1 + (nat % keys.length), keys };
        expect(matchMultisig(buildMultisigInOrder(form))).toEqual(form);
      }),
    );
  });

  test.each([
    ['a threshold of 0', `0 ${pushed(key(1))} 1 CHECKMULTISIG`],
    ['a threshold above the keys', `2 ${pushed(key(1))} 1 CHECKMULTISIG`],
    ['a wrong count', `1 ${pushed(key(1))} 2 CHECKMULTISIG`],
    ['no keys', '1 1 CHECKMULTISIG'],
    ['a count that is not minimal', `1 ${pushed(key(1))} 0x0101 CHECKMULTISIG`],
    ['a threshold that is not minimal', `0x0101 ${pushed(key(1))} 1 CHECKMULTISIG`],
    ['a key that is not compressed', `1 ${pushed(concatBytes(hex('04'), key(1), key(1).subarray(2)))} 1 CHECKMULTISIG`],
    ['a key of another kind', `1 ${pushed(concatBytes(hex('05'), key(1).subarray(1)))} 1 CHECKMULTISIG`],
    ['a key pushed otherwise', `1 0x4c21${encodeHex(key(1))} 1 CHECKMULTISIG`],
    ['another operation', `1 ${pushed(key(1))} 1 CHECKMULTISIGVERIFY`],
    ['something before', `NOP 1 ${pushed(key(1))} 1 CHECKMULTISIG`],
    ['something after', `1 ${pushed(key(1))} 1 CHECKMULTISIG NOP`],
    [
      '21 keys',
      `1 ${Array(21)
        .fill(pushed(key(1)))
        .join(' ')} 21 CHECKMULTISIG`,
    ],
  ])('SF2 does not take for a multisig %s', (_, text) => {
    expect(matchMultisig(asm(text))).toBeUndefined();
  });
});

describe('debt', () => {
  const debt = (text: string): Uint8Array => asm(`DUP HASH160 ${pushed(TAG)} EQUAL IF CHECKSIG ELSE DROP ${text} ENDIF`);

  test.each<[string, DebtTerm]>([
    ['1 CHECKSEQUENCEVERIFY', { kind: 'blocks', blocks: 1 }],
    ['16 CHECKSEQUENCEVERIFY', { kind: 'blocks', blocks: 16 }],
    ['17 CHECKSEQUENCEVERIFY', { kind: 'blocks', blocks: 17 }],
    ['65535 CHECKSEQUENCEVERIFY', { kind: 'blocks', blocks: 65_535 }],
    ['4194305 CHECKSEQUENCEVERIFY', { kind: 'time', intervals: 1 }],
    ['4259839 CHECKSEQUENCEVERIFY', { kind: 'time', intervals: 65_535 }],
    ['1 CHECKLOCKTIMEVERIFY', { kind: 'expiry', lockTime: 1 }],
    ['1900000000 CHECKLOCKTIMEVERIFY', { kind: 'expiry', lockTime: 1_900_000_000 }],
    ['4294967295 CHECKLOCKTIMEVERIFY', { kind: 'expiry', lockTime: 0xffff_ffff }],
  ])('SF3 reads and builds the term %s', (text, term) => {
    expect(matchDebtScript(debt(text))).toEqual({ tag: TAG, term });
    expect(buildDebtScript({ tag: TAG, term })).toEqual(debt(text));
  });

  test.each([
    '0 CHECKSEQUENCEVERIFY',
    '-1 CHECKSEQUENCEVERIFY',
    '65536 CHECKSEQUENCEVERIFY',
    '4194304 CHECKSEQUENCEVERIFY',
    '4259840 CHECKSEQUENCEVERIFY',
    '8388609 CHECKSEQUENCEVERIFY',
    '2147483649 CHECKSEQUENCEVERIFY',
    '0x0105 CHECKSEQUENCEVERIFY',
    '0x020500 CHECKSEQUENCEVERIFY',
    '0x4c0111 CHECKSEQUENCEVERIFY',
    '0 CHECKLOCKTIMEVERIFY',
    '4294967296 CHECKLOCKTIMEVERIFY',
    '5 NOP',
    '5 CHECKSEQUENCEVERIFY NOP',
    '5 DROP CHECKSEQUENCEVERIFY',
  ])('SF3 does not take for the standard form the term %s', (text) => {
    expect(matchDebtScript(debt(text))).toBeUndefined();
  });

  test('SF3 is exact: a changed byte makes another debt or none', () => {
    const script = debt('1000 CHECKSEQUENCEVERIFY');
    for (const mutant of mutants(script)) {
      const form = matchDebtScript(mutant);
      if (form !== undefined) expect(buildDebtScript(form)).toEqual(mutant);
    }
    for (let end = 0; end < script.length; end++) expect(matchDebtScript(script.subarray(0, end))).toBeUndefined();
  });
});

describe('records', () => {
  test('SF4 commits to table, key and value', () => {
    const hash = computeRecordHash(hex('6162'), hex('63'), EMPTY_BYTES);
    expect(hash).toEqual(hash256(hex('026162 0163 00')));
    const multisig = buildMultisigInOrder({ threshold: 1, keys: [key(1), key(2)] });
    const script = buildRecordCommitment(hash, multisig);
    expect(script).toEqual(concatBytes(hex('53ba20'), hash, hex('88'), multisig));
    expect(matchRecordCommitment(script)).toEqual({ hash, keyCheck: { kind: 'multisig', threshold: 1, keys: [key(1), key(2)] } });
  });

  test('SF4 knows three key checks and no other script', () => {
    const multisig = buildMultisigInOrder({ threshold: 1, keys: [key(2)] });
    expect(matchKeyCheck(buildKeyHashCheck(TAG))).toEqual({ kind: 'key', keyHash: TAG });
    expect(matchKeyCheck(concatBytes(encodePush(key(1)), Uint8Array.of(OP.CHECKSIGVERIFY), multisig))).toEqual({
      kind: 'named-multisig',
      key: key(1),
      threshold: 1,
      keys: [key(2)],
    });
    expect(matchKeyCheck(concatBytes(encodePush(key(1)), Uint8Array.of(OP.CHECKSIGVERIFY)))).toBeUndefined();
    expect(matchKeyCheck(EMPTY_BYTES)).toBeUndefined();
    for (const script of [EMPTY_BYTES, FREE_SCRIPT]) {
      const commitment = concatBytes(hex('53ba20'), new Uint8Array(32), hex('88'), script);
      expect(matchRecordCommitment(commitment)).toBeUndefined();
    }
    const good = buildRecordCommitment(new Uint8Array(32), buildKeyHashCheck(TAG));
    for (const at of [0, 1, 2, 35]) expect(matchRecordCommitment(good.map((byte, i) => (i === at ? byte ^ 1 : byte)))).toBeUndefined();
  });
});

describe('stakes', () => {
  const stakerKey = key(9).subarray(1);
  const ownerScript = buildPayToKey(key(1));
  const place = (script: Uint8Array, more: Partial<PlacedOutput> = {}): PlacedOutput => ({
    element: 'value',
    amount: 1_000n,
    layer: 1,
    script,
    ...more,
  });
  const script = buildStakeScript({ key: stakerKey, share: 10_000, ownerScript });

  test('SF5 is a prefix of key and share before an owner script', () => {
    expect(script).toEqual(concatBytes(hex('20'), stakerKey, hex('02 1027 6d'), ownerScript));
    expect(matchStake(place(script), LIMITS)).toEqual({ key: stakerKey, share: 10_000, ownerScript });
    expect(computeOwnerTag(place(script), LIMITS)).toEqual(hash160(key(1)));
  });

  const notOnCurve = new Uint8Array(32).fill(0xff);
  test.each<[string, PlacedOutput]>([
    ['circulation', place(script, { layer: 0 })],
    ['management', place(script, { layer: 2 })],
    ['credit', place(script, { element: 'credit' })],
    ['debt', place(script, { element: 'debt' })],
    ['too small an amount', place(script, { amount: 999n })],
    ['a share above 10,000', place(concatBytes(hex('20'), stakerKey, hex('02 1127 6d'), ownerScript))],
    ['a key that does not lift', place(buildStakeScript({ key: notOnCurve, share: 0, ownerScript }))],
    ['an owner script that begins with RETURN', place(buildStakeScript({ key: stakerKey, share: 0, ownerScript: hex('6a') }))],
    ['DROP instead of 2DROP', place(script.map((byte, i) => (i === 36 ? OP.DROP : byte)))],
    ['a key of 31 bytes', place(concatBytes(hex('1f'), stakerKey.subarray(1), hex('02 1027 6d'), ownerScript))],
    ['a cut prefix', place(script.subarray(0, 36))],
  ])('SF5 takes for an ordinary script one with %s, and does not refuse it', (_, output) => {
    expect(matchStake(output, LIMITS)).toBeUndefined();
    expect(stripStakePrefix(output, LIMITS)).toBe(output.script);
    expect(computeOwnerTag(output, LIMITS)).toEqual(hash160(output.script));
    expect(checkOutputScript(output, LIMITS)).toBeUndefined();
  });

  test('SF5 strips the prefix once', () => {
    const twice = buildStakeScript({ key: stakerKey, share: 1, ownerScript: script });
    expect(stripStakePrefix(place(twice), LIMITS)).toEqual(script);
    expect(computeOwnerTag(place(twice), LIMITS)).toEqual(hash160(script));
  });

  test('SF9 refuses an owner script that looks like a key', () => {
    const owned = (last: Uint8Array): PlacedOutput => place(buildStakeScript({ key: stakerKey, share: 0, ownerScript: last }));
    expect(checkOutputScript(owned(key(1)), LIMITS)).toMatchObject({ fault: 'key-like-script' });
    expect(checkOutputScript({ ...owned(key(1)), amount: 999n }, LIMITS)).toBeUndefined();
    expect(checkOutputScript(owned(key(1).subarray(0, 32)), LIMITS)).toBeUndefined();
  });

  test('SF9 refuses one that would look like a key once a coinbase pays to it', () => {
    const nested = (last: Uint8Array): Uint8Array => buildStakeScript({ key: stakerKey, share: 0, ownerScript: last });
    const paid = place(nested(key(1)), { amount: LIMITS.minStake });
    expect(stripStakePrefix(paid, LIMITS)).toEqual(key(1));
    expect(checkOutputScript(place(nested(nested(key(1)))), LIMITS)).toMatchObject({ fault: 'key-like-script' });
    expect(checkOutputScript(place(nested(nested(nested(key(1))))), LIMITS)).toMatchObject({ fault: 'key-like-script' });
    expect(checkOutputScript(place(nested(nested(key(1))), { layer: 0 }), LIMITS)).toBeUndefined();
    expect(checkOutputScript(place(nested(nested(ownerScript))), LIMITS)).toBeUndefined();
  });
});

describe('hash time locks', () => {
  const lock = { hash: new Uint8Array(32).fill(6), claimKey: key(1), refundKey: key(2), timeout: 500 };

  test('SF6 pays for a secret, or from a lock time on', () => {
    const text = `IF SIZE 32 EQUALVERIFY SHA256 ${pushed(lock.hash)} EQUALVERIFY ${pushed(key(1))} ELSE 500 CHECKLOCKTIMEVERIFY DROP ${pushed(key(2))} ENDIF CHECKSIG`;
    expect(buildHashTimeLock(lock)).toEqual(asm(text));
    for (const timeout of [1, 16, 17, 0x7f, 0x80, 0xffff, 1_900_000_000, 0xffff_ffff])
      expect(matchHashTimeLock(buildHashTimeLock({ ...lock, timeout }))).toEqual({ ...lock, timeout });
  });

  test('SF6 is exact: a changed byte makes another lock or none', () => {
    const script = buildHashTimeLock(lock);
    for (const mutant of mutants(script)) {
      const form = matchHashTimeLock(mutant);
      if (form !== undefined) expect(buildHashTimeLock(form)).toEqual(mutant);
    }
    for (let end = 0; end < script.length; end++) expect(matchHashTimeLock(script.subarray(0, end))).toBeUndefined();
  });
});

describe('free and data outputs', () => {
  test('SF7 is circulation value with TRUE', () => {
    expect(isFreeOutput({ layer: 0, element: 'value', script: FREE_SCRIPT })).toBe(true);
    expect(isFreeOutput({ layer: 1, element: 'value', script: FREE_SCRIPT })).toBe(false);
    expect(isFreeOutput({ layer: 0, element: 'credit', script: FREE_SCRIPT })).toBe(false);
    expect(isFreeOutput({ layer: 0, element: 'value', script: asm('1 1') })).toBe(false);
  });

  test('SF8 is RETURN and one minimal push of at most 80 bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (data) => void expect(matchDataScript(buildDataScript(data))).toEqual(data)));
    for (const data of [EMPTY_BYTES, hex('01'), hex('10'), hex('81'), hex('80')])
      expect(matchDataScript(buildDataScript(data))).toEqual(data);
  });

  test.each(['6a', '6a0101', '6a4c00', '6a50', '6a61', '6a5151', '6a0261', `6a4c51${'00'.repeat(81)}`, `6a4c4b${'00'.repeat(75)}`])(
    'SF8 refuses %s wherever it stands',
    (text) => {
      const output: PlacedOutput = { element: 'value', amount: 0n, layer: 0, script: hex(text) };
      expect(matchDataScript(output.script)).toBeUndefined();
      expect(checkOutputScript(output, LIMITS)).toMatchObject({ fault: 'return-script' });
    },
  );

  test('SF8 refuses data on anything but value of 0', () => {
    const output: PlacedOutput = { element: 'value', amount: 0n, layer: 0, script: buildDataScript(hex('abcd')) };
    expect(isDataOutput(output)).toBe(true);
    expect(checkOutputScript(output, LIMITS)).toBeUndefined();
    for (const more of [{ amount: 1n }, { element: 'credit' as const }, { element: 'debt' as const }])
      expect(checkOutputScript({ ...output, ...more }, LIMITS)).toMatchObject({ fault: 'return-script' });
  });
});

describe('owner tags', () => {
  const coin = (script: Uint8Array, more: Partial<PlacedOutput> = {}): PlacedOutput => ({
    element: 'value',
    amount: 5n,
    layer: 0,
    script,
    ...more,
  });

  test('SF9 is one tag for cash, credit and debt of one account', () => {
    const debt = buildDebtScript({ tag: TAG, term: { kind: 'blocks', blocks: 5 } });
    for (const element of ['value', 'credit', 'debt'] as const)
      expect(computeOwnerTag(coin(buildPayToKeyHash(TAG), { element }), LIMITS)).toEqual(TAG);
    expect(computeOwnerTag(coin(debt, { element: 'debt' }), LIMITS)).toEqual(TAG);
    expect(computeOwnerTag(coin(debt), LIMITS)).toEqual(hash160(debt));
    const [p2wsh, collective] = [buildPayToScript(EMPTY_BYTES), concatBytes(hex('5220'), new Uint8Array(32))];
    expect(computeOwnerTag(coin(p2wsh), LIMITS)).toEqual(hash160(p2wsh));
    expect(computeOwnerTag(coin(collective), LIMITS)).toEqual(hash160(collective));
    expect(matchCollective(collective)).toEqual(new Uint8Array(32));
  });

  test('SF9 refuses a script that would carry the tag of a key', () => {
    for (const element of ['value', 'credit', 'debt'] as const)
      expect(checkOutputScript(coin(key(1), { element }), LIMITS)).toMatchObject({ fault: 'key-like-script' });
    expect(checkOutputScript(coin(concatBytes(hex('04'), key(1).subarray(1))), LIMITS)).toBeUndefined();
    expect(checkOutputScript(coin(concatBytes(key(1), hex('00'))), LIMITS)).toBeUndefined();
  });
});

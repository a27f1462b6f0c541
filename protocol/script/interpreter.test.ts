import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../codec/bytes.ts';
import { decodeHex } from '../codec/hex.ts';
import { assembleScript } from '../conformance/script-assembler.ts';
import { isFault } from '../fault.ts';
import { type Evaluation, evaluateScript } from './interpreter.ts';
import { encodeScriptNumber, readScriptNumber } from './number.ts';
import { isDisabled, OP } from './opcodes.ts';
import { encodePush } from './push.ts';
import { CONSENSUS_RULES, type ScriptRules } from './rules.ts';
import type { ScriptFault } from './script-fault.ts';
import type { SignatureChecker } from './signature-checker.ts';

/** Accepts a signature whose second-last byte is the second byte of the key, and locks up to 100. */
const CHECKER: SignatureChecker = {
  prepareCode: (code) => code,
  checkSignature: (signature, publicKey) => signature[signature.length - 2] === publicKey[1],
  checkLockTime: (lockTime) => lockTime <= 100,
  checkSequence: (sequence) => sequence <= 100,
};

const hex = (text: string): Uint8Array => decodeHex(text) as Uint8Array;
const script = (text: string): Uint8Array => assembleScript(text) as Uint8Array;
const run = (code: Uint8Array, stack: readonly Uint8Array[] = [], change: Partial<ScriptRules> = {}): Evaluation | ScriptFault =>
  evaluateScript(code, [...stack], { ...CONSENSUS_RULES, ...change }, CHECKER);
const codeOf = (result: Evaluation | ScriptFault): string => ('fault' in result ? result.fault : 'none');
const stackOf = (result: Evaluation | ScriptFault): readonly Uint8Array[] => (result as Evaluation).stack;
const repeat = (text: string, count: number): string => Array(count).fill(text).join(' ');

const key = (id: number): Uint8Array => Uint8Array.from({ length: 33 }, (_, i) => (i === 0 ? 2 : i === 1 ? id : 9));
/** r = 1, s = id: strict DER, low S, ALL */
const signature = (id: number, type = 1): Uint8Array => Uint8Array.of(0x30, 6, 2, 1, 1, 2, 1, id, type);

describe('operations', () => {
  test('SC1 does what Bitcoin does', () => {
    const cases: readonly [string, string][] = [
      ['1 2 3 ROT', '2 3 1'],
      ['1 2 TUCK', '2 1 2'],
      ['1 2 3 4 5 6 2ROT', '3 4 5 6 1 2'],
      ['1 2 3 4 2SWAP', '3 4 1 2'],
      ['1 2 3 4 2OVER', '1 2 3 4 1 2'],
      ['5 6 7 2 ROLL', '6 7 5'],
      ['5 6 7 2 PICK', '5 6 7 5'],
      ['1 IF 2 ELSE 3 ELSE 4 ENDIF', '2 4'],
      ['0 NOTIF 2 ENDIF', '2'],
      ['2147483647 DUP ADD SIZE NIP', '5'],
      ['-1 ABS 1 EQUAL', '1'],
      ['3 1 4 WITHIN 4 1 4 WITHIN', '1 0'],
      ['1 TOALTSTACK 2 FROMALTSTACK', '2 1'],
      ['100 CHECKLOCKTIMEVERIFY 2147483648 CHECKSEQUENCEVERIFY', '100 2147483648'],
    ];
    for (const [code, left] of cases) expect(stackOf(run(script(code))), code).toEqual(stackOf(run(script(left))));
  });

  test('SC1 refuses disabled opcodes in a branch that is not taken', () => {
    const disabled = Array.from({ length: 256 }, (_, opcode) => opcode).filter(isDisabled);
    expect(disabled.length).toBe(15);
    for (const opcode of disabled) expect(codeOf(run(Uint8Array.of(OP.FALSE, OP.IF, opcode, OP.ENDIF)))).toBe('disabled-opcode');
  });

  test('SC1 knows no opcode above NHASH256, which fails only where it is run', () => {
    for (let opcode: number = OP.NHASH256 + 1; opcode < 256; opcode++) {
      expect(codeOf(run(Uint8Array.of(opcode)))).toBe('bad-opcode');
      expect(codeOf(run(Uint8Array.of(OP.FALSE, OP.IF, opcode, OP.ENDIF)))).toBe('none');
    }
  });

  test('SC1 never throws on any script and any stack', () => {
    const anyStack = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 });
    const anyScript = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 60 }).map((codes) => Uint8Array.from(codes));
    const busyScript = fc
      .array(fc.integer({ min: OP.NEGATIVE_ONE, max: OP.NHASH256 }), { maxLength: 60 })
      .map((codes) => Uint8Array.from(codes));
    fc.assert(
      fc.property(fc.oneof(anyScript, busyScript), anyStack, (code, stack) => void run(code, stack)),
      { numRuns: 2_000 * Number(process.env.VC_SOAK ?? 1) },
    );
  });

  test('SC1 wants every branch closed, and none closed twice', () => {
    for (const code of ['1 IF', '0 IF', '1 IF ELSE', 'ENDIF', 'ELSE', '1 IF ENDIF ENDIF', 'IF ENDIF'])
      expect(codeOf(run(script(code))), code).toBe('unbalanced-conditional');
  });

  test('SC1 reads the numbers it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 39) + 1, max: 2 ** 39 - 1 }), (value) => {
        expect(readScriptNumber(encodeScriptNumber(value), true, 5)).toBe(value);
      }),
    );
    expect(readScriptNumber(hex('80'), false)).toBe(0);
    expect(readScriptNumber(hex('80'), true)).toBeUndefined();
    expect(readScriptNumber(hex('0100'), true)).toBeUndefined();
  });
});

const DER = '300602010102010101';

describe('the rules of consensus', () => {
  test('SC2 are one record that nobody changes', () => {
    expect(Object.isFrozen(CONSENSUS_RULES)).toBe(true);
    const off = Object.entries(CONSENSUS_RULES).filter(([, on]) => !on);
    expect(off.map(([name]) => name)).toEqual(['DISCOURAGE_UPGRADABLE_NOPS', 'CONST_SCRIPTCODE']);
  });

  const cases: readonly [rule: keyof ScriptRules, code: string, text: string, stack: Uint8Array[], off: Partial<ScriptRules>][] = [
    ['DERSIG', 'sig-der', 'CHECKSIG', [hex('3000'), key(1)], { DERSIG: false, LOW_S: false, STRICTENC: false, NULLFAIL: false }],
    ['LOW_S', 'sig-high-s', 'CHECKSIG', [concatBytes(hex('3026020101022100'), new Uint8Array(32).fill(0xf0), hex('01')), key(0xf0)], {}],
    ['STRICTENC', 'sig-hashtype', 'CHECKSIG', [signature(1, 4), key(1)], {}],
    ['STRICTENC', 'sig-hashtype', 'CHECKSIG', [signature(1, 0), key(1)], {}],
    ['NULLFAIL', 'sig-nullfail', 'CHECKSIG', [signature(1), key(2)], {}],
    ['NULLDUMMY', 'sig-nulldummy', '0 0 CHECKMULTISIG', [hex('01')], {}],
    ['MINIMALDATA', 'minimaldata', '0x0101', [], {}],
    ['MINIMALDATA', 'scriptnum', '1ADD', [hex('0100')], {}],
    ['MINIMALIF', 'minimalif', 'IF ENDIF', [hex('02')], {}],
    ['MINIMALIF', 'minimalif', 'NOTIF ENDIF', [hex('00')], {}],
    ['CHECKLOCKTIMEVERIFY', 'unsatisfied-locktime', '101 CHECKLOCKTIMEVERIFY', [], {}],
    ['CHECKSEQUENCEVERIFY', 'unsatisfied-locktime', '101 CHECKSEQUENCEVERIFY', [], {}],
  ];

  test.each(cases)('SC2 holds %s: %s', (rule, code, text, stack, off) => {
    expect(codeOf(run(script(text), stack))).toBe(code);
    expect(codeOf(run(script(text), stack, { [rule]: false, ...off }))).toBe('none');
  });

  test('SC2 lets NOPs do nothing', () => {
    expect(codeOf(run(script('NOP1 NOP4 NOP5 NOP6 NOP7 NOP8 NOP9 NOP10')))).toBe('none');
    expect(codeOf(run(script('NOP10'), [], { DISCOURAGE_UPGRADABLE_NOPS: true }))).toBe('discourage-upgradable-nops');
  });

  test('SC8 takes an empty signature, which is merely not valid', () => {
    expect(stackOf(run(script('CHECKSIG'), [hex(''), key(1)]))).toEqual([hex('')]);
  });

  test.each([
    ['no sequence', `31${DER.slice(2)}`],
    ['a wrong length', '300702010102010101'],
    ['an empty integer', '3006020002020101' + '01'],
    ['a negative integer', '300602018102010101'],
    ['a padded integer', '30070202000102010101'],
    ['bytes left over', '30060201010201010001'],
  ])('SC8 refuses a signature with %s', (_, text) => {
    expect(codeOf(run(script('CHECKSIG'), [hex(text), key(1)]))).toBe('sig-der');
  });

  test('SC9 takes no key but a compressed one', () => {
    const uncompressed = concatBytes(hex('04'), new Uint8Array(64));
    expect(codeOf(run(script('CHECKSIG'), [signature(1), uncompressed]))).toBe('witness-pubkeytype');
    expect(codeOf(run(script('CHECKSIG'), [hex(''), uncompressed.subarray(0, 64)]))).toBe('pubkeytype');
    expect(codeOf(run(script('CHECKSIG'), [hex(''), concatBytes(hex('05'), new Uint8Array(32))]))).toBe('pubkeytype');
  });
});

describe('limits', () => {
  test('SC3 ends a script at 10,000 bytes', () => {
    const filler = (length: number): Uint8Array => {
      const pushes = Array.from({ length: Math.floor(length / 503) }, () => concatBytes(hex('4df401'), new Uint8Array(500)));
      const rest = length - pushes.length * 503;
      return concatBytes(...pushes, new Uint8Array(rest).fill(OP.TRUE));
    };
    expect(codeOf(run(filler(10_000)))).toBe('none');
    expect(codeOf(run(filler(10_001)))).toBe('script-size');
  });

  test('SC3 ends an element at 520 bytes', () => {
    expect(codeOf(run(encodePush(new Uint8Array(520))))).toBe('none');
    expect(codeOf(run(encodePush(new Uint8Array(521))))).toBe('push-size');
    expect(codeOf(run(concatBytes(hex('0063'), encodePush(new Uint8Array(521)), hex('68'))))).toBe('push-size');
  });

  test('SC3 ends both stacks together at 1,000 items', () => {
    expect(codeOf(run(script(`${repeat('1 TOALTSTACK', 100)} ${repeat('1', 900)}`)))).toBe('none');
    expect(codeOf(run(script(`${repeat('1 TOALTSTACK', 100)} ${repeat('1', 901)}`)))).toBe('stack-size');
  });

  test('SC3 ends a run at 201 operations, those not taken and the keys of a multisig counted', () => {
    expect(codeOf(run(script(repeat('NOP', 201))))).toBe('none');
    expect(codeOf(run(script(repeat('NOP', 202))))).toBe('op-count');
    expect(codeOf(run(script(`0 IF ${repeat('NOP', 199)} ENDIF`)))).toBe('none');
    expect(codeOf(run(script(`0 IF ${repeat('NOP', 200)} ENDIF`)))).toBe('op-count');
    const multisig = `0 0 ${repeat('1', 20)} 20 CHECKMULTISIG`;
    expect(codeOf(run(script(`${repeat('NOP', 180)} ${multisig}`)))).toBe('none');
    expect(codeOf(run(script(`${repeat('NOP', 181)} ${multisig}`)))).toBe('op-count');
  });

  test('SC3 ends a multisig at 20 keys', () => {
    expect(codeOf(run(script(`0 0 ${repeat('1', 21)} 21 CHECKMULTISIG`)))).toBe('pubkey-count');
  });
});

describe('pushes', () => {
  test.each([
    ['4c00', 'PUSHDATA1 of nothing'],
    ['0105', 'one byte that is a small number'],
    ['0181', 'one byte that is −1'],
    [`4c4b${'00'.repeat(75)}`, 'PUSHDATA1 of 75'],
    [`4dff00${'00'.repeat(255)}`, 'PUSHDATA2 of 255'],
    [`4e00010000${'00'.repeat(256)}`, 'PUSHDATA4'],
  ])('SC5 refuses %s', (text) => {
    expect(codeOf(run(hex(text)))).toBe('minimaldata');
    expect(codeOf(run(concatBytes(hex('0063'), hex(text), hex('68'))))).toBe('none');
  });

  test('SC5 takes the push that it makes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 520, size: 'max' }), (data) => {
        expect(stackOf(run(encodePush(data)))).toEqual([data]);
      }),
    );
  });
});

describe('signatures', () => {
  const multisig = (threshold: number, ids: readonly number[]): Uint8Array =>
    concatBytes(script(`${threshold}`), ...ids.map((id) => encodePush(key(id))), script(`${ids.length}`), Uint8Array.of(OP.CHECKMULTISIG));

  test('SC6 counts a check for a signature that is not empty', () => {
    expect(run(script('CHECKSIG'), [signature(1), key(1)])).toMatchObject({ checks: 1 });
    expect(run(script('CHECKSIG'), [hex(''), key(1)])).toMatchObject({ checks: 0 });
    expect(run(script('2DUP CHECKSIGVERIFY CHECKSIG'), [signature(1), key(1)])).toMatchObject({ checks: 2 });
  });

  test('SC6 counts every key of a multisig that is run, whatever it tries', () => {
    expect(run(multisig(1, [1, 2, 3]), [hex(''), signature(3)])).toMatchObject({ checks: 3 });
    expect(run(multisig(0, [1, 2]), [hex('')])).toMatchObject({ checks: 2 });
    expect(run(concatBytes(script('0 IF'), multisig(1, [1]), script('ENDIF')))).toMatchObject({ checks: 0 });
  });

  test('SC7 reports whose signatures were accepted, with their types', () => {
    expect(run(script('CHECKSIG'), [signature(1, 0x83), key(1)])).toMatchObject({ accepted: [{ publicKey: key(1), sighashType: 0x83 }] });
    const two = run(multisig(2, [1, 2, 3]), [hex(''), signature(1), signature(3, 2)]) as Evaluation;
    expect(two.accepted).toEqual([
      { publicKey: key(3), sighashType: 2 },
      { publicKey: key(1), sighashType: 1 },
    ]);
    expect((run(script('CHECKSIG NOT'), [hex(''), key(1)]) as Evaluation).accepted).toEqual([]);
  });

  test('SC7 keeps the order of keys and signatures', () => {
    expect(codeOf(run(multisig(2, [1, 2]), [hex(''), signature(2), signature(1)]))).toBe('sig-nullfail');
    expect(isFault(run(multisig(2, [1, 2]), [hex(''), signature(1), signature(2)]))).toBe(false);
  });
});

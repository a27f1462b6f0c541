import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SOAK } from '../../setup/soak-figure.ts';
import { decodeHex, encodeHex } from '../codec/hex.ts';
import { evaluateScript } from './interpreter.ts';
import { CONSENSUS_RULES } from './rules.ts';

const SCRIPTS = SOAK ? 100_000 : 1_000;
const NAMES: Readonly<Record<string, number>> = {
  nop: 0x61,
  if: 0x63,
  notif: 0x64,
  else: 0x67,
  endif: 0x68,
  verify: 0x69,
  toalt: 0x6b,
  fromalt: 0x6c,
  depth: 0x74,
  drop: 0x75,
  dup: 0x76,
  over: 0x78,
  swap: 0x7c,
  size: 0x82,
  equal: 0x87,
  sha256: 0xa8,
  hash256: 0xaa,
  nhash256: 0xba,
};
const CAT = 0x7e;

const CHECKER = {
  prepareCode: (code: Uint8Array) => code,
  checkSignature: () => false,
  checkLockTime: () => false,
  checkSequence: () => false,
};

const sha = (hex: string): string => createHash('sha256').update(Buffer.from(hex, 'hex')).digest('hex');

/** Another form of the rule of pushes: hexadecimal in, the opcode and its length out. */
const minimalPush = (hex: string): string => {
  const size = hex.length / 2;
  const little = (value: number, bytes: number): string => Buffer.from([value & 255, value >> 8].slice(0, bytes)).toString('hex');
  if (hex === '') return '00';
  if (size === 1 && Number(`0x${hex}`) >= 1 && Number(`0x${hex}`) <= 16) return (80 + Number(`0x${hex}`)).toString(16);
  if (hex === '81') return '4f';
  return (size < 76 ? little(size, 1) : size < 256 ? `4c${little(size, 1)}` : `4d${little(size, 2)}`) + hex;
};

const numberText = (value: number): string =>
  value === 0 ? '' : value < 128 ? value.toString(16).padStart(2, '0') : Buffer.from([value & 255, value >> 8]).toString('hex');

/** The number that an item is; undefined where it is none that a script may read. */
const readNumber = (hex: string): number | undefined => {
  const bytes = [...Buffer.from(hex, 'hex')];
  const last = bytes.at(-1);
  if (last === undefined) return 0;
  if (bytes.length > 4 || ((last & 0x7f) === 0 && (bytes.length === 1 || (bytes.at(-2)! & 0x80) === 0))) return undefined;
  const magnitude = bytes.reduce((sum, byte, place) => sum + (place === bytes.length - 1 ? byte & 0x7f : byte) * 256 ** place, 0);
  return last >= 128 ? -magnitude : magnitude;
};

interface Step {
  readonly opcode: number;
  readonly data: string | undefined;
  readonly text: string;
}

const parse = (script: string): readonly Step[] | undefined => {
  const steps: Step[] = [];
  for (let at = 0; at < script.length; ) {
    const opcode = Number.parseInt(script.slice(at, at + 2), 16);
    const width = opcode === 0x4c ? 2 : opcode === 0x4d ? 4 : 0;
    const said = script.slice(at + 2, at + 2 + width);
    const length =
      width === 0 ? (opcode < 0x4c ? opcode : 0) : width === 2 ? Number.parseInt(said, 16) : Buffer.from(said, 'hex').readUInt16LE();
    const end = at + 2 + width + 2 * length;
    if (end > script.length) return undefined;
    const pushed = opcode <= 0x4d ? script.slice(at + 2 + width, end) : undefined;
    const small = opcode === 0x4f ? '81' : opcode > 0x50 && opcode <= 0x60 ? (opcode - 80).toString(16).padStart(2, '0') : undefined;
    steps.push({ opcode, data: pushed ?? small, text: script.slice(at, end) });
    at = end;
  }
  return steps;
};

class Failed extends Error {}

/** Runs a script over hexadecimal text, by rules written down anew; undefined: it fails. */
const secondEvaluator = (script: string, initial: readonly string[]): readonly string[] | undefined => {
  const stack = [...initial];
  const other: string[] = [];
  const open: boolean[] = [];
  let operations = 0;
  const fail = (): never => {
    throw new Failed();
  };
  const pop = (): string => stack.pop() ?? fail();
  const count = (more: number): void => {
    operations += more;
    if (operations > 201) fail();
  };
  const condition = (wanted: boolean): void => {
    const running = open.every(Boolean);
    const item = running ? pop() : '';
    if (item !== '' && item !== '01') fail();
    open.push(running && (item === '01') === wanted);
  };
  const hashPushes = (): void => {
    const items = readNumber(pop());
    if (items === undefined || items < 1 || items > 16) fail();
    count((items as number) - 1);
    if (stack.length < (items as number)) fail();
    stack.push(
      sha(
        sha(
          stack
            .splice(stack.length - (items as number))
            .map(minimalPush)
            .join(''),
        ),
      ),
    );
  };
  const actions: Readonly<Record<number, () => void>> = {
    [NAMES.nop!]: () => undefined,
    [NAMES.verify!]: () => (/^(00)*(80)?$/.test(pop()) ? fail() : undefined),
    [NAMES.toalt!]: () => void other.push(pop()),
    [NAMES.fromalt!]: () => void stack.push(other.pop() ?? fail()),
    [NAMES.depth!]: () => void stack.push(numberText(stack.length)),
    [NAMES.drop!]: () => void pop(),
    [NAMES.dup!]: () => void stack.push(stack.at(-1) ?? fail()),
    [NAMES.over!]: () => void stack.push(stack.at(-2) ?? fail()),
    [NAMES.swap!]: () => void stack.push(pop(), pop()),
    [NAMES.size!]: () => void stack.push(numberText((stack.at(-1) ?? fail()).length / 2)),
    [NAMES.equal!]: () => void stack.push(new Set([pop(), pop()]).size === 1 ? '01' : ''),
    [NAMES.sha256!]: () => void stack.push(sha(pop())),
    [NAMES.hash256!]: () => void stack.push(sha(sha(pop()))),
    [NAMES.nhash256!]: hashPushes,
  };
  const flow: Readonly<Record<number, () => void>> = {
    [NAMES.if!]: () => condition(true),
    [NAMES.notif!]: () => condition(false),
    [NAMES.else!]: () => void open.push(!(open.pop() ?? fail())),
    [NAMES.endif!]: () => void (open.length === 0 ? fail() : open.pop()),
  };
  try {
    for (const { opcode, data, text } of parse(script) ?? fail()) {
      if ((data?.length ?? 0) > 1040 || opcode === CAT) fail();
      if (opcode > 0x60) count(1);
      const branch = flow[opcode];
      if (branch !== undefined) branch();
      else if (open.every(Boolean)) {
        if (data === undefined) (actions[opcode] ?? fail)();
        else if (minimalPush(data) === text) stack.push(data);
        else fail();
      }
      if (stack.length + other.length > 1000) fail();
    }
  } catch (error) {
    if (error instanceof Failed) return undefined;
    throw error;
  }
  return open.length === 0 ? stack : undefined;
};

/** Numbers that look random and are the same at every run. */
const makeRandom = (seed: number) => {
  let state = seed;
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
};

type Random = ReturnType<typeof makeRandom>;

const randomItem = (random: Random): string => {
  const length = [0, 1, 1, 2, 3, 20, 32, 75, 76, 255, 256, 520, 521][random(random(20) === 0 ? 13 : 8)] ?? 0;
  return Array.from({ length }, () => random(256).toString(16).padStart(2, '0')).join('');
};

const byte = (opcode: number): string => opcode.toString(16).padStart(2, '0');

const randomStep = (random: Random): string => {
  const kind = random(100);
  if (kind < 30) return minimalPush(randomItem(random));
  if (kind < 35) return byte(80 + 1 + random(16));
  if (kind < 60) return byte(80 + 1 + random(3)) + byte(NAMES.nhash256!);
  if (kind < 62) return minimalPush(numberText(random(20))) + byte(NAMES.nhash256!);
  if (kind < 63) return `4c01${byte(random(256))}`;
  if (kind < 64) return byte(CAT);
  if (kind < 70)
    return (
      ['00', '51'][random(2)]! +
      byte([NAMES.if!, NAMES.notif!][random(2)]!) +
      randomStep(random) +
      byte(NAMES.else!) +
      randomStep(random) +
      byte(NAMES.endif!)
    );
  const plain = Object.entries(NAMES).filter(([name]) => random(40) === 0 || !['if', 'notif', 'else', 'endif', 'verify'].includes(name));
  return byte(plain[random(plain.length)]![1]);
};

const run = (script: string, stack: readonly string[]): readonly string[] | string => {
  const items = stack.map((item) => decodeHex(item) as Uint8Array);
  const result = evaluateScript(decodeHex(script) as Uint8Array, items, CONSENSUS_RULES, CHECKER);
  return 'fault' in result ? result.fault : result.stack.map(encodeHex);
};

describe('NHASH256 against others', () => {
  test('SC4 V5 gives what a program in another language wrote down', () => {
    const vectors = JSON.parse(readFileSync(join(import.meta.dirname, 'nhash256-vectors.json'), 'utf8')) as readonly {
      readonly name: string;
      readonly stack: readonly string[];
      readonly script: string;
      readonly result?: readonly string[];
      readonly fault?: string;
    }[];
    for (const { name, stack, script, result, fault } of vectors) {
      expect({ name, gives: run(script, stack) }).toEqual({ name, gives: result ?? fault });
      expect({ name, gives: secondEvaluator(script, stack) }).toEqual({ name, gives: result });
    }
    expect(vectors.length).toBeGreaterThan(25);
  });

  test(
    `SC4 V5 has the verdict and the stack of a second evaluator on ${SCRIPTS} random scripts`,
    () => {
      const random = makeRandom(0x5c4);
      const differences: unknown[] = [];
      const counts = { valid: 0, hashed: 0 };
      for (let i = 0; i < SCRIPTS; i++) {
        const stack = Array.from({ length: random(6) }, () => randomItem(random)).filter((item) => item.length <= 1040);
        const script = Array.from({ length: 1 + random(random(20) === 0 ? 150 : 12) }, () => randomStep(random)).join('');
        const [first, second] = [run(script, stack), secondEvaluator(script, stack)];
        const same = typeof first === 'string' ? second === undefined : JSON.stringify(first) === JSON.stringify(second);
        if (!same) differences.push({ script, stack, first, second });
        if (second !== undefined) counts.valid++;
        if (second !== undefined && script.includes('ba')) counts.hashed++;
      }
      expect(differences).toEqual([]);
      expect(counts.hashed).toBeGreaterThan(SCRIPTS / 10);
      expect(counts.valid).toBeLessThan(SCRIPTS);
    },
    SOAK ? 1_800_000 : 60_000,
  );
});

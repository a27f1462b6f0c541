import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { faultSentence } from '../client/fault-sentences.ts';
import { faults as englishFaults } from './en/faults.ts';
import { en } from './en.ts';
import { outsideCode, outsideText } from './outside-text.ts';
import { faults as chineseFaults } from './zh/faults.ts';
import { zh } from './zh.ts';

const SAME_IN_BOTH = ['app.name', 'app.unit'];

const leaves = (tree: object, prefix = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]): [string, string][] => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    if (typeof value === 'function') return [[path, String(value('', 7, '7'))]];
    return typeof value === 'object' && value !== null ? leaves(value, path) : [[path, String(value)]];
  });

const walk = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)],
  );

const MADE = /(?:fault|refuse|Failure|DecodeError)\(\s*'([a-z0-9-]+)'/g;
const NOT_SHOWN = /protocol\/(?:node|conformance)\/|\.test\.ts$|\/test-[a-z-]+\.ts$|workers\/cli\//;

const codesMade = (): string[] => {
  const files = ['protocol', 'spv', 'workers', 'web'].flatMap(walk).filter((name) => /\.tsx?$/.test(name) && !NOT_SHOWN.test(name));
  const text = files.map((name) => readFileSync(name, 'utf8')).join('\n');
  return [...new Set([...text.matchAll(MADE)].map(([, code]) => code as string))].sort();
};

describe('the catalogue', () => {
  const english = new Map(leaves(en));
  const chinese = new Map(leaves(zh));

  test('WB1 has every message in both languages', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
    expect([...english, ...chinese].filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  test('WB1 leaves no message untranslated', () => {
    const same = [...english].filter(([path, text]) => chinese.get(path) === text).map(([path]) => path);
    expect(same).toEqual(SAME_IN_BOTH);
    const notChinese = [...chinese].filter(([path, text]) => !/[\u4e00-\u9fff]/.test(text) && !SAME_IN_BOTH.includes(path));
    expect(notChinese).toEqual([]);
  });

  test('WB13 never shows the word stake', () => {
    const all = [...english.values(), ...chinese.values(), ...Object.values(englishFaults), ...Object.values(chineseFaults)];
    expect(all.filter((text) => /\bstak(?:e|ing)|存根|质押/i.test(text))).toEqual([]);
  });
});

describe('sentences of faults', () => {
  test('WB2 every code made by the product has one in both languages', () => {
    const codes = codesMade();
    expect(codes.length).toBeGreaterThan(100);
    expect(codes.filter((code) => !Object.hasOwn(englishFaults, code))).toEqual([]);
    expect(codes.filter((code) => !Object.hasOwn(chineseFaults, code))).toEqual([]);
    expect(Object.keys(chineseFaults).filter((code) => chineseFaults[code] === englishFaults[code])).toEqual([]);
  });

  test('WB2 W1 of any other code nothing is shown, however much it looks like one', () => {
    const fallback = 'no sentence';
    expect(faultSentence('wrong-password', englishFaults, fallback)).toBe(englishFaults['wrong-password']);
    for (const code of ['update-now-at-evil-example', 'Update at http://evil.example', 'toString', 'constructor', '__proto__', ''])
      expect(faultSentence(code, englishFaults, fallback)).toBe(fallback);
    expect(outsideCode('Update at http://evil.example')).toBe('unknown');
  });

  test('WB8 text of others is one short line without control or direction characters', () => {
    expect(outsideText('a\u202ebc\u0000\n d\u200b')).toBe('a bc d');
    expect(outsideText('x'.repeat(1_000_000))).toHaveLength(80);
  });
});

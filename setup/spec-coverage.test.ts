import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOTS = ['protocol', 'spv', 'workers', 'web', 'e2e', 'setup'];
const RULE = /^- \*\*([A-Z]{2}\d+)\*\* \S/gm;
const TITLE = /['"`]((?:[A-Z]{2}\d+(?:, | and | ))+)/g;
const SOURCE = /SPEC ((?:[A-Z]{2}\d+(?:, | and | to )?)+)/g;
const ID = /[A-Z]{2}\d+/g;

const walk = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? walk(join(folder, entry.name)) : /\.tsx?$/.test(entry.name) ? [join(folder, entry.name)] : [],
  );

const files = ROOTS.flatMap(walk).map((name) => ({ name, text: readFileSync(name, 'utf8') }));
const isTest = (name: string): boolean => /\.test\.tsx?$/.test(name) || name.startsWith('e2e/');
const idsOf = (pattern: RegExp, wanted: (name: string) => boolean): Set<string> =>
  new Set(
    files
      .filter(({ name }) => wanted(name) && name !== join('setup', 'spec-coverage.test.ts'))
      .flatMap(({ text }) => [...text.matchAll(pattern)].flatMap(([, ids]) => (ids ?? '').match(ID) ?? [])),
  );

const rules = [...readFileSync('protocol/SPEC.md', 'utf8').matchAll(RULE)].map(([, id]) => id as string);
const tested = idsOf(TITLE, isTest);
const coded = idsOf(SOURCE, (name) => !isTest(name));

describe('protocol/SPEC.md', () => {
  test('numbers each rule once', () => {
    expect(rules.length).toBeGreaterThan(0);
    expect(rules.filter((id, index) => rules.indexOf(id) !== index)).toEqual([]);
  });

  test('every rule is tested: a test title begins with its number', () => {
    expect(rules.filter((id) => !tested.has(id))).toEqual([]);
  });

  test('every rule stands in code: a docstring names it as its source', () => {
    expect(rules.filter((id) => !coded.has(id))).toEqual([]);
  });

  test('every number that code and tests name is a rule', () => {
    expect([...tested, ...coded].filter((id) => !rules.includes(id)).sort()).toEqual([]);
  });
});

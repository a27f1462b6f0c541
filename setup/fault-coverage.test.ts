import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const MAKERS = ['protocol', 'spv', 'workers'];
const ROOTS = [...MAKERS, 'web', 'e2e', 'setup'];
const MADE = /\bfault\(\s*'([a-z0-9-]+)'/g;
const NAMED = /['"`]([a-z0-9-]+)['"`]/g;

const walk = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? walk(join(folder, entry.name)) : /\.tsx?$/.test(entry.name) ? [join(folder, entry.name)] : [],
  );

const isTest = (name: string): boolean => /\.(test|spec)\.tsx?$/.test(name);
const codesIn = (files: readonly string[], pattern: RegExp): Set<string> =>
  new Set(files.flatMap((name) => [...readFileSync(name, 'utf8').matchAll(pattern)].map(([, code]) => code as string)));

test('every fault that the code makes is named by a test', () => {
  const made = codesIn(
    MAKERS.flatMap(walk).filter((name) => !isTest(name)),
    MADE,
  );
  const named = codesIn(ROOTS.flatMap(walk).filter(isTest), NAMED);
  expect(made.size).toBeGreaterThan(250);
  expect([...made].filter((code) => !named.has(code)).sort()).toEqual([]);
});

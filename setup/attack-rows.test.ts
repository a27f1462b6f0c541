import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOTS = ['protocol', 'spv', 'workers', 'web', 'e2e', 'setup'];
const ROW = /^\| ([SBPVCWN]\d+) \| [^|]+ \| [^|]+ \| ([^|]+) \|$/gm;
/** What a test is called, and what begins with the number of a rule: a title too, or a part of one that stands in a table. */
const TITLES = [/\b(?:test|describe)(?:\.\w+)?\(\s*(['"`])(.*?)\1/g, /(['"`])((?:[A-Z]{2}\d+(?:, | and | ))+.*?)\1/g];
const CITED = /\b[SBPVCWN]\d{1,2}\b/g;

const walk = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? walk(join(folder, entry.name)) : /\.(test|spec)\.tsx?$/.test(entry.name) ? [join(folder, entry.name)] : [],
  );

const citedIn = (file: string): Set<string> => {
  const text = readFileSync(file, 'utf8');
  return new Set(TITLES.flatMap((pattern) => [...text.matchAll(pattern)]).flatMap(([, , title]) => title?.match(CITED) ?? []));
};

const cited = new Map(ROOTS.flatMap(walk).map((file) => [file.replaceAll('\\', '/'), citedIn(file)]));
const rows = new Map(
  [...readFileSync('docs/attacks.md', 'utf8').matchAll(ROW)].map(([, row, files]) => [
    row as string,
    [...(files ?? '').matchAll(/`([^`]+)`/g)].map(([, file]) => file as string),
  ]),
);

describe('docs/attacks.md', () => {
  test('names every attack that a title cites', () => {
    expect(rows.size).toBeGreaterThan(40);
    const missing = [...cited].flatMap(([file, found]) => [...found].filter((row) => !rows.has(row)).map((row) => `${row} ${file}`));
    expect(missing).toEqual([]);
  });

  test('says of no attack that it is tested where no title cites it', () => {
    for (const [row, files] of rows) expect({ row, files: files.length }).not.toEqual({ row, files: 0 });
    const untrue = [...rows].flatMap(([row, files]) => files.filter((file) => !cited.get(file)?.has(row)).map((file) => `${row} ${file}`));
    expect(untrue).toEqual([]);
  });
});

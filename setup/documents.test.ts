import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const LINK = /\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g;

const documents = [
  'README.md',
  'SECURITY.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

test('every link of the documents leads somewhere', () => {
  const links = documents.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(LINK)].map(([, target]) => ({ file, target: target as string })),
  );
  expect(links.length).toBeGreaterThan(15);
  expect(links.filter(({ file, target }) => !existsSync(join(dirname(file), target)))).toEqual([]);
});

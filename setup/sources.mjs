import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ROOTS = ['protocol', 'spv', 'workers', 'web', 'public'];
const FILES = ['package-lock.json', 'vite.config.ts', 'index.html', 'tsconfig.base.json'];

const walk = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? walk(join(folder, entry.name)) : entry.name.includes('.test.') ? [] : [join(folder, entry.name)],
  );

/** One hash over everything the built app is made of. */
export const hashSources = () => {
  const hash = createHash('sha256');
  for (const file of [...ROOTS.flatMap(walk), ...FILES].sort()) {
    if (existsSync(file) && statSync(file).isFile()) hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
};

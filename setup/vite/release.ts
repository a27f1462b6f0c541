import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Plugin } from 'vite';

const APART = new Set(['version.json', 'csp.json', 'sw.js', '.sources']);

const walk = (folder: string, prefix = ''): string[] =>
  readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? walk(folder, posix.join(prefix, entry.name)) : [posix.join(prefix, entry.name)],
  );

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Every file of a built app with its hash, and one version made from them all. */
const describeRelease = (folder: string, number: string) => {
  const files = walk(folder)
    .filter((path) => !APART.has(path))
    .sort()
    .map((path) => {
      const bytes = readFileSync(join(folder, path));
      return { path: `/${path}`, sha256: sha256(bytes), size: bytes.length };
    });
  const digest = sha256(Buffer.from(files.map((file) => `${file.sha256} ${file.path}\n`).join('')));
  return { version: `${number}+${digest.slice(0, 12)}`, files };
};

/** Writes version.json, from which the service worker keeps a version whole and the settings show its hashes. @source SPEC WB11 */
export const release = (): Plugin => {
  let folder = 'dist/web';
  return {
    name: 'release',
    apply: 'build',
    configResolved(config) {
      folder = config.build.outDir;
    },
    closeBundle() {
      const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
      writeFileSync(join(folder, 'version.json'), `${JSON.stringify(describeRelease(folder, version))}\n`);
    },
  };
};

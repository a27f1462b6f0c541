import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { say } from './row.ts';

const FOLDER = join(import.meta.dirname, 'peers');
const STAMP = join(FOLDER, 'node_modules', '.valuecyber-bench');

/** What the peers' own package resolves. */
export const requirePeer = createRequire(join(FOLDER, 'package.json'));

const npm = (...args: readonly string[]): boolean =>
  spawnSync('npm', args, { cwd: FOLDER, stdio: ['ignore', 'ignore', 'ignore'], shell: process.platform === 'win32' }).status === 0;

/** Installs what ours is measured against, in a folder of its own; answers whether it is there. */
export const installPeers = (): boolean => {
  const wanted = createHash('sha256')
    .update(readFileSync(join(FOLDER, 'package-lock.json')))
    .digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return true;
  say('installing the peers of bench/peers/package-lock.json');
  if (!npm('ci', '--ignore-scripts', '--no-audit', '--no-fund', '--engine-strict=false')) return false;
  const { allowScripts } = JSON.parse(readFileSync(join(FOLDER, 'package.json'), 'utf8')) as { allowScripts: Record<string, boolean> };
  const allowed = Object.keys(allowScripts).filter((name) => allowScripts[name] === true);
  if (!npm('rebuild', ...allowed)) say('a native module of a peer did not build');
  writeFileSync(STAMP, wanted);
  return true;
};

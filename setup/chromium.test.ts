import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mayInstallChromium } from './chromium.mjs';

test('a browser is installed where CI or the person says so, and else only named', () => {
  expect(mayInstallChromium(['node', 'install.mjs', '--browser'], {})).toBe(false);
  expect(mayInstallChromium(['node', 'install.mjs', '--browser', '--install-browser'], {})).toBe(true);
  expect(mayInstallChromium([], { CI: 'true' })).toBe(true);
  expect(mayInstallChromium([], { npm_config_install_browser: 'true' })).toBe(true);
  expect(mayInstallChromium([], { npm_config_install_browser: '' })).toBe(false);
});

test('npm hands --install-browser of a command on to the script before it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vc-npm-'));
  const say = 'node -e "console.log(process.env.npm_config_install_browser)"';
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, scripts: { pretest: say, test: 'node -v' } }));
  const env = { ...process.env, npm_config_install_browser: undefined };
  const run = (...args: readonly string[]): string => spawnSync('npm', ['test', ...args], { cwd: folder, encoding: 'utf8', env }).stdout;
  expect(run('--install-browser')).toMatch(/^true$/m);
  expect(run()).toMatch(/^undefined$/m);
  rmSync(folder, { recursive: true });
});

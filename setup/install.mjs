import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { findChromium, installChromium, mayInstallChromium } from './chromium.mjs';

const STAMP = 'node_modules/.valuecyber-setup';
const INSTALL_SCRIPTS_ALLOWED = Object.entries(JSON.parse(readFileSync('package.json', 'utf8')).allowScripts)
  .filter(([, allowed]) => allowed)
  .map(([name]) => name);

const run = (command, args) => {
  const result = spawnSync(command, args, { stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (result.status !== 0) {
    console.error(`setup: ${command} ${args.join(' ')} did not succeed`);
    process.exit(result.status ?? 1);
  }
};

const wanted = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');
const present = existsSync(STAMP) ? readFileSync(STAMP, 'utf8') : '';
if (present !== wanted) {
  console.error('setup: installing the packages of package-lock.json');
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--engine-strict=false']);
  run('npm', ['rebuild', ...INSTALL_SCRIPTS_ALLOWED]);
  writeFileSync(STAMP, wanted);
}

if (process.argv.includes('--browser') && findChromium() === undefined) {
  if (mayInstallChromium(process.argv, process.env)) installChromium();
  if (findChromium() === undefined) {
    console.error('setup: no Chromium was found. Install one with one of these, or name it in CHROMIUM_PATH:');
    console.error('  npm test --install-browser');
    console.error('  npx playwright install chromium');
    console.error('  sudo apt-get install chromium');
    process.exit(1);
  }
}

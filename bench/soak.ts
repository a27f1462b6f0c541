import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeFigure, isFigureWithin, type SoakFigure } from '../setup/soak-figure.ts';

const HELP = `Runs the heavy tests at full size, prints each figure beside its bar, and fails where one is missed.

  npm run soak                      all of them (hours)
  npm run soak -- --only S1,P6      those whose title names one of these rows of docs/attacks.md
`;

const ROOTS = ['protocol', 'spv', 'workers', 'web'];

const { values } = parseArgs({ options: { only: { type: 'string' }, help: { type: 'boolean', short: 'h' } } });
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const rows = (values.only ?? '').split(',').filter((row) => row !== '');
const wrong = rows.filter((row) => !/^[A-Z]{1,2}\d+$/.test(row));
if (wrong.length > 0) {
  console.error(`soak: ${wrong.join(', ')}: a row is a letter and a number, as S1`);
  process.exit(2);
}
const title = rows.length === 0 ? undefined : `\\b(${rows.join('|')})\\b`;

const heavy = ROOTS.flatMap((root) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.test\.tsx?$/.test(name))
    .map((name) => join(root, name)),
).filter((name) => {
  const text = readFileSync(name, 'utf8');
  return /VC_SOAK|soak-figure/.test(text) && (title === undefined || new RegExp(title).test(text));
});
if (heavy.length === 0) {
  console.error(`soak: no heavy test names ${rows.join(', ')}`);
  process.exit(2);
}

const scratch = mkdtempSync(join(tmpdir(), 'vc-soak-'));
const file = join(scratch, 'figures');
writeFileSync(file, '');
const args = ['node_modules/vitest/vitest.mjs', 'run', '--disableConsoleIntercept', '--maxWorkers=1', ...heavy];
if (title !== undefined) args.push('-t', title);
const { status } = spawnSync(process.execPath, args, { stdio: 'inherit', env: { ...process.env, VC_SOAK: '1', VC_SOAK_FIGURES: file } });
const figures = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as SoakFigure);
rmSync(scratch, { recursive: true, force: true });

console.log('');
for (const figure of figures) console.log(`${isFigureWithin(figure) ? 'holds ' : 'MISSED'} ${describeFigure(figure)}`);
const missed = figures.filter((figure) => !isFigureWithin(figure));
console.log(`\nsoak: ${figures.length} figures, ${missed.length} missed; tests ${status === 0 ? 'passed' : 'FAILED'}`);
process.exit(status === 0 && missed.length === 0 ? 0 : 1);

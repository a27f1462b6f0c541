import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildIfChanged } from '../setup/build.mjs';
import { describeFigure, isFigureWithin, type SoakFigure } from '../setup/soak-figure.ts';

const HELP = `Runs the heavy tests at full size, prints each figure beside its bar, and fails where one is missed.

  npm run soak                      all of them (hours)
  npm run soak -- --only S1,P6      those whose title names one of these rows of docs/attacks.md
`;

const UNIT = { roots: ['protocol', 'spv', 'workers', 'web'], files: /\.test\.tsx?$/ };
const JOURNEYS = { roots: ['e2e/journeys'], files: /\.spec\.ts$/ };

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

const findHeavy = ({ roots, files }: typeof UNIT): readonly string[] =>
  roots
    .flatMap((root) =>
      readdirSync(root, { recursive: true, encoding: 'utf8' })
        .filter((name) => files.test(name))
        .map((name) => join(root, name)),
    )
    .filter((name) => {
      const text = readFileSync(name, 'utf8');
      return /VC_SOAK|soak-figure/.test(text) && (title === undefined || new RegExp(title).test(text));
    });

const [heavy, journeys] = [findHeavy(UNIT), findHeavy(JOURNEYS)];
if (heavy.length + journeys.length === 0) {
  console.error(`soak: no heavy test names ${rows.join(', ')}`);
  process.exit(2);
}

const scratch = mkdtempSync(join(tmpdir(), 'vc-soak-'));
const file = join(scratch, 'figures');
writeFileSync(file, '');
const environment = { ...process.env, VC_SOAK: '1', VC_SOAK_FIGURES: file };
const run = (args: readonly string[]): boolean => spawnSync(process.execPath, args, { stdio: 'inherit', env: environment }).status === 0;

const runUnit = (): boolean => {
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--disableConsoleIntercept', '--maxWorkers=1', ...heavy];
  return run(title === undefined ? args : [...args, '-t', title]);
};

const runJourneys = (): boolean => {
  const args = ['node_modules/@playwright/test/cli.js', 'test', ...journeys];
  return buildIfChanged() && run(title === undefined ? args : [...args, '-g', title]);
};

const passed = [heavy.length === 0 || runUnit(), journeys.length === 0 || runJourneys()].every((each) => each);
const figures = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as SoakFigure);
rmSync(scratch, { recursive: true, force: true });

console.log('');
for (const figure of figures) console.log(`${isFigureWithin(figure) ? 'holds ' : 'MISSED'} ${describeFigure(figure)}`);
const missed = figures.filter((figure) => !isFigureWithin(figure));
console.log(`\nsoak: ${figures.length} figures, ${missed.length} missed; tests ${passed ? 'passed' : 'FAILED'}`);
process.exit(passed && missed.length === 0 ? 0 : 1);

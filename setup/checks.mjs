import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { commandOf, environment, runNode } from './node24.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'vc-checks-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

const whole = (name, args) => () => {
  const { status } = runNode(args);
  return { name, passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 };
};

const readReport = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
};

/** They start processes, kill them, or run networks for minutes: left to `npm test`, so that `npm run check` is run often. */
const INTEGRATION = [
  'protocol/node/devnet/devnet.test.ts',
  'protocol/node/simulator/simulator.test.ts',
  'protocol/node/proofs/hostile-proofs.test.ts',
  'protocol/node/store/store.test.ts',
  'protocol/node/sync/real-chain.test.ts',
  'protocol/node/network/header-flood.test.ts',
  'protocol/node/network/hostile.test.ts',
  'protocol/node/chain/fake-stake.test.ts',
  'protocol/node/chain/naive-computation.test.ts',
  'workers/cli/commands.test.ts',
  'workers/cli/devnet-commands.test.ts',
  'workers/cli/ledger-commands.test.ts',
  'workers/cli/node-process.test.ts',
  'workers/cli/vectors.test.ts',
  'setup/package.test.ts',
];

const vitest = (name, excluded) => () => {
  const report = join(scratch, 'unit.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { status } = runNode([commandOf('vitest'), 'run', ...reporters, ...excluded.flatMap((file) => ['--exclude', file])]);
  const result = readReport(report);
  const failed = Math.max(result?.numFailedTests ?? 0, status === 0 ? 0 : 1);
  return { name, passed: result?.numPassedTests ?? 0, failed, skipped: result?.numPendingTests ?? 0 };
};

/** What failed in a report of Playwright, with the first lines of why. */
const errorsOf = ({ specs = [], suites = [] }) => [
  ...specs
    .filter(({ ok }) => !ok)
    .flatMap(({ title, tests }) => tests.flatMap(({ results }) => results).map(({ error }) => `${title}\n${firstLines(error?.message)}`)),
  ...suites.flatMap(errorsOf),
];

const firstLines = (text = 'no message') => stripVTControlCharacters(text).split('\n').slice(0, 12).join('\n');

const playwright = () => {
  const report = join(scratch, 'e2e.json');
  const env = { ...environment, PLAYWRIGHT_JSON_OUTPUT_NAME: report };
  const { status } = runNode([commandOf('@playwright/test', 'playwright'), 'test', '--reporter=list,json'], { env });
  const { stats, suites = [] } = readReport(report) ?? {};
  const failed = Math.max((stats?.unexpected ?? 0) + (stats?.flaky ?? 0), status === 0 ? 0 : 1);
  const errors = suites.flatMap(errorsOf);
  return { name: 'journeys in Chromium', passed: stats?.expected ?? 0, failed, skipped: stats?.skipped ?? 0, errors };
};

export const CHECKS = {
  types: whole('types', [commandOf('typescript', 'tsc'), '-b']),
  lint: whole('lint, format, boundaries and cycles', [commandOf('@biomejs/biome', 'biome'), 'check', '--error-on-warnings']),
  deadCode: whole('dead code', [commandOf('knip')]),
  quick: vitest('unit, property and vector tests, without those that run networks', INTEGRATION),
  unit: vitest('unit, property, vector and network tests', []),
  build: whole('build', ['setup/build.mjs']),
  e2e: playwright,
};

/** Runs all, whatever fails; the last line says `N passed, N failed`. */
export const runChecks = (names) => {
  const results = names.map((name) => CHECKS[name]());
  console.log('');
  for (const { name, passed, failed, skipped } of results)
    console.log(
      `${failed === 0 ? 'ok    ' : 'FAILED'} ${name}: ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
    );
  for (const error of results.flatMap(({ errors = [] }) => errors)) console.log(`\n${error}`);
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  const failed = sum('failed');
  console.log(`\n${sum('passed')} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
};

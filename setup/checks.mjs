import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

const vitest = () => {
  const report = join(scratch, 'unit.json');
  const { status } = runNode([commandOf('vitest'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]);
  const result = readReport(report);
  const failed = Math.max(result?.numFailedTests ?? 0, status === 0 ? 0 : 1);
  return { name: 'unit, property and vector tests', passed: result?.numPassedTests ?? 0, failed, skipped: result?.numPendingTests ?? 0 };
};

const playwright = () => {
  const report = join(scratch, 'e2e.json');
  const env = { ...environment, PLAYWRIGHT_JSON_OUTPUT_NAME: report };
  const { status } = runNode([commandOf('@playwright/test', 'playwright'), 'test', '--reporter=list,json'], { env });
  const stats = readReport(report)?.stats;
  const failed = Math.max((stats?.unexpected ?? 0) + (stats?.flaky ?? 0), status === 0 ? 0 : 1);
  return { name: 'journeys in Chromium', passed: stats?.expected ?? 0, failed, skipped: stats?.skipped ?? 0 };
};

export const CHECKS = {
  types: whole('types', [commandOf('typescript', 'tsc'), '-b']),
  lint: whole('lint, format, boundaries and cycles', [commandOf('@biomejs/biome', 'biome'), 'check', '--error-on-warnings']),
  deadCode: whole('dead code', [commandOf('knip')]),
  unit: vitest,
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
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  const failed = sum('failed');
  console.log(`\n${sum('passed')} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
};

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { commandOf, environment, NODE } from './node24.mjs';

/**
 * Shows that the journeys about lying nodes can fail: in a copy of the last commit the wallet's check against one lie is taken
 * out, the wallet built without it, and the journey of that lie run against the honest rest. It has to fail.
 */
const MUTANTS = [
  {
    lie: 'a peer leaves out a coin',
    file: 'spv/proof/execute-job.ts',
    check: `  verifyRangesWhere((root) => equalBytes(computeStateRoot(withRoot(job, root)), job.stateRoot), job.ranges, job.proof);`,
    without: `  [job.ranges, ...job.ranges.map((_, left) => job.ranges.filter((_, place) => place !== left))]
    .map((ranges) => verifyRangesWhere((root) => equalBytes(computeStateRoot(withRoot(job, root)), job.stateRoot), ranges, job.proof))
    .reduce((first, next) => (isFault(first) && !isFault(next) ? next : first));`,
  },
  {
    lie: 'a peer makes coins larger',
    file: 'spv/proof/execute-job.ts',
    check: 'equalBytes(computeStateRoot(withRoot(job, root)), job.stateRoot)',
    without: 'withRoot(job, root) !== undefined',
  },
  {
    lie: 'a peer sends a header without stake',
    file: 'protocol/stake/check-header.ts',
    check: '  if (isFault(leaf)) return leaf;\n',
    without: '',
  },
  {
    lie: 'a peer replays an old tip',
    file: 'workers/chain/peer-book.ts',
    check: 'const STALE_GREETINGS = 3;',
    without: 'const STALE_GREETINGS = Number.POSITIVE_INFINITY;',
  },
];

const only = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'vc-mutants-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const run = (command, args) => spawnSync(command, args, { cwd: folder, env: environment, encoding: 'utf8' });

const orEnd = (what, { status, stdout, stderr }) => {
  if (status === 0) return;
  console.error(`mutants: ${what} did not succeed\n${stdout}\n${stderr}`);
  process.exit(2);
};

const build = (what) => orEnd(what, run(NODE, [commandOf('vite'), 'build', '--logLevel', 'warn']));
const journey = (lie) => run(NODE, [commandOf('@playwright/test', 'playwright'), 'test', 'lies', '-g', lie, '--reporter', 'line']);

orEnd('a copy of the last commit', spawnSync('git', ['clone', '-q', '.', folder], { encoding: 'utf8' }));
symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));

let survived = 0;
for (const { lie, file, check, without } of MUTANTS.filter(
  (mutant) => only.length === 0 || only.some((part) => mutant.lie.includes(part)),
)) {
  const path = join(folder, file);
  const source = readFileSync(path, 'utf8');
  if (source.split(check).length !== 2) {
    console.error(`mutants: ${file} no longer has the check against: ${lie}`);
    process.exit(2);
  }
  writeFileSync(
    path,
    source.replace(check, () => without),
  );
  build(`the wallet without the check against: ${lie}`);
  writeFileSync(path, source);
  const { status, stdout } = journey(lie);
  const ran = /\b1 (passed|failed)\b/.test(stdout);
  const caught = ran && status !== 0;
  if (!caught) survived++;
  console.log(`${caught ? 'fails, as it must' : 'PASSES'}: ${lie}, without the check in ${file}`);
  if (!ran) console.log(stdout);
}
console.log(`\nmutants: ${survived} survived`);
process.exit(survived === 0 ? 0 : 1);

import { Command } from 'commander';
import { installNodeCrypto } from '#protocol/node/crypto/node-crypto';
import { finish, say } from './finish.ts';
import { type FileReport, runVectors } from './run-vectors.ts';

interface VectorFlags {
  readonly dir: string;
  readonly json: boolean;
}

const describeReasons = ({ notApplicable }: FileReport): string => {
  const counts = new Map<string, number>();
  for (const { reason } of notApplicable) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => `\n       ${count} not applicable: ${reason}`).join('');
};

const describeReport = (report: FileReport): string => {
  const { file, cases, passed, failed } = report;
  const mark = failed.length > 0 ? 'FAIL' : passed > 0 ? 'ok  ' : '–   ';
  return `${mark} ${file}: ${passed} of ${cases} passed${describeReasons(report)}${failed.map((name) => `\n       failed: ${name}`).join('')}`;
};

const run = async ({ dir, json }: VectorFlags): Promise<number> => {
  installNodeCrypto();
  const reports: FileReport[] = [];
  await runVectors(dir, (report) => {
    reports.push(report);
    if (!json) process.stdout.write(`${describeReport(report)}\n`);
  });
  if (json) process.stdout.write(`${JSON.stringify(reports, undefined, 2)}\n`);
  const sum = (count: (of: FileReport) => number): number => reports.reduce((total, report) => total + count(report), 0);
  const failed = sum((report) => report.failed.length);
  say(`vectors: ${sum(({ passed }) => passed)} passed, ${failed} failed, ${sum((of) => of.notApplicable.length)} not applicable`);
  return failed > 0 || sum(({ passed }) => passed) === 0 ? 1 : 0;
};

const EXAMPLES = `
Examples:
  npm run vectors -- --dir ../vectors
  npm run vectors -- --dir ../vectors --json

Every file of the folder is reported: how many cases there were, which failed, and which do not apply here and why; a file
that no adapter knows is named as such. Exit code 1: a case failed, or there was nothing to run.`;

await new Command('vectors')
  .description('run the conformance adapters over a folder of test data made elsewhere')
  .requiredOption('--dir <folder>', 'the folder, laid out by origin: bips/, blocks/, core/, headers/, merkle/ …')
  .option('--json', 'print one JSON array on stdout: { file, cases, passed, failed, notApplicable }', false)
  .addHelpText('after', EXAMPLES)
  .action((flags: VectorFlags) => finish(() => run(flags)))
  .parseAsync();

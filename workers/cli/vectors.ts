import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { Command } from 'commander';
import { CONFORMANCE_FILES } from '#protocol/conformance/adapters';
import { Failure } from '#protocol/failure';
import { installNodeCrypto } from '#protocol/node/crypto/node-crypto';
import { finish, say } from './finish.ts';

interface VectorFlags {
  readonly dir: string;
  readonly json: boolean;
}

interface FileReport {
  readonly file: string;
  readonly cases: number;
  readonly passed: number;
  readonly failed: readonly string[];
  readonly notApplicable: readonly { readonly case: string; readonly reason: string }[];
}

const listFiles = async (folder: string): Promise<readonly string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new Failure('vectors-missing', cause);
  });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  return paths.map((path) => path.split(sep).join('/')).sort();
};

const read = async (path: string): Promise<Uint8Array> => new Uint8Array(await readFile(path));

const runFile = async (folder: string, file: string): Promise<FileReport | undefined> => {
  const adapter = CONFORMANCE_FILES[file];
  if (adapter === undefined) return undefined;
  try {
    const [contents, ...beside] = await Promise.all([file, ...adapter.beside].map((name) => read(join(folder, name))));
    return { file, ...adapter.run(contents ?? new Uint8Array(), ...beside) };
  } catch (error) {
    // a file that is not what its name says is a failed case of that file, not the end of the run
    return {
      file,
      cases: 1,
      passed: 0,
      failed: [`unreadable: ${error instanceof Error ? error.message : String(error)}`],
      notApplicable: [],
    };
  }
};

const describeReport = ({ file, cases, passed, failed, notApplicable }: FileReport): string =>
  `${failed.length === 0 ? 'ok  ' : 'FAIL'} ${file}: ${passed} of ${cases} passed, ${notApplicable.length} not applicable${
    failed.length === 0 ? '' : `\n${failed.map((name) => `       ${name}`).join('\n')}`
  }`;

const runVectors = async ({ dir, json }: VectorFlags): Promise<number> => {
  installNodeCrypto();
  const reports: FileReport[] = [];
  for (const file of await listFiles(dir)) {
    const report = await runFile(dir, file);
    if (report === undefined) continue;
    reports.push(report);
    process.stdout.write(json ? '' : `${describeReport(report)}\n`);
  }
  if (json) process.stdout.write(`${JSON.stringify(reports, undefined, 2)}\n`);
  if (reports.length === 0) say('vectors: no file of this folder has an adapter');
  return reports.some((report) => report.failed.length > 0) || reports.length === 0 ? 1 : 0;
};

const EXAMPLES = `
Examples:
  npm run vectors -- --dir ../vectors
  npm run vectors -- --dir ../vectors --json

Every file that has an adapter is run; a file's report says how many cases there were, which failed, and which do not
apply here and why. Exit code 1: a case failed, or there was nothing to run.`;

await new Command('vectors')
  .description('run the conformance adapters over a folder of test data made elsewhere')
  .requiredOption('--dir <folder>', 'the folder, laid out by origin: bips/, blocks/, core/, headers/, merkle/ …')
  .option('--json', 'print one JSON array on stdout', false)
  .addHelpText('after', EXAMPLES)
  .action((flags: VectorFlags) => finish(() => runVectors(flags)))
  .parseAsync();

import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { ConformanceReport } from '#protocol/conformance/report';
import { Failure } from '#protocol/failure';
import { VECTOR_FILES } from './vector-files.ts';

export interface FileReport extends ConformanceReport {
  readonly file: string;
}

/** What stands in a folder of vectors about the data and is none itself. */
const ABOUT = /(^|\/)(MANIFEST|README)\.md$|^LICENSES\//;

const listFiles = async (folder: string): Promise<readonly string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new Failure('vectors-missing', cause);
  });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  return paths.map((path) => path.split(sep).join('/')).sort();
};

const notRun = (file: string, reason: string): FileReport => ({
  file,
  cases: 1,
  passed: 0,
  failed: [],
  notApplicable: [{ case: file, reason }],
});

const read = async (path: string): Promise<Uint8Array> => new Uint8Array(await readFile(path));

const runFile = async (folder: string, file: string, present: ReadonlySet<string>): Promise<FileReport> => {
  const adapter = VECTOR_FILES[file];
  if (adapter === undefined) return notRun(file, ABOUT.test(file) ? 'a text about the data' : 'no adapter knows this file');
  const missing = adapter.beside.filter((other) => !present.has(other));
  if (missing.length > 0) return notRun(file, `it says nothing without ${missing.join(', ')}`);
  const [contents, ...beside] = await Promise.all([file, ...adapter.beside].map((name) => read(join(folder, name))));
  try {
    return { file, ...(await adapter.run(contents ?? new Uint8Array(), ...beside)) };
  } catch (error) {
    // a file that is not what its name says is a failed case of that file, not the end of the run
    const reason = error instanceof Error ? error.message : String(error);
    return { file, cases: 1, passed: 0, failed: [`unreadable: ${reason}`], notApplicable: [] };
  }
};

/**
 * Runs every file of a folder of test data, in the order of their paths; one that nothing knows is reported as such.
 *
 * @throws Failure `vectors-missing`: no such folder
 * @source SPEC CW42
 */
export const runVectors = async (folder: string, report: (of: FileReport) => void): Promise<void> => {
  const files = await listFiles(folder);
  const present = new Set(files);
  for (const file of files) report(await runFile(folder, file, present));
};

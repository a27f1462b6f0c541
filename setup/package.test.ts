import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const LINK = 'valuecyber:dvc1qpln0pwv8vd8ur3qxpgghs59a3r7kglanq907jy?amount=1.5';
const SAYS = '1.5 short 1 false 0';
const COMPILER = 'node_modules/typescript/bin/tsc';

mkdirSync('dist', { recursive: true });
/** Inside the repository, so that the package finds its dependencies as an installed one would. */
const consumer = resolve(mkdtempSync('dist/.consumer-'));
const installed = join(consumer, 'node_modules', 'valuecyber');
afterAll(() => rmSync(consumer, { recursive: true, force: true }));

const run = (command: string, args: readonly string[], cwd = '.') => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  return { status, stdout, stderr };
};

const put = (name: string, text: string): void => writeFileSync(join(consumer, name), text);

/** Copies exactly the files that `npm pack` would put into the package. */
const install = (): readonly string[] => {
  const { stdout } = run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts']);
  const [{ files }] = JSON.parse(stdout) as [{ files: readonly { path: string }[] }];
  for (const { path } of files) {
    mkdirSync(dirname(join(installed, path)), { recursive: true });
    cpSync(path, join(installed, path));
  }
  return files.map(({ path }) => path);
};

describe('the package', () => {
  let files: readonly string[] = [];
  beforeAll(() => {
    expect(run(process.execPath, [COMPILER, '-b', 'workers/cli'])).toMatchObject({ status: 0 });
    files = install();
    cpSync('setup/consumer/consumer.ts', join(consumer, 'consumer.ts'));
    put('package.json', '{ "name": "consumer", "private": true, "type": "module" }');
    put('main.ts', `import { consume } from './consumer.ts';\nconsole.log(consume('${LINK}'));\n`);
  }, 120_000);

  test('holds what is built, and nothing that only tests need', () => {
    for (const needed of ['dist/protocol/index.js', 'dist/protocol/index.d.ts', 'dist/spv/index.js', 'dist/workers/cli/vc.js', 'LICENSE'])
      expect(files).toContain(needed);
    expect(
      files.filter((path) => /\.test\.|\/test-|conformance|fixture|simulator|\.tsbuild|\.ts$/.test(path) && !path.endsWith('.d.ts')),
    ).toEqual([]);
  });

  test('is imported by Node as it is built, without any condition', () => {
    expect(run(process.execPath, ['main.ts'], consumer)).toEqual({ status: 0, stdout: `${SAYS}\n`, stderr: '' });
    const light = "import('valuecyber/light').then(({ LightClient }) => console.log(typeof LightClient.open))";
    expect(run(process.execPath, ['-e', light], consumer)).toMatchObject({ status: 0, stdout: 'function\n' });
  });

  test('has types that a strict compiler accepts, its own declarations included', () => {
    const compilerOptions = {
      target: 'es2023',
      module: 'nodenext',
      lib: ['es2024', 'dom'],
      types: [],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      allowImportingTsExtensions: true,
      skipLibCheck: false,
      noEmit: true,
    };
    put('tsconfig.json', JSON.stringify({ compilerOptions, files: ['consumer.ts'] }));
    expect(run(process.execPath, [resolve(COMPILER), '-p', consumer])).toMatchObject({ status: 0, stdout: '' });
    const wrong = readFileSync(join(consumer, 'consumer.ts'), 'utf8').replace('amount: bigint', 'amount: string');
    put('consumer.ts', wrong);
    expect(run(process.execPath, [resolve(COMPILER), '-p', consumer]).status).not.toBe(0);
    cpSync('setup/consumer/consumer.ts', join(consumer, 'consumer.ts'));
  });

  test('is bundled for a browser, with nothing of Node in it and nothing left to resolve', async () => {
    const built = await build({
      configFile: false,
      root: consumer,
      logLevel: 'silent',
      build: { write: false, minify: false, target: 'es2023', lib: { entry: 'consumer.ts', formats: ['es'] } },
    });
    const [output] = Array.isArray(built) ? built : [];
    const chunk = output?.output[0];
    if (chunk?.type !== 'chunk') throw new Error('no bundle');
    expect([...chunk.imports, ...chunk.dynamicImports]).toEqual([]);
    expect(chunk.code).not.toMatch(/\bfrom\s*["'](?:node:|#|valuecyber)|__vite-browser-external|\brequire\(/);
    put('bundle.mjs', chunk.code);
    put('run.mjs', `import { consume } from './bundle.mjs';\nconsole.log(consume('${LINK}'));\n`);
    rmSync(installed, { recursive: true });
    expect(run(process.execPath, ['run.mjs'], consumer)).toEqual({ status: 0, stdout: `${SAYS}\n`, stderr: '' });
  }, 60_000);
});

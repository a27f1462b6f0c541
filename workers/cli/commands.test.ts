import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { concatBytes } from '#protocol/codec/bytes';

const VECTORS = process.env.VC_VECTORS ?? '';
const SCHNORR = 'bips/bip-0340_schnorr.csv';
const AES = 'wycheproof/aes_gcm_test.json';

const scratch = mkdtempSync(join(tmpdir(), 'vc-commands-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Runs a command as `npm run` and a shell do. */
const run = async (file: string, args: readonly string[], input: Uint8Array = new Uint8Array()) => {
  const child = spawn(process.execPath, ['setup/run.mjs', file, ...args], { stdio: 'pipe' });
  const written = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (written.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (written.err += chunk.toString()));
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number];
  return { ...written, code };
};
const vc = (...args: readonly string[]) => run('workers/cli/vc.ts', args);
const vectors = (...args: readonly string[]) => run('workers/cli/vectors.ts', args);

const copyVectors = (name: string, ...files: readonly string[]): string => {
  const folder = join(scratch, name);
  mkdirSync(folder, { recursive: true });
  for (const file of files) cpSync(join(VECTORS, file), join(folder, file), { recursive: true });
  return folder;
};

describe('help', () => {
  test.each([
    [[], ['devnet', 'node', 'light', 'inspect', 'psbt', 'policy', 'verify-message']],
    [['node'], ['--solo', '--verify', 'staker-keys', 'SIGTERM']],
    [['devnet'], ['--prefill', 'http://localhost:8480/']],
    [['light'], ['--json', '--network']],
    [['inspect'], ['--file', '--root', 'backup']],
    [['policy'], ['show']],
    [['psbt'], ['combine', 'finalize', 'extract']],
    [['verify-message'], ['signature']],
  ])('CW13 CW43 ND44 vc %j --help says what it is for, what it takes, and shows it by examples', async (command, words) => {
    const { out, err, code } = await vc(...command, '--help');
    expect([code, err]).toEqual([0, '']);
    for (const word of ['Usage: vc', 'Examples:', ...words]) expect(out).toContain(word);
  });

  test('CW13 without a command the same help is shown; an unknown one ends with 1 and says where help is', async () => {
    expect((await vc()).out).toBe((await vc('--help')).out);
    const unknown = await vc('nothing');
    expect([unknown.code, unknown.out]).toEqual([1, '']);
    expect(unknown.err).toContain('--help');
  });
});

describe('inspect', () => {
  test('CW13 reads the clear part of a vault from a file and from stdin, and ends with 1 where there is a fault', async () => {
    const head = Uint8Array.of(0, 0, 1, 0, 3, 0, 0, 0, 1, ...new Uint8Array(40 + 64));
    const vault = concatBytes(new TextEncoder().encode('VCV1'), head);
    const file = join(scratch, 'vault');
    writeFileSync(file, vault);
    const wanted = { kind: 'vault', fields: { kdf: { memory: 65_536, passes: 3, lanes: 1 }, sealedBytes: 64 }, faults: [] };
    const [fromFile, fromStdin] = [await vc('inspect', '--file', file), await run('workers/cli/vc.ts', ['inspect'], vault)];
    for (const { code, out } of [fromFile, fromStdin]) {
      expect(code).toBe(0);
      expect(JSON.parse(out)).toMatchObject(wanted);
    }
    const short = await run('workers/cli/vc.ts', ['inspect'], vault.subarray(0, 20));
    expect(short.code).toBe(1);
    expect(JSON.parse(short.out)).toMatchObject({ faults: [{ fault: 'sealed-file-size' }] });
    expect(await vc('inspect', '--file', join(scratch, 'nowhere'))).toEqual({ code: 1, out: '', err: 'vc: file-unreadable\n' });
  });
});

describe.skipIf(!existsSync(VECTORS))('vectors', () => {
  test('CW42 prints one JSON array, a report for each file, and ends with 0', async () => {
    const { out, err, code } = await vectors('--dir', copyVectors('good', SCHNORR, AES), '--json');
    expect(code).toBe(0);
    const reports = JSON.parse(out) as readonly Record<string, unknown>[];
    for (const report of reports) expect(Object.keys(report).sort()).toEqual(['cases', 'failed', 'file', 'notApplicable', 'passed']);
    expect(reports).toMatchObject([
      { file: SCHNORR, cases: 19, passed: 19, failed: [], notApplicable: [] },
      {
        file: AES,
        cases: 316,
        passed: 0,
        failed: [],
        notApplicable: { length: 316, 0: { case: expect.any(String) as string, reason: /VT1/ } },
      },
    ]);
    expect(err).toBe('vectors: 19 passed, 0 failed, 316 not applicable\n');
  });

  test('CW42 ends with 1 and names the case where one fails', async () => {
    const folder = copyVectors('bad', SCHNORR);
    const path = join(folder, SCHNORR);
    writeFileSync(path, readFileSync(path, 'utf8').replace(',TRUE,', ',FALSE,'));
    const asJson = await vectors('--dir', folder, '--json');
    expect(asJson.code).toBe(1);
    expect(JSON.parse(asJson.out)).toMatchObject([{ cases: 19, passed: 18, failed: ['0 '] }]);
    const asText = await vectors('--dir', folder);
    expect(asText.code).toBe(1);
    expect(asText.out).toContain(`FAIL ${SCHNORR}: 18 of 19 passed\n       failed: 0`);
  });

  test('CW42 ends with 1 without a folder, with one that is not there, and with one where nothing is to be run', async () => {
    const without = await vectors();
    expect([without.code, without.out]).toEqual([1, '']);
    expect(without.err).toContain('--dir');
    expect(await vectors('--dir', join(scratch, 'nowhere'))).toEqual({ code: 1, out: '', err: 'vc: vectors-missing\n' });
    expect(await vectors('--dir', copyVectors('empty'), '--json')).toMatchObject({ code: 1, out: '[]\n' });
  });
});

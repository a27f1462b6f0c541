import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { readOrMakeSecret, readStakerKeys, writeFileWhole } from './node-folder.ts';
import { vc } from './run-fixture.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
  process.exitCode = 0;
});

const makeFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'vc-cli-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

describe('commands', () => {
  test('ND44 --help says what each is for, with examples', async () => {
    const node = await vc('node', '--help');
    expect(node.code).toBe(0);
    for (const word of ['--solo', '--verify', '--network', 'staker-keys', 'network.json', 'Examples']) expect(node.out).toContain(word);
    const devnet = await vc('devnet', '--help');
    for (const word of ['--prefill', '--ports', '--data', 'http://localhost:8480/']) expect(devnet.out).toContain(word);
  });

  test('ND44 a network that is not launched, a missing folder, a wrong port end with a code', async () => {
    for (const network of ['main', 'test']) {
      const outcome = await vc('node', '--network', network, '--data', makeFolder());
      expect([outcome.code, outcome.out, outcome.err]).toEqual([1, '', 'vc: network-not-launched\n']);
    }
    expect(await vc('node', '--data', makeFolder())).toMatchObject({ code: 1, err: 'vc: network-file-missing\n' });
    const folder = makeFolder();
    writeFileSync(join(folder, 'network.json'), '{"name":"dev"}');
    expect(await vc('node', '--data', folder)).toMatchObject({ code: 1, err: expect.stringContaining('vc: network-file (') });
    expect(await vc('node', '--http', '70000')).toMatchObject({ code: 1, out: '' });
    expect(await vc('node', '--network', 'other')).toMatchObject({ code: 1, out: '' });
    expect(await vc('devnet', '--prefill', '-3')).toMatchObject({ code: 1, out: '' });
  });

  test('ND44 secrets of the folder are made once, kept from others, and refused when they are not whole', async () => {
    const folder = makeFolder();
    const first = await readOrMakeSecret(folder, 'token');
    expect(await readOrMakeSecret(folder, 'token')).toEqual(first);
    expect(statSync(join(folder, 'token')).mode & 0o077).toBe(0);
    writeFileSync(join(folder, 'token'), 'abcd');
    await expect(readOrMakeSecret(folder, 'token')).rejects.toMatchObject({ code: 'secret-file' });
    expect(await readStakerKeys(folder)).toEqual([]);
    await writeFileWhole(join(folder, 'staker-keys'), `${'11'.repeat(32)}\n${'22'.repeat(32)}\n`);
    expect((await readStakerKeys(folder)).map(([byte]) => byte)).toEqual([0x11, 0x22]);
    await writeFileWhole(join(folder, 'staker-keys'), '11');
    await expect(readStakerKeys(folder)).rejects.toMatchObject({ code: 'secret-file' });
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeHex } from '#protocol/codec/hex';
import { installNodeCrypto } from '#protocol/node/crypto/node-crypto';
import { DEVELOPMENT_PHRASE, DevelopmentKeys } from '#protocol/node/devnet/dev-keys';
import { DEV_PARAMETERS, MAIN_PARAMETERS, TEST_PARAMETERS } from '#protocol/params/networks';
import { decodeRealName, encodeRealName } from '#protocol/records/real-name';
import { readKey, readKeys } from './keys.ts';
import { readDue, termsOf } from './term.ts';

const folder = mkdtempSync(join(tmpdir(), 'vc-keys-'));
const words = join(folder, 'words');
beforeAll(() => {
  installNodeCrypto();
  writeFileSync(words, `${DEVELOPMENT_PHRASE.toUpperCase()}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const none = { dev: [], path: [] };
const dev = (name: string, parameters = DEV_PARAMETERS) => readKey(name, none, parameters);

describe('keys of commands', () => {
  test('BD14 published keys are those of the development phrase, and work nowhere else', async () => {
    const member = await dev('member:0');
    expect(member.publicKey).toEqual(new DevelopmentKeys().member(0).publicKey);
    expect(await readKey("m/7743'/1'/1'/0", { ...none, words }, DEV_PARAMETERS)).toMatchObject({ secret: member.secret });
    expect(await readKey("m/7743'/1'/2'/3", { ...none, words }, DEV_PARAMETERS)).toMatchObject({ secret: (await dev('agent:3')).secret });
    const account = await dev('account:1');
    expect(account).toEqual({ ...(await readKey("m/7743'/1'/3'/1'", { ...none, words }, DEV_PARAMETERS)), name: 'account:1' });
    const value = encodeRealName({ xpub: account.xpub!, commitment: new Uint8Array(32), parent: new Uint8Array(20) });
    expect(decodeRealName(value)).toMatchObject({ xpub: account.xpub });
    for (const parameters of [TEST_PARAMETERS, MAIN_PARAMETERS])
      await expect(dev('member:0', parameters)).rejects.toMatchObject({ code: 'dev-key-network' });
  });

  test('BD14 keys come in their order, the first receiving key of the words where no path is named', async () => {
    const keys = await readKeys({ dev: ['agent:0'], words, path: ["m/84'/1'/0'/0/5", "m/84'/1'/0'/0/4"] }, DEV_PARAMETERS);
    expect(keys.map(({ name }) => name)).toEqual(['agent:0', "m/84'/1'/0'/0/5", "m/84'/1'/0'/0/4"]);
    expect((await readKeys({ ...none, words }, DEV_PARAMETERS)).map(({ name }) => name)).toEqual(["m/84'/1'/0'/0/0"]);
    expect((await readKeys({ ...none, words }, MAIN_PARAMETERS)).map(({ name }) => name)).toEqual(["m/84'/22083'/0'/0/0"]);
  });

  test('BD14 what is no key is refused by a code that tells nothing of it', async () => {
    for (const name of ['boss:0', 'member:', 'member:-1', 'm', 'm/', 'm/x', encodeHex(new Uint8Array(32))])
      await expect(dev(name)).rejects.toMatchObject({ code: 'key-name' });
    await expect(readKey('m/4294967296', { ...none, words }, DEV_PARAMETERS)).rejects.toMatchObject({ code: 'key-name' });
    await expect(dev('m/0')).rejects.toMatchObject({ code: 'words-missing' });
    await expect(readKey('m/0', { ...none, words: join(folder, 'none') }, DEV_PARAMETERS)).rejects.toMatchObject({
      code: 'words-unreadable',
    });
    writeFileSync(join(folder, 'short'), 'orange ripple');
    await expect(readKey('m/0', { ...none, words: join(folder, 'short') }, DEV_PARAMETERS)).rejects.toMatchObject({ code: 'words-count' });
  });

  test('BD5 a term is blocks, a height or a date, and one thing at a time', () => {
    expect(termsOf({ term: 100, instalments: 3 })).toEqual([100, 200, 300].map((blocks) => ({ kind: 'blocks', blocks })));
    expect(termsOf({ due: readDue('2027-03-31T12:00:00Z') })).toEqual([{ kind: 'expiry', lockTime: 1_806_494_400 }]);
    expect(readDue('1234')).toBe(1_234);
    for (const text of ['tomorrow', '2027-13-01', '31.3.2027', '-5']) expect(() => readDue(text)).toThrow('a height, or a date');
    expect(() => termsOf({})).toThrow('term-missing');
    expect(() => termsOf({ term: 1, due: 2 })).toThrow('term-missing');
    expect(() => termsOf({ due: 2, instalments: 2 })).toThrow('term-instalments');
  });
});

import type { Page } from '@playwright/test';
import { mnemonicToEntropy, mnemonicToSeed } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { encodeHex } from '../../protocol/codec/hex.ts';
import { deriveMasterKey, type HdKey } from '../../protocol/crypto/hd-key.ts';
import { readHeaps } from '../network/heap.ts';
import { expect, test } from './fixtures.ts';
import { createWallet, goTo, PASSWORD, prepare, takeFromFaucet } from './person.ts';

interface Kept {
  readonly place: string;
  /** bytes as one character each */
  readonly text: string;
}

const ACCOUNT = "m/84'/1'/0'";

const asCharacters = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

const formsOf = (bytes: Uint8Array): readonly string[] => [
  asCharacters(bytes),
  encodeHex(bytes),
  Buffer.from(bytes).toString('base64'),
  Buffer.from(bytes).toString('base64url'),
];

const keyForms = (key: HdKey): readonly string[] => [key.toBase58(), ...formsOf(Uint8Array.from(key.privateKey ?? []))];

/** Everything that would give the wallet away, in every form in which it could lie about. */
const secretsOf = async (words: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> => {
  const phrase = words.join(' ');
  const seed = await mnemonicToSeed(phrase);
  const master = deriveMasterKey(seed, 'test');
  const account = master.derivePath(ACCOUNT);
  return new Map([
    ['password', [PASSWORD]],
    ['words', [phrase, words.join(), JSON.stringify(words.slice(0, 3)).slice(1, -1), words.slice(0, 3).join('</')]],
    ['entropy', formsOf(mnemonicToEntropy(phrase, wordlist))],
    ['seed', formsOf(seed)],
    ['master key', keyForms(master)],
    ['account key', keyForms(account)],
    ['address key', keyForms(account.derive(0).derive(0))],
  ]);
};

const readEverything = (page: Page): Promise<readonly Kept[]> =>
  page.evaluate(async () => {
    const characters = (bytes: Uint8Array): string => {
      let text = '';
      for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
      return text;
    };
    const flat = (value: unknown): string => {
      if (value instanceof ArrayBuffer) return characters(new Uint8Array(value));
      if (ArrayBuffer.isView(value)) return characters(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
      if (typeof value === 'object' && value !== null)
        return Object.entries(value)
          .map(([key, one]) => `${key} ${flat(one)}`)
          .join('\n');
      return String(value);
    };
    const asked = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const kept: Kept[] = [
      { place: 'localStorage', text: flat({ ...localStorage }) },
      { place: 'sessionStorage', text: flat({ ...sessionStorage }) },
      { place: 'cookie', text: document.cookie },
      { place: 'address', text: `${location.href} ${document.referrer} ${document.title}` },
      { place: 'history', text: flat(history.state) },
      { place: 'name', text: window.name },
      { place: 'page', text: document.documentElement.outerHTML },
      {
        place: 'fields',
        text: [...document.querySelectorAll('input, textarea')].map((field) => (field as HTMLInputElement).value).join('\n'),
      },
    ];
    for (const { name } of await indexedDB.databases()) {
      const db = await asked(indexedDB.open(name ?? ''));
      for (const table of db.objectStoreNames) {
        const store = db.transaction(table).objectStore(table);
        kept.push({ place: 'indexedDB', text: flat([await asked(store.getAllKeys()), await asked(store.getAll())]) });
      }
      db.close();
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const answer = await cache.match(request);
        kept.push({
          place: 'cache',
          text: `${request.url} ${characters(new Uint8Array((await answer?.arrayBuffer()) ?? new ArrayBuffer()))}`,
        });
      }
    }
    return kept;
  });

const find = (kept: readonly Kept[], forms: readonly string[]): readonly string[] => [
  ...new Set(kept.filter(({ text }) => forms.some((form) => text.includes(form))).map(({ place }) => place)),
];

const seeWords = async (page: Page): Promise<readonly string[]> => {
  await goTo(page, '/backup');
  await page.getByLabel('Password, to see the words').fill(PASSWORD);
  await page.getByRole('button', { name: 'Show my words' }).click();
  const items = page.getByRole('list', { name: 'Your recovery words' }).getByRole('listitem');
  await expect(items).toHaveCount(12, { timeout: 60_000 });
  return (await items.allInnerTexts()).map((text) => text.replace(/[^a-z]/g, ''));
};

const lock = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Lock', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Wallet locked' })).toBeVisible();
};

test('W4 after the wallet was locked no password, word, seed or key lies anywhere in the browser or in its memory', async ({ arrive }) => {
  const said: Kept[] = [];
  const { page } = await arrive(async (opened) => {
    opened.on('console', (message) => said.push({ place: 'console', text: message.text() }));
    opened.on('framenavigated', (frame) => said.push({ place: 'navigation', text: frame.url() }));
  });
  await createWallet(page);
  await takeFromFaucet(page);
  await prepare(page, 'dvc1q9y6qww8vce36v2px5slk4z0xzq66wztjjw4s6k', '0.01');
  await page.getByRole('button', { name: 'Send 0.01 VC' }).click();
  await expect(page.getByRole('heading', { name: 'Sent' })).toBeVisible();
  const words = await seeWords(page);
  const secrets = await secretsOf(words);
  await page.getByLabel('Password, to seal the file').fill(PASSWORD);
  expect(find(await readEverything(page), [PASSWORD]), 'what is shown is found').toContain('fields');
  const publicKey = deriveMasterKey(await mnemonicToSeed(words.join(' ')), 'test')
    .derivePath(ACCOUNT)
    .neutered()
    .toBase58();
  await page.getByRole('button', { name: 'Hide words' }).click();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await lock(page);
  const heaps = (await readHeaps(page)).map(({ thread, strings }) => ({ place: `heap of ${thread}`, text: strings.join('\n') }));
  const kept = [...(await readEverything(page)), ...heaps, ...said];
  expect(find(kept, [publicKey]), 'what is kept is found').toEqual(['indexedDB', 'heap of chain']);
  expect(kept.filter(({ place }) => place === 'cache').length, 'the files of the app are looked through').toBeGreaterThan(10);
  for (const [name, forms] of secrets) expect(find(kept, forms), name).toEqual([]);
});

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  acceptedVersion,
  acceptVersion,
  type Fetching,
  keepRelease,
  keptFile,
  preparedVersion,
  type Release,
  readRelease,
} from './release-cache.ts';

const text = (bytes: string): ArrayBuffer => new TextEncoder().encode(bytes).buffer as ArrayBuffer;
const sha256 = (bytes: ArrayBuffer): ArrayBuffer => new Uint8Array(createHash('sha256').update(new Uint8Array(bytes)).digest()).buffer;
const hex = (bytes: string): string => Buffer.from(sha256(text(bytes))).toString('hex');

const memoryCaches = (): CacheStorage => {
  const caches = new Map<string, Map<string, Response>>();
  const open = async (name: string) => {
    const entries = caches.get(name) ?? new Map<string, Response>();
    caches.set(name, entries);
    return {
      match: async (path: string) => entries.get(path)?.clone(),
      put: async (path: string, answer: Response) => void entries.set(path, answer),
    };
  };
  return { open, keys: async () => [...caches.keys()], delete: async (name: string) => caches.delete(name) } as unknown as CacheStorage;
};

const releaseOf = (version: string, files: Record<string, string>): Release => ({
  version,
  files: Object.entries(files).map(([path, content]) => ({ path, sha256: hex(content) })),
});

const serving = (storage: CacheStorage, files: Record<string, string>): Fetching => ({
  storage,
  fetch: async (path) => (files[path] === undefined ? new Response('', { status: 404 }) : new Response(files[path])),
  sha256: async (bytes) => sha256(bytes),
});

const first = { '/index.html': 'one', '/assets/a-1.js': 'a1' };
const second = { '/index.html': 'two', '/assets/a-2.js': 'a2' };

describe('versions kept by the service worker', () => {
  test('WB11 W7 keeps a version only if every file matches its hash', async () => {
    const storage = memoryCaches();
    const altered = serving(storage, { ...first, '/assets/a-1.js': 'evil' });
    expect(await keepRelease(altered, releaseOf('1', first))).toBe(false);
    expect(await preparedVersion(storage)).toBeUndefined();
    expect(await storage.keys()).not.toContain('vc-files-1');
    expect(await keepRelease(serving(storage, { '/index.html': 'one' }), releaseOf('1', first))).toBe(false);
    expect(await keepRelease(serving(storage, first), releaseOf('1', first))).toBe(true);
  });

  test('WB11 W7 serves the accepted version, whatever else is kept', async () => {
    const storage = memoryCaches();
    expect(await keptFile(storage, '/index.html')).toBeUndefined();
    await keepRelease(serving(storage, first), releaseOf('1', first));
    await acceptVersion(storage, '1');
    await keepRelease(serving(storage, second), releaseOf('2', second));
    expect(await preparedVersion(storage)).toBe('2');
    expect(await (await keptFile(storage, '/'))?.text()).toBe('one');
    await acceptVersion(storage, '2');
    expect(await acceptedVersion(storage)).toBe('2');
    expect(await (await keptFile(storage, '/index.html'))?.text()).toBe('two');
  });

  test('WB11 leaves hashed files of the version before to tabs that still run it, and nothing older', async () => {
    const storage = memoryCaches();
    for (const [version, files] of [
      ['1', first],
      ['2', second],
      ['3', { '/index.html': 'three' }],
    ] as const) {
      await keepRelease(serving(storage, files), releaseOf(version, files));
      await acceptVersion(storage, version);
      if (version === '2') expect(await (await keptFile(storage, '/assets/a-1.js'))?.text()).toBe('a1');
    }
    expect(await keptFile(storage, '/assets/a-1.js')).toBeUndefined();
    expect(await (await keptFile(storage, '/assets/a-2.js'))?.text()).toBe('a2');
  });

  test('WB11 takes a list of files only as the build writes it', () => {
    const good = releaseOf('1', first);
    expect(readRelease(good)).toEqual(good);
    for (const bad of [
      null,
      'x',
      {},
      { version: 1, files: [] },
      { version: '1', files: [{ path: 'x', sha256: '' }] },
      { version: '1', files: Array(501).fill(good.files[0]) },
    ])
      expect(readRelease(bad)).toBeUndefined();
  });
});

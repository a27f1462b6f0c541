/** What one version of the app is made of. */
export interface Release {
  readonly version: string;
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
}

const MOST_FILES = 500;
const RECORDS = 'vc-records';
const ACCEPTED = '/accepted';
const PREPARED = '/prepared';
const PREFIX = 'vc-files-';

const isFile = (value: unknown): value is Release['files'][number] =>
  typeof value === 'object' &&
  value !== null &&
  'path' in value &&
  'sha256' in value &&
  typeof value.path === 'string' &&
  value.path.startsWith('/') &&
  typeof value.sha256 === 'string';

/** A list of files as the build writes it, or undefined. */
export const readRelease = (value: unknown): Release | undefined => {
  if (typeof value !== 'object' || value === null || !('version' in value) || !('files' in value)) return undefined;
  const { version, files } = value;
  if (typeof version !== 'string' || !Array.isArray(files) || files.length > MOST_FILES || !files.every(isFile)) return undefined;
  return { version, files };
};

const cacheName = (version: string): string => `${PREFIX}${version}`;

const readRecord = async (storage: CacheStorage, name: string): Promise<string | undefined> =>
  (await (await storage.open(RECORDS)).match(name))?.text();

const writeRecord = async (storage: CacheStorage, name: string, version: string): Promise<void> =>
  (await storage.open(RECORDS)).put(name, new Response(version));

/** The version that is served, whatever the service worker's own. @source SPEC WB11 */
export const acceptedVersion = (storage: CacheStorage): Promise<string | undefined> => readRecord(storage, ACCEPTED);

export const preparedVersion = (storage: CacheStorage): Promise<string | undefined> => readRecord(storage, PREPARED);

const hex = (bytes: ArrayBuffer): string => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

export interface Fetching {
  readonly storage: CacheStorage;
  readonly fetch: (path: string) => Promise<Response>;
  readonly sha256: (bytes: ArrayBuffer) => Promise<ArrayBuffer>;
}

const keepFile = async ({ fetch, sha256 }: Fetching, cache: Cache, file: Release['files'][number]): Promise<boolean> => {
  const answer = await fetch(file.path);
  if (!answer.ok) return false;
  const copy = answer.clone();
  if (hex(await sha256(await answer.arrayBuffer())) !== file.sha256) return false;
  await cache.put(file.path, copy);
  return true;
};

/**
 * Fetches every file of a version and keeps it only if each matches its hash; a version kept in part is deleted.
 *
 * @source SPEC WB11
 */
export const keepRelease = async (fetching: Fetching, release: Release): Promise<boolean> => {
  const name = cacheName(release.version);
  const cache = await fetching.storage.open(name);
  await cache.put('/version.json', Response.json(release));
  for (const file of release.files) {
    if (await keepFile(fetching, cache, file).catch(() => false)) continue;
    await fetching.storage.delete(name);
    return false;
  }
  await writeRecord(fetching.storage, PREPARED, release.version);
  return true;
};

/** From here on `version` is what is served; the one before stays for tabs that still run it, older ones go. @source SPEC WB11 */
export const acceptVersion = async (storage: CacheStorage, version: string): Promise<void> => {
  const before = await acceptedVersion(storage);
  await writeRecord(storage, ACCEPTED, version);
  const kept = [version, before].filter((one) => one !== undefined).map(cacheName);
  for (const name of await storage.keys()) if (name.startsWith(PREFIX) && !kept.includes(name)) await storage.delete(name);
};

/** The kept file for a path: of the accepted version, else (only hashed names) of the one before. */
export const keptFile = async (storage: CacheStorage, path: string): Promise<Response | undefined> => {
  const version = await acceptedVersion(storage);
  if (version === undefined) return undefined;
  const accepted = await (await storage.open(cacheName(version))).match(path === '/' ? '/index.html' : path);
  if (accepted !== undefined || !path.startsWith('/assets/')) return accepted;
  for (const name of await storage.keys()) {
    const found = name.startsWith(PREFIX) ? await (await storage.open(name)).match(path) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
};

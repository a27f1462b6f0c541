import { readFile } from 'node:fs/promises';
import { basename, extname, join, normalize, resolve, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/** Where the built wallet lies: beside the built protocol, or under dist when this runs from source. */
export const defaultWebFolder = (): string => {
  const root = resolve(import.meta.dirname, '../../..');
  return basename(root) === 'dist' ? join(root, 'web') : join(root, 'dist', 'web');
};

export interface WebFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly cache: string;
}

const inside = (folder: string, path: string): string | undefined => {
  const root = resolve(folder);
  const file = join(root, normalize(path));
  return file.startsWith(root + sep) ? file : undefined;
};

const read = async (file: string): Promise<Uint8Array<ArrayBuffer> | undefined> => {
  try {
    return new Uint8Array(await readFile(file));
  } catch {
    return undefined;
  }
};

const isHashed = (path: string): boolean => path.startsWith('/assets/');

/** A file of the built wallet; paths without an extension are screens and get its one page. Dot files are not served. */
export const readWebFile = async (folder: string, path: string): Promise<WebFile | undefined> => {
  const wanted = extname(path) === '' ? '/index.html' : path;
  const type = TYPES[extname(wanted)];
  const file = inside(folder, wanted);
  if (type === undefined || file === undefined || wanted.split('/').some((part) => part.startsWith('.'))) return undefined;
  const bytes = await read(file);
  if (bytes === undefined) return undefined;
  return { bytes, type, cache: isHashed(wanted) ? 'public, max-age=31536000, immutable' : 'no-cache' };
};

import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { decodeHex, encodeHex } from '#protocol/codec/hex';
import { Failure } from '#protocol/failure';

export const defaultFolder = (network: string): string => join(homedir(), '.valuecyber', network);

/** Writes a file so that after a kill it is there whole or not at all. @shape mode: of the file's permissions */
export const writeFileWhole = async (path: string, data: string | Uint8Array, mode = 0o600): Promise<void> => {
  const partial = `${path}.partial`;
  const handle = await open(partial, 'w', mode);
  try {
    await handle.writeFile(data);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(partial, path);
};

const readText = (path: string): Promise<string | undefined> =>
  readFile(path, 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );

/** 32 bytes kept in a file of the folder, made at random the first time. */
export const readOrMakeSecret = async (folder: string, name: string): Promise<Uint8Array> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, name);
  const kept = await readText(path);
  const bytes = kept === undefined ? undefined : decodeHex(kept);
  if (kept !== undefined && (!(bytes instanceof Uint8Array) || bytes.length !== 32)) throw new Failure('secret-file', name);
  if (bytes instanceof Uint8Array) return bytes;
  const made = new Uint8Array(randomBytes(32));
  await writeFileWhole(path, `${encodeHex(made)}\n`);
  return made;
};

/** Staker keys in the folder: `staker-keys`, one secret of 64 hexadecimal digits a line. */
export const readStakerKeys = async (folder: string): Promise<readonly Uint8Array[]> => {
  const text = await readText(join(folder, 'staker-keys'));
  if (text === undefined || text === '') return [];
  return text.split(/\s+/).map((line) => {
    const secret = decodeHex(line);
    if (!(secret instanceof Uint8Array) || secret.length !== 32) throw new Failure('secret-file', 'staker-keys');
    return secret;
  });
};

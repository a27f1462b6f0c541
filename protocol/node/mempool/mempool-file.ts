import { open, readFile, rename } from 'node:fs/promises';
import { decodeField, encodeField, list, struct, u8, u32, varBytes } from '#protocol/codec/schema';
import { isFault } from '#protocol/fault';
import { MAX_TRANSACTION_BYTES } from '#protocol/wire/limits';

const FORMAT = 1;
const field = struct({ format: u8, entries: list(1_000_000, struct({ time: u32, bytes: varBytes(MAX_TRANSACTION_BYTES) })) });

export interface SavedTransaction {
  readonly time: number;
  readonly bytes: Uint8Array;
}

/** Replaces the file whole: after a kill there is the old one or the new one, never a part. @source SPEC ND25 */
export const saveMempool = async (path: string, entries: readonly SavedTransaction[]): Promise<void> => {
  const partial = `${path}.partial`;
  const handle = await open(partial, 'w');
  try {
    await handle.writeFile(encodeField(field, { format: FORMAT, entries }));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(partial, path);
};

/** What was saved; nothing where there is no file, or one that cannot be read: a pool is never worth a failed start. */
export const loadMempool = async (path: string): Promise<readonly SavedTransaction[]> => {
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes === undefined) return [];
  const saved = decodeField(field, bytes);
  return isFault(saved) || saved.format !== FORMAT ? [] : saved.entries;
};

import { ClassicLevel } from 'classic-level';
import { Failure } from '#protocol/failure';

export type WriteOp =
  | { readonly type: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: Uint8Array };

export interface KeySpan {
  readonly gte: Uint8Array;
  readonly lt: Uint8Array;
  readonly limit?: number;
}

/** A key-value store of bytes; a write is applied whole or not at all. */
export interface Database {
  readonly get: (key: Uint8Array) => Uint8Array | undefined;
  /** reads away from this thread */
  readonly getMany: (keys: Uint8Array[]) => Promise<(Uint8Array | undefined)[]>;
  readonly write: (ops: WriteOp[]) => Promise<void>;
  /** reaches the disk before it returns */
  readonly writeDurably: (ops: WriteOp[]) => Promise<void>;
  readonly entries: (span: KeySpan) => AsyncIterable<[Uint8Array, Uint8Array]>;
  readonly close: () => Promise<void>;
}

/** LevelDB maps every file that it has open into memory, of 2 MB each: so many are 450 MB, however large the store is. */
const MAX_OPEN_FILES = 224;

const OPEN_OPTIONS = {
  keyEncoding: 'view',
  valueEncoding: 'view',
  compression: false,
  cacheSize: 64 * 1024 * 1024,
  writeBufferSize: 16 * 1024 * 1024,
  maxOpenFiles: MAX_OPEN_FILES,
  multithreading: true,
} as const;

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

const causeCode = (error: unknown): string => {
  const inner = error instanceof Error ? error.cause : undefined;
  return codeOf(inner) === '' ? codeOf(error) : codeOf(inner);
};

const openFailure = (error: unknown): Failure =>
  new Failure(causeCode(error) === 'LEVEL_LOCKED' ? 'store-in-use' : 'store-unreadable', error);

/**
 * Opens the folder's LevelDB, making it where there is none. `store-in-use`: another process owns it;
 * `store-unreadable`: it cannot be opened. A failed write is a `store-write` Failure: nothing of it was applied.
 */
export const openDatabase = async (folder: string): Promise<Database> => {
  const level = new ClassicLevel<Uint8Array, Uint8Array>(folder, OPEN_OPTIONS);
  try {
    await level.open();
  } catch (error) {
    throw openFailure(error);
  }
  const write = async (ops: WriteOp[], sync: boolean): Promise<void> => {
    try {
      const batch = level.batch();
      for (const op of ops)
        if (op.type === 'put') batch.put(op.key, op.value);
        else batch.del(op.key);
      await batch.write({ sync });
    } catch (error) {
      throw new Failure('store-write', error);
    }
  };
  return {
    get: (key) => level.getSync(key),
    getMany: (keys) => level.getMany(keys),
    write: (ops) => write(ops, false),
    writeDurably: (ops) => write(ops, true),
    entries: ({ gte, lt, limit }) => level.iterator({ gte, lt, limit: limit ?? -1 }),
    close: () => level.close(),
  };
};

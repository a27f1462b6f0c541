import { type IDBPDatabase, openDB } from 'idb';
import { Failure } from '#protocol/failure';
import type { Channel, Clock, KeyValueStore, Locks, Platform, StoreWrite } from './port.ts';

const systemClock: Clock = {
  now: () => Date.now() / 1000,
  after: (seconds, run) => {
    const timer = setTimeout(run, Math.max(0, seconds * 1000));
    return () => clearTimeout(timer);
  },
};

const asFailure = (error: unknown): Failure => {
  const full = error instanceof DOMException && error.name === 'QuotaExceededError';
  return new Failure(full ? 'storage-full' : 'storage-lost', error);
};

const applyWrites = async (db: IDBPDatabase, batch: readonly StoreWrite[], durability: 'relaxed' | 'strict'): Promise<void> => {
  const names = [...new Set(batch.map((write) => write.table))];
  if (names.length === 0) return;
  const transaction = db.transaction(names, 'readwrite', { durability });
  const writes = batch.map((write) => {
    const table = transaction.objectStore(write.table);
    return write.value === undefined ? table.delete(write.key) : table.put(write.value, write.key);
  });
  await Promise.all([...writes, transaction.done]);
};

const openIndexedStore = async (name: string, tables: readonly string[]): Promise<KeyValueStore> => {
  const db = await openDB(name, 1, {
    upgrade: (fresh) => {
      for (const table of tables) if (!fresh.objectStoreNames.contains(table)) fresh.createObjectStore(table);
    },
    blocking: () => db.close(),
  }).catch((error) => {
    throw asFailure(error);
  });
  return {
    get: (table, key) =>
      db.get(table, key).catch((error) => {
        throw asFailure(error);
      }),
    entries: async (table) => {
      const [keys, values] = await Promise.all([db.getAllKeys(table), db.getAll(table)]);
      return keys.map((key, index) => [String(key), values[index] as Uint8Array] as const);
    },
    write: (batch, durability) =>
      applyWrites(db, batch, durability).catch((error) => {
        throw asFailure(error);
      }),
    clear: async () => {
      const transaction = db.transaction(tables as string[], 'readwrite', { durability: 'strict' });
      await Promise.all([...tables.map((table) => transaction.objectStore(table).clear()), transaction.done]);
    },
    close: () => db.close(),
  };
};

const webLocks: Locks = {
  hold: <T>(name: string, run: () => Promise<T>) => navigator.locks.request(name, run) as Promise<T>,
};

const openBroadcast = (name: string): Channel => {
  const channel = new BroadcastChannel(name);
  return {
    post: (message) => channel.postMessage(message),
    listen: (listener) => channel.addEventListener('message', (event) => listener(event.data)),
    close: () => channel.close(),
  };
};

export const browserPlatform: Platform = {
  clock: systemClock,
  entropy: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
  locks: webLocks,
  openChannel: openBroadcast,
  openStore: openIndexedStore,
};

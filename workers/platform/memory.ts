import { Failure } from '#protocol/failure';
import type { Channel, Clock, KeyValueStore, Locks, Platform, StoreWrite } from './port.ts';

/** A clock that stands still until it is moved; what is due runs in order of time. */
export class ManualClock implements Clock {
  private time: number;
  private waiting: { at: number; run: () => void }[] = [];

  constructor(start: number) {
    this.time = start;
  }

  now = (): number => this.time;

  after = (seconds: number, run: () => void): (() => void) => {
    const entry = { at: this.time + seconds, run };
    this.waiting.push(entry);
    return () => {
      this.waiting = this.waiting.filter((other) => other !== entry);
    };
  };

  advance(seconds: number): void {
    const end = this.time + seconds;
    for (;;) {
      const next = this.waiting.filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.waiting = this.waiting.filter((entry) => entry !== next);
      this.time = Math.max(this.time, next.at);
      next.run();
    }
    this.time = end;
  }
}

/** Stays as long as the process; `quota` bytes of values at most. */
export class MemoryStore implements KeyValueStore {
  private readonly tables = new Map<string, Map<string, Uint8Array>>();
  private readonly quota: number;
  strictWrites = 0;

  constructor(tables: readonly string[], quota = Number.POSITIVE_INFINITY) {
    for (const table of tables) this.tables.set(table, new Map());
    this.quota = quota;
  }

  private table(name: string): Map<string, Uint8Array> {
    const table = this.tables.get(name);
    if (table === undefined) throw new Failure('storage-lost');
    return table;
  }

  private used(): number {
    let sum = 0;
    for (const table of this.tables.values()) for (const value of table.values()) sum += value.length;
    return sum;
  }

  get = async (table: string, key: string): Promise<Uint8Array | undefined> => this.table(table).get(key)?.slice();

  entries = async (table: string): Promise<readonly (readonly [string, Uint8Array])[]> =>
    [...this.table(table)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => [key, value.slice()] as const);

  write = async (batch: readonly StoreWrite[], durability: 'relaxed' | 'strict'): Promise<void> => {
    const added = batch.reduce((sum, write) => sum + (write.value?.length ?? 0), 0);
    if (this.used() + added > this.quota) throw new Failure('storage-full');
    if (durability === 'strict') this.strictWrites += 1;
    for (const write of batch) {
      if (write.value === undefined) this.table(write.table).delete(write.key);
      else this.table(write.table).set(write.key, write.value.slice());
    }
  };

  clear = async (): Promise<void> => {
    for (const table of this.tables.values()) table.clear();
  };

  close = (): void => undefined;
}

/** Locks of one process, first come first served. */
export class MemoryLocks implements Locks {
  private readonly queues = new Map<string, Promise<unknown>>();

  hold = <T>(name: string, run: () => Promise<T>): Promise<T> => {
    const before = this.queues.get(name) ?? Promise.resolve();
    const result = before.then(run, run);
    this.queues.set(
      name,
      result.catch(() => undefined),
    );
    return result;
  };
}

/** Channels of one process; messages are copied as between threads and come one turn later. */
export class MemoryChannels {
  private readonly open = new Map<string, Set<(message: unknown) => void>>();

  openChannel = (name: string): Channel => {
    const ears = this.open.get(name) ?? new Set();
    this.open.set(name, ears);
    const own = new Set<(message: unknown) => void>();
    return {
      post: (message) => {
        const copy = structuredClone(message);
        queueMicrotask(() => {
          for (const ear of [...ears]) if (!own.has(ear)) ear(copy);
        });
      },
      listen: (listener) => {
        own.add(listener);
        ears.add(listener);
      },
      close: () => {
        for (const ear of own) ears.delete(ear);
      },
    };
  };
}

export interface MemoryPlatform extends Platform {
  readonly stores: Map<string, MemoryStore>;
}

/** A platform for tests and for a light client that keeps nothing. Random bytes come from `random`. */
export const createMemoryPlatform = (clock: Clock, random: (length: number) => Uint8Array, quota?: number): MemoryPlatform => {
  const channels = new MemoryChannels();
  const stores = new Map<string, MemoryStore>();
  return {
    clock,
    entropy: { bytes: random },
    locks: new MemoryLocks(),
    stores,
    openChannel: channels.openChannel,
    openStore: async (name, tables) => {
      const store = stores.get(name) ?? new MemoryStore(tables, quota);
      stores.set(name, store);
      return store;
    },
  };
};

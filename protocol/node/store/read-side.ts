import { join } from 'node:path';
import type { NodeReader } from '#protocol/trie/node';
import { openDatabase } from './database.ts';
import type { TrieName } from './keys.ts';
import { TrieStore } from './trie-store.ts';

/** The tries of a store that this process has open already, for a thread that only reads. */
export interface ReadSide {
  readonly nodes: (trie: TrieName) => NodeReader;
  readonly close: () => Promise<void>;
}

/** A reader keeps no blocks, so that what a store retains is nothing to it. */
const NO_RETENTION = { window: 0, stakeEpoch: 1 };

/** @source SPEC ND46 */
export const openReadSide = async (folder: string): Promise<ReadSide> => {
  const database = await openDatabase(join(folder, 'store'));
  const tries = new TrieStore(database, NO_RETENTION);
  return { nodes: (trie) => tries.reader(trie), close: () => database.close() };
};

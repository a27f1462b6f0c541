import { join } from 'node:path';
import type { NodeReader } from '#protocol/trie/node';
import { openDatabase } from './database.ts';
import { TrieReader } from './trie-reader.ts';

/** The tries of a store that this process has open already, for a thread that only reads. */
export interface ReadSide {
  readonly nodes: NodeReader;
  readonly close: () => Promise<void>;
}

/** What peers ask for is mostly the top of the tries. */
const PAGES_KEPT = 8_000;

/** @source SPEC ND46 */
export const openReadSide = async (folder: string): Promise<ReadSide> => {
  const database = await openDatabase(join(folder, 'store'));
  return { nodes: new TrieReader(database, PAGES_KEPT), close: () => database.close() };
};

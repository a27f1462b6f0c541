import type { Hash32 } from '../codec/hash32.ts';
import { encodeHex } from '../codec/hex.ts';

export interface SideEntry {
  readonly hash: Hash32;
  readonly work: bigint;
  readonly parent: SideEntry | undefined;
}

const compareWork = (a: SideEntry, b: SideEntry): number => (a.work < b.work ? -1 : a.work > b.work ? 1 : 0);

/**
 * Names the headers to forget so that `room` remain: tips first, those with the least work before all others, and never a
 * header whose child stays.
 *
 * @source SPEC BT6; attacks B6
 */
export const evictBranches = (side: ReadonlyMap<string, SideEntry>, room: number): readonly string[] => {
  const parents = new Map<SideEntry, number>();
  for (const { parent } of side.values()) if (parent !== undefined) parents.set(parent, (parents.get(parent) ?? 0) + 1);
  const tips = [...side.values()].filter((entry) => !parents.has(entry)).sort(compareWork);
  const names: string[] = [];
  for (const tip of tips) {
    let entry: SideEntry | undefined = tip;
    while (entry !== undefined && side.size - names.length > room) {
      const name = encodeHex(entry.hash);
      if (!side.has(name) || (parents.get(entry) ?? 0) > 0) break;
      names.push(name);
      const { parent }: SideEntry = entry;
      if (parent !== undefined) parents.set(parent, (parents.get(parent) ?? 1) - 1);
      entry = parent;
    }
  }
  return names;
};

import { encodeHex } from '#protocol/codec/hex';

/** An owner the wallet looks for: the tag under which its coins are filed, and the only script that makes them its own. */
export interface WatchedOwner {
  /** 20 bytes */
  readonly tag: Uint8Array;
  readonly script: Uint8Array;
}

/** Owners by the hexadecimal form of their tag. */
export type WatchSet = ReadonlyMap<string, WatchedOwner>;

/** Gathers the owners whose coins are looked for. */
export const makeWatchSet = (owners: readonly WatchedOwner[]): WatchSet => new Map(owners.map((owner) => [encodeHex(owner.tag), owner]));

/** Scripts by their bytes, for the question "is this output ours": a coin is judged by its script, never by where it is filed. */
export const scriptIndex = (watched: WatchSet): ReadonlyMap<string, string> =>
  new Map([...watched].map(([tag, owner]) => [encodeHex(owner.script), tag]));

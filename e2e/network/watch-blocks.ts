import { setTimeout as delay } from 'node:timers/promises';

const EVERY = 20;

export interface WatchedBlocks {
  /** milliseconds when the node was first seen with a tip of this height or above */
  readonly momentOf: (height: number) => number | undefined;
  readonly stop: () => Promise<void>;
}

export const heightOf = async (node: string): Promise<number> =>
  ((await (await fetch(`${node}status`)).json()) as { readonly height: number }).height;

/** Asks a node again and again how high its chain is. */
export const watchBlocks = (node: string): WatchedBlocks => {
  const moments = new Map<number, number>();
  let stopped = false;
  const watch = async (): Promise<void> => {
    for (let last = 0; !stopped; await delay(EVERY)) {
      const height = await heightOf(node);
      const now = Date.now();
      for (let one = last === 0 ? height : last + 1; one <= height; one++) moments.set(one, now);
      last = Math.max(last, height);
    }
  };
  const watching = watch();
  return {
    momentOf: (height) => moments.get(height),
    stop: () => {
      stopped = true;
      return watching;
    },
  };
};

import { randomBytes } from 'node:crypto';
import { createMemoryPlatform, MemoryStore } from '../platform/memory.ts';
import type { Clock, Platform } from '../platform/port.ts';

const nodeClock: Clock = {
  now: () => Date.now() / 1000,
  after: (seconds, run) => {
    const timer = setTimeout(run, Math.max(0, seconds * 1000));
    return () => clearTimeout(timer);
  },
};

/** The light client's platform in Node: real time, real randomness, and a store that lasts as long as the process. */
export const makeNodePlatform = (): Platform => ({
  ...createMemoryPlatform(nodeClock, (length) => new Uint8Array(randomBytes(length))),
  openStore: async (_, tables) => new MemoryStore(tables),
});

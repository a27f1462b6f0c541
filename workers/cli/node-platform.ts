import { randomBytes } from 'node:crypto';
import { createMemoryPlatform, MemoryStore } from '../platform/memory.ts';
import type { Clock, Platform } from '../platform/port.ts';

/** Real time, whose timers all end with it: what was closed keeps no process alive. */
class NodeClock implements Clock {
  private readonly timers = new Set<NodeJS.Timeout>();

  now = (): number => Date.now() / 1000;

  after = (seconds: number, run: () => void): (() => void) => {
    const cancel = (): void => {
      clearTimeout(timer);
      this.timers.delete(timer);
    };
    const timer = setTimeout(
      () => {
        this.timers.delete(timer);
        run();
      },
      Math.max(0, seconds * 1000),
    );
    this.timers.add(timer);
    return cancel;
  };

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }
}

/** The light client's platform in Node: real time, real randomness, and a store that lasts as long as the process. */
export interface NodePlatform extends Platform {
  readonly clock: NodeClock;
}

export const makeNodePlatform = (): NodePlatform => {
  const clock = new NodeClock();
  return {
    ...createMemoryPlatform(clock, (length) => new Uint8Array(randomBytes(length))),
    clock,
    openStore: async (_, tables) => new MemoryStore(tables),
  };
};

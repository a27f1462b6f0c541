import type { Service } from '../serve.ts';

/** Tells addresses of nodes that this one reached itself: what it only heard is not passed on. @source SPEC NW7 */
export const peersService = (reached: () => readonly string[]): Service<'peers'> => ({
  estimate: () => ({ headers: 4 }),
  answer: async () => ({ answer: { kind: 'peers', addresses: reached() } }),
});

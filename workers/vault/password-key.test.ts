import { expect, test } from 'vitest';
import { calibrateKdf, isKdfParameters } from './password-key.ts';

const SALT = new Uint8Array(16).fill(7);

/** A clock on which whatever is done between two looks takes so long. */
const clockOf = (seconds: number): (() => number) => {
  let time = 1_700_000_000;
  return () => {
    const now = time;
    time += seconds;
    return now;
  };
};

test.each([
  { seconds: 0.1, passes: 5 },
  { seconds: 2, passes: 3 },
  { seconds: 0, passes: 12 },
])(
  'VT2 W2 where one pass takes $seconds s, $passes are chosen: about half a second, never below the floor',
  async ({ seconds, passes }) => {
    const kdf = await calibrateKdf(clockOf(seconds), SALT);
    expect(kdf).toEqual({ memory: 64 * 1024, passes, lanes: 1 });
    expect(isKdfParameters(kdf)).toBe(true);
  },
);

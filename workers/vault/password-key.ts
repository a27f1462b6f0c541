import { argon2id } from 'hash-wasm';

/** @unit memory: KiB */
export interface KdfParameters {
  readonly memory: number;
  readonly passes: number;
  readonly lanes: number;
}

const FLOOR: KdfParameters = { memory: 64 * 1024, passes: 3, lanes: 1 };
const CEILING: KdfParameters = { memory: 1024 * 1024, passes: 24, lanes: 8 };

/** @source SPEC VT2 */
export const isKdfParameters = (kdf: KdfParameters): boolean =>
  kdf.memory >= FLOOR.memory &&
  kdf.memory <= CEILING.memory &&
  kdf.passes >= FLOOR.passes &&
  kdf.passes <= CEILING.passes &&
  kdf.lanes >= 1 &&
  kdf.lanes <= CEILING.lanes;

/** @shape 32 bytes; the caller wipes them @source RFC 9106 (Argon2id) */
export const deriveKey = (password: string, salt: Uint8Array, kdf: KdfParameters): Promise<Uint8Array> =>
  argon2id({
    password: password.normalize('NFKC'),
    salt,
    iterations: kdf.passes,
    parallelism: kdf.lanes,
    memorySize: kdf.memory,
    hashLength: 32,
    outputType: 'binary',
  });

const ENOUGH_SECONDS = 0.5;
const MOST_PASSES = 12;

/**
 * Chooses the passes that take about half a second here: never below the floor, measured with one pass over the floor's memory.
 *
 * @unit now: seconds
 * @source SPEC VT2
 */
export const calibrateKdf = async (now: () => number, salt: Uint8Array): Promise<KdfParameters> => {
  const start = now();
  const key = await deriveKey('calibration', salt, { ...FLOOR, passes: 1 });
  key.fill(0);
  const secondsAPass = Math.max(now() - start, 0.001);
  const passes = Math.floor(ENOUGH_SECONDS / secondsAPass);
  return { ...FLOOR, passes: Math.min(Math.max(passes, FLOOR.passes), MOST_PASSES) };
};

/** Whether a vault made with `kdf` is to be sealed anew with what this device affords. */
export const isWeaker = (kdf: KdfParameters, wanted: KdfParameters): boolean => kdf.memory < wanted.memory || kdf.passes < wanted.passes;

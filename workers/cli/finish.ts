import { Failure } from '#protocol/failure';

export const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** bigints as decimal strings, bytes as hexadecimal */
export const toJson = (value: unknown): string =>
  JSON.stringify(
    value,
    (_, inner: unknown) => {
      if (typeof inner === 'bigint') return inner.toString();
      if (inner instanceof Uint8Array) return Buffer.from(inner).toString('hex');
      return inner;
    },
    2,
  );

/** What a node or a rule said of it, and no other error. */
const isPlain = (cause: unknown): boolean =>
  typeof cause === 'object' && cause !== null && Object.getPrototypeOf(cause) === Object.prototype;

/** Failures end a command with their code on stderr and exit code 1. */
export const finish = async (work: () => Promise<number>): Promise<void> => {
  try {
    process.exitCode = await work();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    say(`vc: ${error.code}${isPlain(error.cause) ? ` ${JSON.stringify(error.cause)}` : ''}`);
    process.exitCode = 1;
  }
};

import { InvalidArgumentError } from 'commander';
import { Failure } from '#protocol/failure';

export const say = (line: string): void => void process.stderr.write(`${line}\n`);

export const readPort = (text: string): number => {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new InvalidArgumentError('a port is a number from 1 to 65535');
  return port;
};

/** Failures end a command with their code on stderr and exit code 1. */
export const finish = async (work: () => Promise<number>): Promise<void> => {
  try {
    process.exitCode = await work();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    say(`vc: ${error.code}${typeof error.cause === 'string' || typeof error.cause === 'number' ? ` (${error.cause})` : ''}`);
    process.exitCode = 1;
  }
};

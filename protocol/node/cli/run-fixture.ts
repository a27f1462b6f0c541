import { Command, CommanderError } from 'commander';
import { vi } from 'vitest';
import { registerNodeCommands } from './commands.ts';

export interface Outcome {
  readonly out: string;
  readonly err: string;
  readonly code: number | string | undefined;
}

const inherit = (parent: Command): void => {
  for (const command of parent.commands) {
    command.exitOverride().copyInheritedSettings(parent);
    inherit(command);
  }
};

/** Runs a command line in this process and catches what it writes. */
export const vc = async (...args: readonly string[]): Promise<Outcome> => {
  const written = { out: '', err: '' };
  const spy = (stream: 'stdout' | 'stderr', name: 'out' | 'err') =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      written[name] += String(text);
      return true;
    });
  const spies = [spy('stdout', 'out'), spy('stderr', 'err')];
  const program = new Command('vc')
    .exitOverride()
    .configureOutput({ writeOut: (text) => (written.out += text), writeErr: (text) => (written.err += text) });
  registerNodeCommands(program);
  inherit(program);
  process.exitCode = 0;
  try {
    await program.parseAsync(['node', 'vc', ...args]);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode;
  } finally {
    for (const each of spies) each.mockRestore();
  }
  return { ...written, code: process.exitCode };
};

import { readdirSync, readFileSync } from 'node:fs';
import type { NodeProcessOptions } from '../../protocol/node/devnet/node-process.ts';

export interface NodeProcess {
  readonly pid: number;
  readonly options: NodeProcessOptions;
}

const argumentsOf = (pid: number): readonly string[] => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0');
  } catch {
    return [];
  }
};

export const isGone = (pid: number): boolean => argumentsOf(pid).every((argument) => argument === '');

/** The processes of a network's nodes that keep their stores in this folder, in their order. */
export const findNodes = (folder: string): readonly NodeProcess[] =>
  readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .flatMap((pid) => {
      const [entry, argument] = argumentsOf(pid).filter((each) => each.includes('node-process') || each.startsWith('{'));
      if (entry === undefined || argument?.includes(folder) !== true) return [];
      return [{ pid, options: JSON.parse(argument) as NodeProcessOptions }];
    })
    .sort((a, b) => a.options.node - b.options.node);

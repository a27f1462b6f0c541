import type { Command } from 'commander';
import { registerCreditCommands } from './credit.ts';
import { registerDebtCommands } from './debt.ts';
import { registerDraftCommands } from './draft.ts';
import { registerGroupCommands } from './group.ts';
import { registerKeyCommand } from './key.ts';
import { registerRecordCommands } from './record.ts';

/** Adds what members, agents and makers do with a node of their own. */
export const registerLedgerCommands = (program: Command): void => {
  registerCreditCommands(program);
  registerDebtCommands(program);
  registerRecordCommands(program);
  registerGroupCommands(program);
  registerDraftCommands(program);
  registerKeyCommand(program);
};

#!/usr/bin/env node
import { Command } from 'commander';
import { registerNodeCommands } from '#protocol/node/cli/commands';
import { registerInspectCommand } from './inspect/register.ts';
import { registerLedgerCommands } from './ledger/register.ts';
import { registerLightCommand } from './light.ts';
import { registerMessageCommand } from './message.ts';
import { registerPsbtCommands } from './psbt.ts';

const EXAMPLES = `
Examples:
  vc devnet                          a whole network on this machine, with the wallet
  vc light dvc1q…                    what an address has, verified here
  vc inspect --file block.bin        what some bytes are, and every rule they break
  vc node --help                     how a node is run; every command has such a page`;

const program = new Command('vc')
  .description('ValueCyber: full nodes, a local network, and a light client that verifies for itself')
  .showHelpAfterError('(add --help for what is possible)')
  .configureHelp({ sortSubcommands: false })
  .addHelpText('after', EXAMPLES);

registerNodeCommands(program);
registerLightCommand(program);
registerInspectCommand(program);
registerLedgerCommands(program);
registerPsbtCommands(program);
registerMessageCommand(program);

if (process.argv.length <= 2) program.help();
await program.parseAsync();

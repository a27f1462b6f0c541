import { readFile } from 'node:fs/promises';
import { base64 } from '@scure/base';
import type { Command } from 'commander';
import { decodeHex, encodeHex } from '#protocol/codec/hex';
import { Failure } from '#protocol/failure';
import { type Fault, isFault } from '#protocol/fault';
import { combinePsbts, createPsbt, extractPsbt, finalizePsbt } from '#protocol/psbt/meaning';
import { decodeTransaction } from '#protocol/tx/transaction-codec';
import { finish, say } from './finish.ts';

const EXAMPLES = `
Examples:
  vc psbt create 0200000001…                          an unsigned payment in hexadecimal becomes a PSBT
  vc psbt combine alice.psbt bob.psbt                 joins what two people added
  vc psbt finalize cHNidP8B…  |  vc psbt extract -    makes it final, and takes the transaction out
  vc inspect cHNidP8B…                                what a PSBT says, and what a signer would refuse in it

A value payment of the circulation layer is a Bitcoin transaction byte for byte, so every wallet and signing device that
speaks BIP174 or BIP370 can work on it. A PSBT is given as base64, as hexadecimal or as the path of a file; "-" is stdin.`;

const readStdin = async (): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

const decodeText = (text: string): Uint8Array | undefined => {
  const bytes = decodeHex(text);
  if (!isFault(bytes)) return bytes;
  try {
    return base64.decode(text);
  } catch {
    return undefined;
  }
};

/** @throws Failure `file-unreadable`: neither hexadecimal nor base64, and no such file */
const readArgument = async (argument: string): Promise<Uint8Array> => {
  const typed = decodeText((argument === '-' ? await readStdin() : argument).trim());
  if (typed !== undefined) return typed;
  const file = await readFile(argument).catch((cause: unknown) => {
    throw new Failure('file-unreadable', cause);
  });
  return decodeText(file.toString('latin1').trim()) ?? new Uint8Array(file);
};

const print = (result: Uint8Array | Fault, show: (bytes: Uint8Array) => string): number => {
  if (!isFault(result)) {
    process.stdout.write(`${show(result)}\n`);
    return 0;
  }
  say(`vc: ${result.fault} ${JSON.stringify(result.detail)}`);
  return 1;
};

/** A transaction with a scriptSig, or of another version, is one of Bitcoin and none of this network. */
const extractOwn = (bytes: Uint8Array): Uint8Array | Fault => {
  const extracted = extractPsbt(bytes);
  const own = isFault(extracted) ? extracted : decodeTransaction(extracted);
  return isFault(own) ? own : extracted;
};

/** Adds `psbt` to the program. */
export const registerPsbtCommands = (program: Command): void => {
  const psbt = program
    .command('psbt')
    .description('work on partially signed payments, as any Bitcoin wallet has them')
    .addHelpText('after', EXAMPLES);
  psbt
    .command('create')
    .argument('<transaction>', 'unsigned')
    .description('make a PSBT of an unsigned payment')
    .action((text: string) => finish(async () => print(createPsbt(await readArgument(text)), base64.encode)));
  psbt
    .command('combine')
    .argument('<psbts...>')
    .description('join what several people added to one PSBT')
    .action((texts: string[]) =>
      finish(async () => {
        const all: Uint8Array[] = [];
        for (const text of texts) all.push(await readArgument(text));
        return print(combinePsbts(all), base64.encode);
      }),
    );
  psbt
    .command('finalize')
    .argument('<psbt>')
    .description('put final witnesses in the place of signatures')
    .action((text: string) => finish(async () => print(finalizePsbt(await readArgument(text)), base64.encode)));
  psbt
    .command('extract')
    .argument('<psbt>')
    .description('take the transaction out of a final PSBT, in hexadecimal')
    .action((text: string) => finish(async () => print(extractOwn(await readArgument(text)), encodeHex)));
};

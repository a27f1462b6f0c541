import { readFile } from 'node:fs/promises';
import { base64 } from '@scure/base';
import { type Command, Option } from 'commander';
import { decodeHex } from '#protocol/codec/hex';
import { Failure } from '#protocol/failure';
import { type Fault, fault, isFault } from '#protocol/fault';
import { PARAMETERS } from '#protocol/params/networks';
import type { NetworkName } from '#protocol/params/parameters';
import { finish, toJson } from '../finish.ts';
import { type Finding, finding } from './finding.ts';
import { INSPECTED_KINDS, inspectBytes } from './inspect-bytes.ts';
import { inspectProof } from './inspect-proof.ts';
import { inspectText } from './inspect-text.ts';

interface InspectFlags {
  readonly file?: string;
  readonly as?: string;
  readonly root?: string;
  readonly prefix: string;
  readonly network: NetworkName;
}

const MAX_INPUT = 16 * 1024 * 1024;
const EXAMPLES = `
Examples:
  vc inspect 0200000000010…                       a transaction in hexadecimal
  vc inspect --file block.bin                     bytes of a file: header and body of a block
  vc inspect dvc1q…                               an address; also a valuecyber: link
  vc inspect cHNidP8B…                            a partially signed payment (BIP174, BIP370)
  curl -s … | vc inspect --as header              what comes on stdin, as a header
  vc inspect --file proof.bin --root 9f2c… --prefix 3fa0/11
                                                  a multiproof under a trie's root, or a node's answer under the state
                                                  root of a header; a prefix is hexadecimal, or its first 11 bits
  vc inspect --file backup.vcb                    the clear part of a vault or backup: no password is asked

Prints JSON: what it is, every field, and the faults that can be told from it alone. Exit code 1: there is a fault.`;

const readStdin = async (): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Uint8Array);
    length += (chunk as Uint8Array).length;
    if (length > MAX_INPUT) throw new Failure('input-too-long');
  }
  return new Uint8Array(Buffer.concat(chunks));
};

const readInput = async (text: string | undefined, file: string | undefined): Promise<Uint8Array> => {
  if (text !== undefined && text !== '-') return new TextEncoder().encode(text);
  if (file === undefined) return readStdin();
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new Failure('file-unreadable', cause);
  });
  return new Uint8Array(bytes);
};

/** how `psbt` begins in base64 */
const PSBT_START = 'cHNidP8';
const PRINTABLE = /^[\x20-\x7e\s]*$/;

/** What a person typed or a file holds as text; undefined where it holds bytes. */
const asText = (input: Uint8Array): string | undefined => {
  if (input.length > MAX_INPUT) return undefined;
  const text = new TextDecoder('latin1').decode(input);
  return PRINTABLE.test(text) ? text.trim() : undefined;
};

const decodeTyped = (text: string): Uint8Array | Fault<'hex'> => {
  const hex = decodeHex(text);
  if (!isFault(hex) || !text.startsWith(PSBT_START)) return hex;
  try {
    return base64.decode(text);
  } catch {
    return hex;
  }
};

/** What a text, or bytes, are. */
export const inspect = (input: Uint8Array, flags: Omit<InspectFlags, 'file'>): Finding => {
  const text = asText(input);
  const known = text === undefined || flags.as !== undefined ? undefined : inspectText(text, flags.network);
  if (known !== undefined && !isFault(known)) return known;
  const decoded = text === undefined ? input : decodeTyped(text.replaceAll(/\s/g, ''));
  const bytes = isFault(decoded) ? (/^VC[VB]1/.test(text ?? '') ? input : undefined) : decoded;
  if (bytes === undefined) return finding('unknown', { characters: input.length }, fault('hex', { length: input.length }));
  const parameters = PARAMETERS[flags.network];
  if (flags.root !== undefined) return inspectProof(bytes, { root: flags.root, prefix: flags.prefix }, parameters);
  return inspectBytes(bytes, parameters, flags.as);
};

/** Adds `inspect` to the program. */
export const registerInspectCommand = (program: Command): void => {
  program
    .command('inspect')
    .argument('[input]', 'hexadecimal, an address or a link; stdin where it is left out or -')
    .description('say what some bytes or a text are: every field, and every rule they break')
    .option('--file <path>', 'read a file instead')
    .addOption(new Option('--as <kind>', 'read it as this').choices(INSPECTED_KINDS))
    .option('--root <hex>', 'the input is a multiproof under this trie root, or an answer under this state root')
    .option('--prefix <digits[/bits]>', 'what the proof is about: a prefix of keys, or several with commas', '')
    .addOption(new Option('--network <name>', 'whose parameters').choices(['dev', 'test', 'main']).default('dev'))
    .addHelpText('after', EXAMPLES)
    .action((text: string | undefined, flags: InspectFlags, command: Command) =>
      finish(async () => {
        if (text === undefined && flags.file === undefined && process.stdin.isTTY) command.help();
        const found = inspect(await readInput(text, flags.file), flags);
        process.stdout.write(`${toJson(found)}\n`);
        return found.faults.length === 0 ? 0 : 1;
      }),
    );
};

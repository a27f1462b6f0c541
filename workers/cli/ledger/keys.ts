import { readFile } from 'node:fs/promises';
import { createBase58check } from '@scure/base';
import { sha256 } from '#protocol/crypto/hash';
import { deriveMasterKey, type HdKey } from '#protocol/crypto/hd-key';
import { Failure } from '#protocol/failure';
import { isFault } from '#protocol/fault';
import { DevelopmentKeys } from '#protocol/node/devnet/dev-keys';
import type { Parameters } from '#protocol/params/parameters';
import { buildPayToKey } from '#protocol/script/forms/pay-to-key';
import { readWords, seedOfWords, writeWords } from '../../vault/mnemonic.ts';
import type { KeyFlags } from './options.ts';

/** A key that signs; `xpub` where it is a node of which others can be derived. @shape xpub: 78 bytes */
export interface SigningKey {
  readonly name: string;
  readonly publicKey: Uint8Array;
  readonly secret: Uint8Array;
  readonly xpub: Uint8Array | undefined;
}

const LONGEST_FILE = 4_096;
const base58check = createBase58check(sha256);

export const scriptOfKey = ({ publicKey }: SigningKey): Uint8Array => buildPayToKey(publicKey);

const ofNode = (name: string, node: HdKey): SigningKey => {
  if (node.privateKey === undefined) throw new Failure('key-name', { name });
  const xpub = base58check.decode(node.neutered().toBase58());
  return { name, publicKey: node.publicKey, secret: node.privateKey, xpub };
};

const readMaster = async (file: string, parameters: Parameters): Promise<HdKey> => {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Failure('words-unreadable', cause);
  });
  const entropy = readWords(text.slice(0, LONGEST_FILE));
  if (isFault(entropy)) throw new Failure(entropy.fault, entropy.detail);
  const seed = await seedOfWords(writeWords(entropy).join(' '), '');
  return deriveMasterKey(seed, parameters.coinType === 1 ? 'test' : 'main');
};

const ofDevelopment = (name: string, parameters: Parameters): SigningKey => {
  if (parameters.name !== 'dev') throw new Failure('dev-key-network', { network: parameters.name });
  const [, role, place] = /^(member|agent|account):(\d{1,6})$/.exec(name) ?? [];
  if (role === undefined) throw new Failure('key-name', { name });
  const keys = new DevelopmentKeys();
  const index = Number(place);
  if (role === 'account') return ofNode(name, keys.account(index));
  return { name, ...(role === 'member' ? keys.member(index) : keys.agent(index)), xpub: undefined };
};

/**
 * One key by its name: a path of the words in a file, or a role of the development network.
 *
 * Failures: `key-name`; `dev-key-network`: published keys elsewhere; `words-missing`, `words-unreadable`, and those of words.
 *
 * @source SPEC BD14
 */
export const readKey = async (name: string, { words }: KeyFlags, parameters: Parameters): Promise<SigningKey> => {
  if (!/^m(\/\d{1,10}'?)+$/.test(name)) return ofDevelopment(name, parameters);
  if (words === undefined) throw new Failure('words-missing');
  const master = await readMaster(words, parameters);
  try {
    return ofNode(name, master.derivePath(name));
  } catch (cause) {
    throw cause instanceof Failure ? cause : new Failure('key-name', { name });
  }
};

/** All keys of a command line, in their order: published ones first. @source SPEC BD14 */
export const readKeys = async (flags: KeyFlags, parameters: Parameters): Promise<readonly SigningKey[]> => {
  const names = [...flags.dev, ...flags.path, ...(flags.words !== undefined && flags.path.length === 0 ? [defaultPath(parameters)] : [])];
  const keys: SigningKey[] = [];
  for (const name of names) keys.push(await readKey(name, flags, parameters));
  return keys;
};

const defaultPath = ({ coinType }: Parameters): string => `m/84'/${coinType}'/0'/0/0`;

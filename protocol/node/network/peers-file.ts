import { readFile } from 'node:fs/promises';
import { Failure } from '../../failure.ts';
import { MAX_ADDRESS_CHARACTERS } from '../../wire/limits.ts';
import { writeFileWhole } from '../cli/node-folder.ts';
import { MAX_ADDRESSES, MAX_BANS } from './limits.ts';

const FORMAT = 1;
/** Two tables of bans and one of addresses, each name as long as an address may be. @unit bytes */
const MAX_FILE_BYTES = (2 * MAX_BANS + MAX_ADDRESSES) * (MAX_ADDRESS_CHARACTERS + 64);

/** A name that is kept out until a time. @unit unix seconds */
export type Until = readonly [name: string, until: number];

/** What a node knows of others, and keeps over a restart. @shape addresses: those reached by the node itself first */
export interface KnownPeers {
  readonly addresses: readonly { readonly address: string; readonly reached: boolean }[];
  readonly banned: readonly Until[];
  readonly discouraged: readonly Until[];
}

export const NO_PEERS: KnownPeers = { addresses: [], banned: [], discouraged: [] };

const isName = (value: unknown): value is string => typeof value === 'string' && value.length <= MAX_ADDRESS_CHARACTERS;

const isUntil = (value: unknown): value is Until =>
  Array.isArray(value) && value.length === 2 && isName(value[0]) && Number.isSafeInteger(value[1]);

const isAddress = (value: unknown): value is KnownPeers['addresses'][number] =>
  typeof value === 'object' &&
  value !== null &&
  'address' in value &&
  isName(value.address) &&
  'reached' in value &&
  typeof value.reached === 'boolean';

const isListOf = <T>(value: unknown, limit: number, is: (item: unknown) => item is T): value is readonly T[] =>
  Array.isArray(value) && value.length <= limit && value.every(is);

const parse = (text: string): KnownPeers | undefined => {
  const { format, addresses, banned, discouraged } = JSON.parse(text) as Readonly<Record<string, unknown>>;
  const whole = format === FORMAT && isListOf(addresses, MAX_ADDRESSES, isAddress);
  return whole && isListOf(banned, MAX_BANS, isUntil) && isListOf(discouraged, MAX_BANS, isUntil)
    ? { addresses, banned, discouraged }
    : undefined;
};

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

const read = async (path: string): Promise<KnownPeers> => {
  const bytes = await readFile(path);
  const known = bytes.length <= MAX_FILE_BYTES ? parse(bytes.toString('utf8')) : undefined;
  if (known === undefined) throw new Failure('peers-file');
  return known;
};

/** None where there is no file; one that is torn or foreign is reported as `peers-file`, and replaced with the next save. @source SPEC NW17 */
export const loadPeers = async (path: string, report: (error: unknown) => void): Promise<KnownPeers> => {
  try {
    return await read(path);
  } catch (error) {
    if (!isMissing(error)) report(error instanceof Failure ? error : new Failure('peers-file', error));
    return NO_PEERS;
  }
};

/** Replaces the file whole. @source SPEC NW17 */
export const savePeers = (path: string, known: KnownPeers): Promise<void> =>
  writeFileWhole(path, JSON.stringify({ format: FORMAT, ...known }));

import { equalBytes } from '../codec/bytes.ts';
import { asHash32, type Hash32 } from '../codec/hash32.ts';
import { decodeHex, encodeHex } from '../codec/hex.ts';
import { encodeUtf8 } from '../codec/utf8.ts';
import { makeTagged, sha256 } from '../crypto/hash.ts';
import { type Fault, fault } from '../fault.ts';
import { type CheckedParameters, checkParameters, type ParameterFaultCode } from './check-parameters.ts';
import { bytesText, choice, group, integer, isJsonRecord, type Json, text } from './field.ts';
import type { NetworkName, Parameters } from './parameters.ts';
import { bitcoinHashText, PARAMETER_FIELDS } from './schema.ts';

export const MAX_NETWORK_FILE_BYTES = 64 * 1024;
const MAX_CHECKPOINTS = 256;
const MAX_BOOTSTRAP = 64;
const U32 = 0xffff_ffff;

export interface Checkpoint {
  readonly height: number;
  readonly hash: Hash32;
  readonly bitcoinHeight: number;
  readonly bitcoinHash: Hash32;
}

/** `network.json`: a network's name, genesis and parameters. */
export interface NetworkFile {
  readonly name: NetworkName;
  readonly genesisHash: Hash32;
  /** unix seconds */
  readonly genesisTime: number;
  /** height from which this configuration applies */
  readonly from: number;
  readonly parameters: CheckedParameters;
  readonly checkpoints: readonly Checkpoint[];
  /** multiaddresses with peer id */
  readonly bootstrap: readonly string[];
}

export type NetworkFileFault = Fault<
  'size' | 'json' | 'unknown-key' | 'missing-key' | 'field' | 'not-canonical' | 'genesis-time' | ParameterFaultCode
>;

const ownHashText = bytesText<Hash32>(encodeHex, (digits) => {
  const bytes = decodeHex(digits);
  return bytes instanceof Uint8Array && bytes.length === 32 ? asHash32(bytes) : fault('hex');
});

const nameText = choice<NetworkName>('dev', 'test', 'main');
const timeText = integer('s', 1, U32);
const heightText = integer('blocks', 0, U32);
const peerText = text(/^\/[!-.0-~][!-~]{0,158}$/);
const parametersText = group<Omit<Parameters, 'name'>>(PARAMETER_FIELDS);
const checkpointText = group<Checkpoint>({
  height: heightText,
  hash: ownHashText,
  bitcoinHeight: integer('bitcoin-blocks', 0, U32),
  bitcoinHash: bitcoinHashText,
});

const KEYS = ['name', 'genesisHash', 'genesisTime', 'from', 'parameters', 'checkpoints', 'bootstrap'] as const;

/** The one text of a network file. @shape JSON, two spaces, fields in the schema's order, a line feed at the end @source SPEC PA3 */
export const encodeNetworkFile = (file: NetworkFile): Uint8Array => {
  const { name: _, ...parameters } = file.parameters;
  const json: Record<(typeof KEYS)[number], Json> = {
    name: file.name,
    genesisHash: ownHashText.write(file.genesisHash),
    genesisTime: timeText.write(file.genesisTime),
    from: heightText.write(file.from),
    parameters: parametersText.write(parameters),
    checkpoints: file.checkpoints.map(checkpointText.write),
    bootstrap: [...file.bootstrap],
  };
  return encodeUtf8(`${JSON.stringify(json, null, 2)}\n`);
};

const parseJson = (bytes: Uint8Array): Json | undefined => {
  let characters = '';
  for (const byte of bytes) {
    if (byte >= 0x7f) return undefined;
    characters += String.fromCharCode(byte);
  }
  try {
    return JSON.parse(characters) as Json;
  } catch {
    return undefined;
  }
};

const checkKeys = (json: { readonly [key: string]: Json }, keys: readonly string[]): true | NetworkFileFault => {
  const unknown = Object.keys(json).find((key) => !keys.includes(key));
  if (unknown !== undefined) return fault('unknown-key', { key: unknown.slice(0, 40) });
  const missing = keys.find((key) => !Object.hasOwn(json, key));
  return missing === undefined ? true : fault('missing-key', { key: missing });
};

const readList = <T>(
  json: Json | undefined,
  maximum: number,
  item: { read: (j: Json | undefined) => T | undefined; holds: (v: T) => boolean },
) => {
  if (!Array.isArray(json) || json.length > maximum) return undefined;
  const items: T[] = [];
  for (const each of json as readonly Json[]) {
    const value = item.read(each);
    if (value === undefined || !item.holds(value)) return undefined;
    items.push(value);
  }
  return items;
};

const readParameters = (json: Json | undefined, name: NetworkName): CheckedParameters | NetworkFileFault => {
  if (!isJsonRecord(json)) return fault('field', { key: 'parameters' });
  const keys = checkKeys(json, Object.keys(PARAMETER_FIELDS));
  if (keys !== true) return keys;
  const broken = (Object.keys(PARAMETER_FIELDS) as (keyof typeof PARAMETER_FIELDS)[]).find(
    (key) => PARAMETER_FIELDS[key].read(json[key]) === undefined,
  );
  const parameters = parametersText.read(json);
  if (broken !== undefined || parameters === undefined) return fault('field', { key: broken ?? 'parameters' });
  return checkParameters({ name, ...parameters });
};

const readFields = (json: { readonly [key: string]: Json }): NetworkFile | NetworkFileFault => {
  const name = nameText.read(json.name);
  if (name === undefined) return fault('field', { key: 'name' });
  const parameters = readParameters(json.parameters, name);
  if ('fault' in parameters) return parameters;
  const fields = {
    genesisHash: ownHashText.read(json.genesisHash),
    genesisTime: timeText.read(json.genesisTime),
    from: heightText.read(json.from),
    checkpoints: readList(json.checkpoints, MAX_CHECKPOINTS, checkpointText),
    bootstrap: readList(json.bootstrap, MAX_BOOTSTRAP, peerText),
  };
  const broken = Object.entries(fields).find(([, value]) => value === undefined);
  if (broken !== undefined) return fault('field', { key: broken[0] });
  const { genesisTime, from } = fields;
  if (!timeText.holds(genesisTime ?? 0) || !heightText.holds(from ?? -1)) return fault('field', { key: 'genesisTime' });
  if ((genesisTime ?? 0) % parameters.slotLength !== 0) return fault('genesis-time', { time: genesisTime ?? 0 });
  return { name, parameters, ...fields } as NetworkFile;
};

/**
 * Reads a network file, of which there is one text for each meaning.
 *
 * @fault `size` `json` `unknown-key` `missing-key` `field` (with the key) `genesis-time` (no slot) `not-canonical`
 * (another spelling, order or a doubled key), and those of `checkParameters`
 * @source SPEC PA3; spec 06, repository
 */
export const decodeNetworkFile = (bytes: Uint8Array): NetworkFile | NetworkFileFault => {
  if (bytes.length > MAX_NETWORK_FILE_BYTES) return fault('size', { bytes: bytes.length });
  const json = parseJson(bytes);
  if (!isJsonRecord(json)) return fault('json');
  const keys = checkKeys(json, KEYS);
  if (keys !== true) return keys;
  const file = readFields(json);
  if ('fault' in file) return file;
  return equalBytes(encodeNetworkFile(file), bytes) ? file : fault('not-canonical');
};

const hashConfig = makeTagged('config');

/** What a header's `config` says. @shape commitId: 20 bytes, zero until configurations are in Git @source SPEC PA5; spec 02, header */
export const computeConfigHash = (commitId: Uint8Array, fileBytes: Uint8Array): Hash32 => hashConfig(commitId, sha256(fileBytes));

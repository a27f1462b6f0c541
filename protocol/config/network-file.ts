import { asHash32, decodeReversedHex, type Hash32, ZERO_HASH } from '../codec/hash32.ts';
import { decodeHex, encodeHex } from '../codec/hex.ts';
import { encodeUtf8 } from '../codec/utf8.ts';
import { makeTagged, sha256 } from '../crypto/hash.ts';
import { type Fault, fault, isFault } from '../fault.ts';

/** Where one node is reached: multiaddresses with its peer id. */
export interface NetworkNode {
  readonly tcp: string;
  readonly ws: string;
}

export interface Checkpoint {
  readonly height: number;
  /** hexadecimal; ours in internal order, Bitcoin's reversed as Bitcoin shows it */
  readonly hash: string;
}

/**
 * What a node or a wallet must know to join a network: `network.json`.
 *
 * @source SPEC CF1; spec 06, 10
 */
export interface NetworkFile {
  readonly name: string;
  /** height from which this configuration applies */
  readonly from: number;
  readonly genesis: { readonly hash: string; readonly header: string };
  readonly checkpoints: readonly Checkpoint[];
  readonly bitcoinCheckpoint: Checkpoint;
  readonly nodes: readonly NetworkNode[];
  /** host:port of Bitcoin peers whose headers are followed */
  readonly bitcoinPeers: readonly string[];
  /** every parameter with its unit, for people; a reader refuses a file whose values are not those it has built in */
  readonly parameters: Readonly<Record<string, string>>;
}

export type NetworkFileFault = Fault<'network-file' | 'network-parameters'>;

const KEYS = ['name', 'from', 'genesis', 'checkpoints', 'bitcoinCheckpoint', 'nodes', 'bitcoinPeers', 'parameters'];

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const hasKeys = (value: unknown, keys: readonly string[]): value is Record<string, unknown> =>
  isRecord(value) && Object.keys(value).length === keys.length && keys.every((key) => key in value);

const isText = (value: unknown, pattern: RegExp): boolean => typeof value === 'string' && pattern.test(value);

const HASH = /^[0-9a-f]{64}$/;
const MULTIADDRESS = /^\/[!-~]{1,300}$/;

const isHeight = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0;

const isCheckpoint = (value: unknown): boolean => hasKeys(value, ['height', 'hash']) && isHeight(value.height) && isText(value.hash, HASH);

const isNode = (value: unknown): boolean =>
  hasKeys(value, ['tcp', 'ws']) && isText(value.tcp, MULTIADDRESS) && isText(value.ws, MULTIADDRESS);

const isList = (value: unknown, maximum: number, item: (value: unknown) => boolean): boolean =>
  Array.isArray(value) && value.length <= maximum && value.every(item);

const isGenesis = (value: unknown): boolean =>
  hasKeys(value, ['hash', 'header']) && isText(value.hash, HASH) && isText(value.header, /^[0-9a-f]{1024}$/);

const CHECKS: Readonly<Record<string, (value: unknown) => boolean>> = {
  name: (value) => isText(value, /^[a-z0-9-]{1,32}$/),
  from: isHeight,
  genesis: isGenesis,
  checkpoints: (value) => isList(value, 1_000, isCheckpoint),
  bitcoinCheckpoint: isCheckpoint,
  nodes: (value) => isList(value, 64, isNode),
  bitcoinPeers: (value) => isList(value, 64, (peer) => isText(peer, /^[0-9a-zA-Z.:[\]-]{1,260}$/)),
  parameters: (value) => isRecord(value) && Object.values(value).every((each) => typeof each === 'string'),
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * @fault `network-file`: not JSON, a key that is unknown, missing or of another form
 * @source SPEC CF1
 */
export const decodeNetworkFile = (text: string): NetworkFile | Fault<'network-file'> => {
  const value = parse(text);
  if (!hasKeys(value, KEYS)) return fault('network-file', { key: 'keys' });
  const wrong = KEYS.find((key) => CHECKS[key]?.(value[key]) !== true);
  return wrong === undefined ? (value as unknown as NetworkFile) : fault('network-file', { key: wrong });
};

export const encodeNetworkFile = (file: NetworkFile): string =>
  `${JSON.stringify(Object.fromEntries(KEYS.map((key) => [key, file[key as keyof NetworkFile]])), undefined, 2)}\n`;

/** @fault `network-parameters`: a value is not the one built in under this network's name @source SPEC CF2 */
export const checkNetworkParameters = (
  file: NetworkFile,
  builtIn: Readonly<Record<string, string>>,
): true | Fault<'network-parameters'> => {
  const names = new Set([...Object.keys(builtIn), ...Object.keys(file.parameters)]);
  for (const name of names) if (builtIn[name] !== file.parameters[name]) return fault('network-parameters', { parameter: name });
  return true;
};

/** Every parameter as text: names of nested ones are joined by dots. */
export const describeParameters = (parameters: object): Readonly<Record<string, string>> => {
  const described: Record<string, string> = {};
  const add = (prefix: string, value: unknown): void => {
    if (value instanceof Uint8Array) described[prefix] = encodeHex(value);
    else if (isRecord(value)) for (const [key, inner] of Object.entries(value)) add(prefix === '' ? key : `${prefix}.${key}`, inner);
    else described[prefix] = String(value);
  };
  add('', parameters);
  return described;
};

const configTag = makeTagged('config');

/** What headers carry in `config` while the configuration is a file and not yet a Git commit. @source SPEC CF3; spec 10 */
export const computeConfigHash = (networkFile: string): Hash32 => configTag(ZERO_HASH.subarray(0, 20), sha256(encodeUtf8(networkFile)));

/** @shape 32 and 512 bytes of a file that was decoded */
export const genesisOf = (file: NetworkFile): { readonly hash: Hash32; readonly header: Uint8Array } => ({
  hash: asHash32(decodeHex(file.genesis.hash) as Uint8Array),
  header: decodeHex(file.genesis.header) as Uint8Array,
});

export const bitcoinCheckpointOf = (file: NetworkFile): { readonly height: number; readonly hash: Hash32 } => {
  const hash = decodeReversedHex(file.bitcoinCheckpoint.hash);
  return { height: file.bitcoinCheckpoint.height, hash: isFault(hash) ? ZERO_HASH : hash };
};

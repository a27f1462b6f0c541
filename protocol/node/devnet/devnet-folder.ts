import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '#protocol/failure';
import { isFault } from '#protocol/fault';
import { checkParameters } from '#protocol/params/check-parameters';
import { decodeNetworkFile, encodeNetworkFile, type NetworkFile } from '#protocol/params/network-file';
import { DEV_PARAMETERS } from '#protocol/params/networks';
import { readOrMakeSecret, writeFileWhole } from '../cli/node-folder.ts';
import { peerIdFromSeed } from '../network/libp2p-node.ts';
import { buildDevGenesis } from './dev-genesis.ts';
import type { DevnetPorts } from './ports.ts';

export const nodeFolder = (folder: string, node: number): string => join(folder, `node-${node + 1}`);
export const networkPath = (folder: string): string => join(folder, 'network.json');
const portsPath = (folder: string): string => join(folder, 'ports.json');

const readIfThere = (path: string): Promise<Uint8Array<ArrayBuffer> | undefined> =>
  readFile(path).then(
    (bytes) => new Uint8Array(bytes),
    () => undefined,
  );

export interface DevnetFolder {
  readonly file: NetworkFile;
  readonly ports: DevnetPorts;
  /** whether this start made it */
  readonly fresh: boolean;
}

/** The network that the folder holds; undefined where there is none yet. */
export const readDevnetFolder = async (folder: string): Promise<DevnetFolder | undefined> => {
  const bytes = await readIfThere(networkPath(folder));
  const ports = await readIfThere(portsPath(folder));
  if (bytes === undefined || ports === undefined) return undefined;
  const file = decodeNetworkFile(bytes);
  if (isFault(file)) throw new Failure('network-file', file.fault);
  return { file, ports: JSON.parse(Buffer.from(ports).toString('utf8')) as DevnetPorts, fresh: false };
};

const bootstrapOf = async (folder: string, { nodes }: DevnetPorts): Promise<readonly string[]> => {
  const addresses: string[] = [];
  for (const [node, { tcp, ws }] of nodes.entries()) {
    const id = await peerIdFromSeed(await readOrMakeSecret(nodeFolder(folder, node), 'identity'));
    addresses.push(`/ip4/127.0.0.1/tcp/${tcp}/p2p/${id}`, `/ip4/127.0.0.1/tcp/${ws}/ws/p2p/${id}`);
  }
  return addresses;
};

/**
 * Makes a new network in the folder: identities, genesis, `network.json`.
 *
 * @unit genesisTime: unix seconds
 * @source SPEC ND40
 */
export const makeDevnetFolder = async (folder: string, ports: DevnetPorts, genesisTime: number): Promise<DevnetFolder> => {
  await mkdir(folder, { recursive: true });
  const parameters = checkParameters(DEV_PARAMETERS);
  if (isFault(parameters)) throw new Failure('parameters', parameters.fault);
  const genesis = buildDevGenesis(genesisTime, parameters);
  const file: NetworkFile = {
    name: 'dev',
    genesisHash: genesis.change.hash,
    genesisTime,
    from: 0,
    parameters,
    checkpoints: [],
    bootstrap: await bootstrapOf(folder, ports),
  };
  await writeFileWhole(portsPath(folder), `${JSON.stringify(ports)}\n`, 0o644);
  const bytes = encodeNetworkFile(file);
  for (const node of ports.nodes.keys()) await writeFileWhole(networkPath(nodeFolder(folder, node)), bytes, 0o644);
  await writeFileWhole(networkPath(folder), bytes, 0o644);
  return { file, ports, fresh: true };
};

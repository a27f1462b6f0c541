import { createServer } from 'node:net';
import { Failure } from '#protocol/failure';
import { DEVNET_NODES } from './dev-genesis.ts';

export interface NodePorts {
  readonly http: number;
  readonly tcp: number;
  readonly ws: number;
}

export interface DevnetPorts {
  readonly nodes: readonly NodePorts[];
  readonly bitcoin: number;
}

const FIXED = { http: 8480, tcp: 8490, ws: 8500, bitcoin: 8520 };

const counted = <T>(make: (index: number) => T): T[] => Array.from({ length: DEVNET_NODES }, (_, index) => make(index));

/** @source SPEC ND42; spec 10, ports */
export const fixedPorts = (): DevnetPorts => ({
  nodes: counted((i) => ({ http: FIXED.http + i, tcp: FIXED.tcp + i, ws: FIXED.ws + i })),
  bitcoin: FIXED.bitcoin,
});

const listenOnce = (port: number): Promise<{ readonly port: number; readonly close: () => Promise<void> }> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (cause) => reject(new Failure('port-in-use', cause)));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      const found = typeof address === 'object' && address !== null ? address.port : port;
      resolve({ port: found, close: () => new Promise((closed) => server.close(() => closed())) });
    });
  });

/** Ports that are free now, all of them different. */
export const findPorts = async (): Promise<DevnetPorts> => {
  const held = await Promise.all(Array.from({ length: DEVNET_NODES * 3 + 1 }, () => listenOnce(0)));
  await Promise.all(held.map(({ close }) => close()));
  const [bitcoin = 0, ...rest] = held.map(({ port }) => port);
  return { nodes: counted((i) => ({ http: rest[3 * i] ?? 0, tcp: rest[3 * i + 1] ?? 0, ws: rest[3 * i + 2] ?? 0 })), bitcoin };
};

const all = ({ nodes, bitcoin }: DevnetPorts): readonly number[] => [...nodes.flatMap(({ http, tcp, ws }) => [http, tcp, ws]), bitcoin];

/** Answers a port that somebody else has. */
export const findBusyPort = async (ports: DevnetPorts): Promise<number | undefined> => {
  for (const port of all(ports)) {
    const held = await listenOnce(port).catch(() => undefined);
    if (held === undefined) return port;
    await held.close();
  }
  return undefined;
};

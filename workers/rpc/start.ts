import { proxy, wrap } from 'comlink';
import { Failure } from '#protocol/failure';
import workerUrl from '../worker.ts?worker&url';
import type { ChainCalls } from './chain-calls.ts';
import { COMPUTE_WANTED } from './compute-wanted.ts';
import { scriptUrl } from './script-url.ts';
import type { VaultCalls } from './vault-calls.ts';

/** What the screens hold: two workers behind typed calls. */
export interface Client {
  readonly chain: ChainCalls;
  readonly vault: VaultCalls;
}

const MAX_COMPUTE_THREADS = 4;
const NETWORK_FILE_CACHE = 'valuecyber-network';
const NETWORK_FILE = '/network.json';

const makeWorker = (name: string): Worker => new Worker(scriptUrl(workerUrl), { type: 'module', name });

/** The network's file, kept so that the app also opens where no node answers. @throws Failure `network-file` */
const loadNetworkFile = async (): Promise<Uint8Array> => {
  const cache = await caches.open(NETWORK_FILE_CACHE);
  try {
    const response = await fetch(NETWORK_FILE, { cache: 'no-cache', signal: AbortSignal.timeout(5_000) });
    if (!response.ok) throw new Failure('network-file');
    await cache.put(NETWORK_FILE, response.clone());
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    const kept = await cache.match(NETWORK_FILE);
    if (kept === undefined) throw new Failure('network-file', error);
    return new Uint8Array(await kept.arrayBuffer());
  }
};

/** Posts a worker its first message and waits until it says that it listens. @throws Failure `worker-failed` */
const open = (worker: Worker, message: object, ports: readonly MessagePort[]): Promise<void> =>
  new Promise((resolve, reject) => {
    worker.addEventListener('message', function ready(event) {
      if (event.data !== 'ready') return;
      worker.removeEventListener('message', ready);
      resolve();
    });
    worker.addEventListener('error', (event) => reject(new Failure('worker-failed', event.message)), { once: true });
    worker.postMessage(message, [...ports]);
  });

/** Threads that check proofs begin with the first proof; ports hold what is sent before. */
const prepareCompute = (): { readonly ports: readonly MessagePort[]; readonly begin: () => void } => {
  const count = Math.max(1, Math.min(MAX_COMPUTE_THREADS, (navigator.hardwareConcurrency || 2) - 1));
  const channels = Array.from({ length: count }, () => new MessageChannel());
  return {
    ports: channels.map(({ port2 }) => port2),
    begin: () => {
      for (const [place, { port1 }] of channels.splice(0).entries()) makeWorker(`compute-${place}`).postMessage(port1, [port1]);
    },
  };
};

type Watched<V> = { readonly watch: (listener: (view: V) => void) => Promise<void> };

/** A listener crosses threads as a proxy; everything else of the calls is plain data. */
const withListeners = <V, T extends Watched<V>>(remote: object): T =>
  new Proxy(remote, {
    get: (target, name) => {
      const call = Reflect.get(target, name);
      return name === 'watch' ? (listener: (view: V) => void) => call(proxy(listener)) : call;
    },
  }) as T;

const networkName = (file: Uint8Array): unknown => (JSON.parse(new TextDecoder().decode(file)) as { readonly name?: unknown }).name;

/** Loads libp2p apart from the first screen; where it cannot be loaded the wallet is offline, which the chain worker says. */
const joinNetwork = async (port: MessagePort): Promise<void> => {
  const part = await import('../net/serve-port.ts').catch(() => undefined);
  part?.servePeerNetwork(port);
};

/**
 * Starts the network in the window, and chain, vault and compute workers beside it, joined by ports of their own.
 *
 * @throws Failure `network-file`: no node answers and none ever did; `worker-failed`
 */
export const startClient = async (): Promise<Client> => {
  const networkFile = await loadNetworkFile();
  const net = new MessageChannel();
  const vaultPort = new MessageChannel();
  void joinNetwork(net.port1);
  const compute = prepareCompute();
  const chain = makeWorker('chain');
  chain.addEventListener('message', ({ data }) => {
    if (data === COMPUTE_WANTED) compute.begin();
  });
  const vault = makeWorker('vault');
  await Promise.all([
    open(chain, { networkFile, net: net.port2, vault: vaultPort.port1, compute: compute.ports }, [
      net.port2,
      vaultPort.port1,
      ...compute.ports,
    ]),
    open(vault, { network: networkName(networkFile), chain: vaultPort.port2 }, [vaultPort.port2]),
  ]);
  const chainRemote = wrap<ChainCalls & { setVisible: (visible: boolean) => void }>(chain);
  const tellVisible = (): void => void chainRemote.setVisible(document.visibilityState === 'visible');
  document.addEventListener('visibilitychange', tellVisible);
  tellVisible();
  return { chain: withListeners(chainRemote), vault: withListeners(wrap<VaultCalls>(vault)) };
};

import { create } from 'zustand';
import type { ChainView } from '#workers/rpc/chain-view';
import type { Client } from '#workers/rpc/start';
import type { VaultView } from '#workers/rpc/vault-calls';
import { firstGesture } from './first-gesture.ts';

/** What the two workers last said; the screens are a function of it. */
export interface Session {
  readonly client: Client | undefined;
  readonly chain: ChainView | undefined;
  readonly vault: VaultView | undefined;
  /** this browser keeps no vault: the first screen need not wait for the workers */
  readonly fresh: boolean;
  /** code of the failure that kept the workers from starting */
  readonly failure: string | undefined;
}

export const useSession = create<Session>(() => ({
  client: undefined,
  chain: undefined,
  vault: undefined,
  fresh: false,
  failure: undefined,
}));

export const failureCode = (error: unknown): string => {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error && error.name !== 'Error' ? error.name : 'worker-failed';
};

const VAULT_STORE = /^valuecyber-vault-/;

const isFresh = async (): Promise<boolean> => {
  const stores = (await indexedDB.databases?.()) ?? [{ name: 'valuecyber-vault-unknown' }];
  return !stores.some(({ name }) => name !== undefined && VAULT_STORE.test(name));
};

const demand = Promise.withResolvers<void>();

const firstPaint = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

/** Starts workers and network after the first paint, where there is no wallet yet after the first gesture. @source SPEC WB16 */
export const connect = async (): Promise<void> => {
  try {
    const fresh = await isFresh();
    useSession.setState({ fresh });
    await (fresh ? firstGesture(window, demand.promise) : firstPaint());
    const { startClient } = await import('#workers/rpc/start');
    const client = await startClient();
    useSession.setState({ client });
    await Promise.all([
      client.vault.watch((vault) => useSession.setState({ vault })),
      client.chain.watch((chain) => useSession.setState({ chain })),
    ]);
  } catch (error) {
    useSession.setState({ failure: failureCode(error) });
  }
};

/** The workers' calls, as soon as they run. */
export const clientReady = (): Promise<Client> => {
  demand.resolve();
  const { client } = useSession.getState();
  if (client !== undefined) return Promise.resolve(client);
  return new Promise((resolve, reject) => {
    const stop = useSession.subscribe(({ client: started, failure }) => {
      if (started === undefined && failure === undefined) return;
      stop();
      if (started === undefined) reject(Object.assign(new Error(failure), { code: failure }));
      else resolve(started);
    });
  });
};

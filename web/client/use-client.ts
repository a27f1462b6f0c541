import type { AccountView, ChainView } from '#workers/rpc/chain-view';
import type { Client } from '#workers/rpc/start';
import { setPreference, usePreferences } from './preferences.ts';
import { useSession } from './session.ts';

/** The workers' calls; screens are drawn only once they run. */
export const useClient = (): Client => {
  const client = useSession((session) => session.client);
  if (client === undefined) throw new TypeError('a screen is drawn before its workers run');
  return client;
};

export const useChain = (): ChainView | undefined => useSession((session) => session.chain);

/** The account that the person chose, or the first one. */
export const useAccount = (): AccountView | undefined => {
  const chosen = usePreferences((preferences) => preferences.account);
  const accounts = useChain()?.accounts ?? [];
  return accounts.find(({ account }) => account === chosen) ?? accounts[0];
};

export const chooseAccount = (account: number): void => setPreference({ account });

import { expose, wrap } from 'comlink';
import { PARAMETERS } from '#protocol/params/networks';
import type { NetworkName } from '#protocol/params/parameters';
import { browserPlatform } from '../platform/browser.ts';
import type { ChainForVault } from '../rpc/vault-chain-port.ts';
import { keySchemeOf } from './secrets.ts';
import { Vault } from './vault.ts';
import { VAULT_TABLES, VaultStore } from './vault-store.ts';

/** The first message: which network, and the port to the chain worker, which the window never reads. */
export interface VaultStart {
  readonly network: NetworkName;
  readonly chain: MessagePort;
}

const start = async ({ network, chain }: VaultStart): Promise<void> => {
  const parameters = PARAMETERS[network];
  const store = new VaultStore(await browserPlatform.openStore(`valuecyber-vault-${network}`, VAULT_TABLES));
  const vault = await Vault.open({
    platform: browserPlatform,
    store,
    chain: wrap<ChainForVault>(chain) as unknown as ChainForVault,
    parameters,
    scheme: keySchemeOf(parameters),
  });
  expose(vault);
  postMessage('ready');
};

export const begin = ({ data }: MessageEvent<VaultStart>): void => void start(data);

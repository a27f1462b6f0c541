import type { ChainCalls } from './chain-calls.ts';
import type { VaultCalls } from './vault-calls.ts';

/** What the screens hold: two workers behind typed calls. */
export interface Client {
  readonly chain: ChainCalls;
  readonly vault: VaultCalls;
}

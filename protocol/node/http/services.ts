import type { Logger } from 'pino';
import type { Fault } from '#protocol/fault';
import type { Chain } from '../chain/chain.ts';
import type { NodeBitcoin } from '../chain/contract.ts';
import type { Mailbox } from '../mailbox/mailbox.ts';
import type { Mempool } from '../mempool/mempool.ts';
import type { NodeNetwork } from '../network/contract.ts';
import type { MakerPolicy } from '../policy/maker-policy.ts';

export interface StakingFigures {
  readonly enabled: boolean;
  readonly stakes: number;
  readonly blocksMade: number;
  /** why no block is made now; undefined while trying */
  readonly waitsFor: 'peers' | 'bitcoin' | 'operator' | 'stakes' | undefined;
}

export interface FaucetGrant {
  readonly txid: string;
  readonly amount: bigint;
}

/** What the HTTP side of a node is made of. */
export interface NodeServices {
  readonly chain: Chain;
  readonly mempool: Mempool;
  readonly bitcoin: NodeBitcoin;
  readonly network: NodeNetwork;
  readonly mailbox: Pick<Mailbox, 'figures'>;
  readonly policy: MakerPolicy;
  /** published since the start */
  readonly punishments: () => number;
  readonly staking: () => StakingFigures;
  readonly faucet: ((address: string) => Promise<FaucetGrant | Fault>) | undefined;
  /** network.json as it stands in the folder */
  readonly networkFile: Uint8Array<ArrayBuffer>;
  readonly log: Logger;
  readonly startedAt: number;
  readonly now: () => number;
  readonly stop: () => void;
}

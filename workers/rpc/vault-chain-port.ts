import type { Fault } from '#protocol/fault';
import type { RealNameView } from './chain-calls.ts';

/** A coin as the chain worker has proved it; made only from a verified proof. */
export interface ProvedCoin {
  /** `txid:index`, txid in display order */
  readonly outpoint: string;
  readonly element: 'value' | 'credit' | 'debt';
  readonly amount: bigint;
  readonly script: Uint8Array;
  readonly layer: 0 | 1 | 2;
  readonly type: 0 | 1 | 2 | 3 | 4;
  readonly height: number;
  /** unix seconds: median of the parents of its block */
  readonly medianTime: number;
  /** a debt in the same name is overdue */
  readonly frozen: boolean;
  /** an unpaid debt stands in the same name */
  readonly owes: boolean;
  readonly account: number;
  readonly change: 0 | 1;
  readonly index: number;
  readonly provedAt: number;
  /** nothing under way spends it, and it is ripe */
  readonly spendable: boolean;
}

/** A coin of anybody, as a proof of the state has it. */
export type ProvedOutput = Omit<ProvedCoin, 'account' | 'change' | 'index' | 'frozen' | 'owes' | 'spendable'>;

/** @shape outpoint: `txid:index`, txid in display order; holder: the script of whose it is, a debt's of who answers for it */
export interface WantedOutput {
  readonly outpoint: string;
  readonly holder: Uint8Array;
}

export interface DerivedPlace {
  readonly account: number;
  readonly change: 0 | 1;
  readonly index: number;
}

export interface WatchedAccount {
  readonly account: number;
  readonly name: string;
  /** extended public key of m/84'/coin'/account' */
  readonly xpub: string;
}

/** Calls of the vault worker on the chain worker, over a port between the two that the window never reads. */
export interface ChainForVault {
  /** which of these accounts hold a coin at one of their first addresses; answers once the state could be proved @fault `stopped` */
  readonly accountsWithCoins: (accounts: readonly WatchedAccount[]) => Promise<readonly number[] | Fault>;
  readonly setAccounts: (accounts: readonly WatchedAccount[]) => Promise<void>;
  readonly coinsOf: (outpoints: readonly string[]) => Promise<readonly (ProvedCoin | undefined)[]>;
  /** where scripts of our own were derived, as a hint: the vault derives them again and compares */
  readonly placesOf: (scripts: readonly Uint8Array[]) => Promise<readonly (DerivedPlace | undefined)[]>;
  readonly spendableValue: (account: number) => Promise<bigint>;
  /** what was proved of who owns a script, where it was reached by a real-name address */
  readonly realNameOf: (script: Uint8Array) => Promise<RealNameView | undefined>;
  readonly isPastPayee: (address: string) => Promise<boolean>;
  readonly lookAlike: (address: string) => Promise<string | undefined>;
  /** durably reserves the next unused receive index under a lock shared by all tabs */
  readonly reserveAddress: (account: number, change: 0 | 1) => Promise<number | Fault>;
  /** coins of anybody by a proof of their owners' complete lists; what is not there is left out @fault `stopped`; `undecided`; `coins-unproved`: nobody proved them for a minute */
  readonly proveOutputs: (wanted: readonly WantedOutput[]) => Promise<readonly ProvedOutput[] | Fault>;
  /** keeps what several people signed, and what comes before it, until each is in a block */
  readonly relayTogether: (signed: readonly Uint8Array[]) => Promise<{ readonly txid: string } | Fault>;
  /** reserves the coins, stores the transaction durably, then relays it until it is in a block */
  readonly relay: (signed: Uint8Array) => Promise<{ readonly txid: string } | Fault>;
}

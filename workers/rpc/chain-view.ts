import type { ProofView } from './proof-view.ts';

/** @unit all amounts: base units */
export interface BalanceView {
  /** value that can be spent now */
  readonly spendable: bigint;
  /** value under way to us, not yet in a block: shown apart, never added to `spendable` */
  readonly incoming: bigint;
  /** change of payments that are not yet in a block: it is part of `outgoing` and comes back with the block */
  readonly returning: bigint;
  /** our coins in transactions sent and not yet in a block */
  readonly outgoing: bigint;
  /** value in blocks that cannot be spent yet (coinbase maturity) */
  readonly maturing: bigint;
  readonly locked: bigint;
  /** value and credit that can only repay, since a debt in the same name is overdue */
  readonly frozen: bigint;
  readonly credit: bigint;
  readonly debt: bigint;
  readonly proof: ProofView;
}

/** A debt in the name of one of our addresses. */
export interface DebtView {
  /** `txid:index`, txid in display order */
  readonly outpoint: string;
  readonly amount: bigint;
  readonly account: number;
  /** whose coins answer for it */
  readonly address: string;
  /** when it is overdue: exactly by height where a height decides, `time` then counted on; undefined: never */
  readonly due: { readonly time: number; readonly height: number | undefined } | undefined;
  readonly state: 'on-track' | 'due-soon' | 'three-days' | 'one-day' | 'overdue';
  /** false: of another script, which names nobody and freezes nobody */
  readonly standard: boolean;
  readonly proof: ProofView;
}

export interface AddressView {
  readonly address: string;
  readonly account: number;
  readonly index: number;
  readonly used: boolean;
}

export interface CoinView {
  /** `txid:index`, txid in display order */
  readonly outpoint: string;
  readonly amount: bigint;
  readonly address: string;
  readonly label: string | undefined;
  readonly spendable: boolean;
  readonly proof: ProofView;
}

export type ActivityDirection = 'in' | 'out' | 'self';

export interface ActivityView {
  readonly txid: string;
  readonly account: number;
  /** what it did to credit and debt of ours beside value */
  readonly kind: 'payment' | 'grant' | 'draw' | 'repay' | 'roll';
  readonly direction: ActivityDirection;
  /** effect on the account's value, signed, fee included when we paid it */
  readonly change: bigint;
  /** effect on the account's credit, signed */
  readonly creditChange: bigint;
  readonly fee: bigint | undefined;
  /** unix seconds: of its block, or when it was first seen */
  readonly time: number;
  readonly counterparty: string | undefined;
  /** the name given to the counterparty's address */
  readonly contact: string | undefined;
  readonly label: string | undefined;
  readonly proof: ProofView;
  /** confirmations asked for before it is shown as final */
  readonly finalDepth: number;
}

export interface PaymentStage {
  readonly name: 'signed' | 'relayed' | 'claimed' | 'in-block' | 'verified' | 'final' | 'replaced' | 'refused';
  /** unix seconds; undefined: not reached yet */
  readonly time: number | undefined;
  readonly height: number | undefined;
}

export interface PaymentView extends ActivityView {
  readonly inputs: readonly {
    readonly outpoint: string;
    readonly address: string | undefined;
    readonly amount: bigint | undefined;
    readonly element: 'value' | 'credit' | 'debt';
    readonly own: boolean;
  }[];
  /** address: of a debt that of who answers for it */
  readonly outputs: readonly {
    readonly address: string | undefined;
    readonly amount: bigint;
    readonly element: 'value' | 'credit' | 'debt';
    readonly own: boolean;
  }[];
  readonly stages: readonly PaymentStage[];
  /** hexadecimal */
  readonly bytes: string;
}

export interface AccountView {
  readonly account: number;
  readonly name: string;
  readonly balance: BalanceView;
  readonly receive: AddressView;
  readonly activityCount: number;
  readonly recent: readonly ActivityView[];
}

export type SyncStage = 'starting' | 'connecting' | 'headers' | 'proofs' | 'following' | 'offline' | 'undecided';

export interface TipView {
  readonly height: number;
  readonly hash: string;
  /** unix seconds */
  readonly time: number;
  readonly proof: ProofView;
}

/** Something the person must know: a stable code and numbers; the sentence is the screen's. */
export interface AlarmView {
  readonly code:
    | 'peer-lied'
    | 'peer-stale'
    | 'peers-disagree'
    | 'undecided'
    | 'reorganised'
    | 'few-peers'
    | 'quiet-network'
    | 'checkpoint-old'
    | 'storage-full';
  readonly peer: string | undefined;
  readonly reason: string | undefined;
  /** unix seconds */
  readonly time: number;
  readonly height: number | undefined;
}

export interface ChainView {
  readonly network: string;
  readonly stage: SyncStage;
  /** 0 to 1 of the current stage's work; undefined: nothing under way */
  readonly progress: number | undefined;
  readonly tip: TipView | undefined;
  readonly agreeing: number;
  readonly peers: number;
  /** another tab leads network and chain; this one follows */
  readonly follower: boolean;
  readonly alarms: readonly AlarmView[];
  readonly accounts: readonly AccountView[];
  readonly faucet: boolean;
  readonly privacy: PrivacyMode;
}

export type PrivacyMode = 'bucket' | 'exact';

export interface PeerView {
  readonly id: string;
  readonly address: string;
  readonly state: 'connecting' | 'agrees' | 'behind' | 'disagrees' | 'banned' | 'stale' | 'lost';
  readonly tipHeight: number | undefined;
  /** what it answered here; each answer was verified or cost it its place */
  readonly served: readonly {
    readonly kind: 'status' | 'headers' | 'bitcoinHeaders' | 'history' | 'proof' | 'filters' | 'blocks' | 'tx';
    readonly count: number;
  }[];
  /** milliseconds of its last answer */
  readonly latency: number | undefined;
  readonly reason: string | undefined;
}

export interface EconomyPoint {
  readonly height: number;
  readonly time: number;
  readonly value: bigint;
  readonly locked: bigint;
  readonly credit: bigint;
  readonly debt: bigint;
  readonly overdue: bigint;
  readonly fees: bigint;
}

export interface NetworkView {
  readonly peers: readonly PeerView[];
  readonly tip: TipView | undefined;
  readonly bitcoin: { readonly height: number; readonly hash: string; readonly time: number; readonly proof: ProofView } | undefined;
  /** from verified headers, ascending height */
  readonly economy: readonly EconomyPoint[];
  readonly genesis: string;
  readonly config: string;
  readonly bytesReceived: number;
}

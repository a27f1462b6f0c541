import type { Fault } from '#protocol/fault';
import type { ActivityView, ChainView, CoinView, DebtView, NetworkView, PaymentView, PrivacyMode } from './chain-view.ts';

export interface RecipientView {
  readonly address: string;
  readonly amount: bigint | undefined;
  readonly label: string | undefined;
  readonly message: string | undefined;
  readonly own: boolean;
  /** a past payee whose address begins and ends alike but is not this one: compare before going on */
  readonly lookAlike: string | undefined;
  readonly contact: string | undefined;
  /** who answers to a real-name address; undefined for a plain one */
  readonly realName: RealNameView | undefined;
}

/** A registered identity, as its proved record has it. */
export interface RealNameView {
  readonly address: string;
  /** hexadecimal account id */
  readonly account: string;
  /** hexadecimal id of the account above it */
  readonly parent: string | undefined;
  /** hexadecimal salted commitment to the identity file, to compare with one that was handed over */
  readonly commitment: string;
  /** height of its newest record */
  readonly recordedAt: number;
  /** height of the state that says so */
  readonly provedAt: number;
}

export interface FeeChoice {
  readonly speed: 'slow' | 'normal' | 'fast';
  /** units per virtual byte */
  readonly rate: bigint;
  /** expected seconds to the block */
  readonly seconds: number;
  /** base units for a payment from one coin with change: the review has the exact sum */
  readonly usual: bigint;
}

export interface PaymentIntent {
  readonly account: number;
  readonly to: string;
  /** base units; `all`: everything spendable, the fee taken from it */
  readonly amount: bigint | 'all';
  readonly feeRate: bigint;
  /** outpoints chosen by hand; empty: chosen for the person */
  readonly coins: readonly string[];
}

/** @unit amount: base units that will be owed; due: unix seconds; feeRate: units per virtual byte */
export interface DrawIntent {
  readonly account: number;
  readonly amount: bigint;
  readonly due: number;
  readonly feeRate: bigint;
}

/** @shape debts: outpoints as `DebtView` has them @unit feeRate: units per virtual byte */
export interface RepayIntent {
  readonly account: number;
  readonly debts: readonly string[];
  readonly feeRate: bigint;
}

/** A draw from somebody else's credit. @shape agent: address that holds it @unit as `DrawIntent` */
export interface RequestIntent extends DrawIntent {
  readonly agent: string;
}

/** A debt goes on under a new term. @shape debt: outpoint as `DebtView` has it; agent: address whose credit is used, empty: our own @unit due: unix seconds; feeRate: units per virtual byte */
export interface RollIntent {
  readonly account: number;
  readonly debt: string;
  readonly agent: string;
  readonly due: number;
  readonly feeRate: bigint;
}

/** @shape to: an address @unit amount: base units of credit; interest: base units for the block's maker; feeRate: units per virtual byte */
export interface GrantIntent {
  readonly account: number;
  readonly to: string;
  readonly amount: bigint;
  readonly interest: bigint;
  readonly feeRate: bigint;
}

/** Sources of credit that ask for the same signatures. @unit base units */
export interface SourceView {
  readonly threshold: number;
  /** hexadecimal public keys of those who may sign */
  readonly keys: readonly string[];
  readonly amounts: readonly bigint[];
}

/** The admission group as a proof of its record has it. */
export interface GroupView {
  readonly members: readonly { readonly publicKey: string; readonly own: boolean }[];
  /** members that have to be there before credit may be granted */
  readonly least: number;
  /** height of its newest record, and of the state that says so */
  readonly recordedAt: number;
  readonly provedAt: number;
  readonly sources: readonly SourceView[];
}

/** One record of BIP329; what this wallet does not use of it is kept for the next export. */
export interface LabelEntry {
  readonly kind: 'tx' | 'addr' | 'pubkey' | 'input' | 'output' | 'xpub' | 'spscan';
  readonly ref: string;
  readonly label: string;
  readonly origin?: string;
  readonly spendable?: boolean;
}

/** What a screen may ask of the chain worker. Every answer is a value or a coded fault; nothing here touches a secret. */
export interface ChainCalls {
  readonly watch: (listener: (view: ChainView) => void) => Promise<void>;
  readonly network: () => Promise<NetworkView>;
  readonly activity: (account: number, from: number, count: number) => Promise<readonly ActivityView[]>;
  readonly payment: (txid: string) => Promise<PaymentView | undefined>;
  readonly coins: (account: number) => Promise<readonly CoinView[]>;
  /** nearest due date first */
  readonly debts: (account: number) => Promise<readonly DebtView[]>;
  readonly parseRecipient: (text: string) => Promise<RecipientView | Fault>;
  readonly feeChoices: () => Promise<readonly FeeChoice[]>;
  /** unsigned transaction; nothing is reserved until it is approved */
  readonly planPayment: (intent: PaymentIntent) => Promise<Uint8Array | Fault>;
  /** unsigned: credit becomes money and debt */
  readonly planDraw: (intent: DrawIntent) => Promise<Uint8Array | Fault>;
  /** unsigned: debts are repaid whole */
  readonly planRepay: (intent: RepayIntent) => Promise<Uint8Array | Fault>;
  /** the text of a draft: an agent's credit becomes money and a debt of ours; the agent has to sign too */
  readonly planRequest: (intent: RequestIntent) => Promise<string | Fault>;
  /** the text of a draft: a debt of ours goes on under a new term, with credit of ours or an agent's */
  readonly planRoll: (intent: RollIntent) => Promise<string | Fault>;
  /** the text of a draft: the group grants credit, we pay the fee, its members have to sign */
  readonly planGrant: (intent: GrantIntent) => Promise<string | Fault>;
  /** who may grant credit, and out of what */
  readonly group: () => Promise<GroupView | Fault>;
  readonly paymentUri: (address: string, amount: bigint | undefined, label: string | undefined) => Promise<string>;
  /** whether a text was signed for an address (BIP322) */
  readonly verifyMessage: (address: string, message: string, signature: string) => Promise<true | Fault>;
  readonly checkAgain: () => Promise<void>;
  readonly setLabel: (entry: LabelEntry) => Promise<void>;
  readonly exportLabels: () => Promise<string>;
  readonly importLabels: (text: string) => Promise<number | Fault>;
  readonly exportActivity: (account: number) => Promise<string>;
  readonly setPrivacy: (mode: PrivacyMode) => Promise<void>;
  readonly requestFaucet: (account: number) => Promise<{ readonly txid: string } | Fault>;
  readonly dismissAlarms: () => Promise<void>;
  /** wipes everything the chain worker keeps for this network; never the vault */
  readonly forgetChain: () => Promise<void>;
}

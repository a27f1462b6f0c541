import type { Fault } from '#protocol/fault';
import type { RealNameView } from './chain-calls.ts';
import type { DraftView, SigningKeyView } from './draft-view.ts';

export interface VaultView {
  readonly state: 'none' | 'locked' | 'unlocked';
  /** unix seconds of the last backup of each kind, undefined: none */
  readonly backup: { readonly file: number | undefined; readonly words: number | undefined };
  readonly accounts: readonly { readonly account: number; readonly name: string }[];
  /** seconds without a touch before it locks */
  readonly autoLock: number;
  /** base units above which a signature asks for the password again */
  readonly askAbove: bigint;
  readonly wordCount: 12 | 24 | undefined;
}

export interface ReviewOutput {
  readonly address: string | undefined;
  readonly amount: bigint;
  readonly own: boolean;
  readonly element: 'value' | 'credit' | 'debt';
  /** the proved identity whose key it pays, where it was reached by a real-name address */
  readonly realName: RealNameView | undefined;
}

/** A debt that the bytes create or pay off. */
export interface ReviewDebt {
  readonly amount: bigint;
  /** whose coins answer for it; empty: nobody's */
  readonly address: string;
  readonly due:
    | { readonly kind: 'time'; readonly time: number }
    | { readonly kind: 'height'; readonly height: number }
    | { readonly kind: 'blocks-after'; readonly blocks: number }
    | { readonly kind: 'seconds-after'; readonly seconds: number }
    | { readonly kind: 'none' };
}

/** What the vault worker read in the bytes it would sign; never what the page said. */
export interface ReviewView {
  readonly id: number;
  readonly network: string;
  readonly layer: 0 | 1 | 2;
  readonly type: number;
  readonly account: number;
  readonly inputs: readonly { readonly outpoint: string; readonly amount: bigint; readonly address: string; readonly provedAt: number }[];
  readonly recipients: readonly ReviewOutput[];
  readonly change: readonly ReviewOutput[];
  readonly sent: bigint;
  readonly fee: bigint;
  /** units per virtual byte, rounded up */
  readonly feeRate: bigint;
  readonly before: bigint;
  readonly after: bigint;
  readonly debtChange: bigint;
  readonly owed: readonly ReviewDebt[];
  readonly repaid: readonly ReviewDebt[];
  /** credit that is gone afterwards */
  readonly creditUsed: bigint;
  readonly needsPassword: boolean;
  /** codes of things to say before the approval: fee-high, fee-share, address-look-alike, new-recipient … */
  readonly warnings: readonly string[];
  /** hexadecimal unsigned transaction */
  readonly bytes: string;
}

export interface CreateWallet {
  readonly words: 12 | 24;
  readonly password: string;
}

export interface RestoreWords {
  readonly words: string;
  readonly passphrase: string;
  readonly password: string;
}

export interface Quiz {
  /** three places, counted from 1, each with words of the list to choose from */
  readonly questions: readonly { readonly place: number; readonly choices: readonly string[] }[];
}

/** What a screen may ask of the vault worker: there is no `sign(anything)`, and only `showWords` returns a secret. */
export interface VaultCalls {
  readonly watch: (listener: (view: VaultView) => void) => Promise<void>;
  readonly create: (request: CreateWallet) => Promise<true | Fault>;
  readonly restoreWords: (request: RestoreWords) => Promise<true | Fault>;
  readonly restoreFile: (file: Uint8Array, password: string) => Promise<true | Fault>;
  readonly unlock: (password: string) => Promise<true | Fault>;
  readonly lock: () => Promise<void>;
  /** a person touched the app: the auto-lock starts anew */
  readonly touch: () => Promise<void>;
  readonly changePassword: (from: string, to: string) => Promise<true | Fault>;
  readonly showWords: (password: string) => Promise<readonly string[] | Fault>;
  readonly startQuiz: () => Promise<Quiz | Fault>;
  readonly answerQuiz: (answers: readonly string[]) => Promise<true | Fault>;
  readonly exportBackup: (password: string) => Promise<Uint8Array | Fault>;
  readonly addAccount: (name: string) => Promise<number | Fault>;
  readonly renameAccount: (account: number, name: string) => Promise<true | Fault>;
  readonly nextAddress: (account: number) => Promise<string | Fault>;
  readonly setAutoLock: (seconds: number) => Promise<void>;
  readonly setAskAbove: (units: bigint, password: string) => Promise<true | Fault>;
  readonly review: (unsigned: Uint8Array) => Promise<ReviewView | Fault>;
  /** signs exactly the bytes reviewed, keeps the result durably, and hands it to the chain worker for relay */
  readonly approve: (reviewId: number, password: string | undefined) => Promise<{ readonly txid: string } | Fault>;
  /** reads a draft that several people sign: from its bytes, with proved coins */
  readonly reviewDraft: (text: string) => Promise<DraftView | Fault>;
  /** signs a reviewed draft wherever it asks for a key of ours, and answers it anew */
  readonly signDraft: (draftId: number, password: string) => Promise<DraftView | Fault>;
  /** hands a reviewed draft that lacks no signature to the chain worker for relay */
  readonly sendDraft: (draftId: number) => Promise<{ readonly txid: string } | Fault>;
  /** the public key that others may name for an account */
  readonly signingKey: (account: number) => Promise<SigningKeyView | Fault>;
  /** signs a text for one of our addresses (BIP322); what is signed can be no transaction */
  readonly signMessage: (address: string, message: string, password: string) => Promise<string | Fault>;
  readonly dismissReview: (reviewId: number) => Promise<void>;
  /** erases the vault after the password was given; the words are the only way back */
  readonly erase: (password: string) => Promise<true | Fault>;
}

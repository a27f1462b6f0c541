import { equalBytes } from '#protocol/codec/bytes';
import { encodeHex } from '#protocol/codec/hex';
import { encodeUtf8 } from '#protocol/codec/utf8';
import { type Fault, fault, isFault } from '#protocol/fault';
import type { Parameters } from '#protocol/params/parameters';
import { decodeAddress, encodeAddress } from '#protocol/script/address';
import { encodeTransaction } from '#protocol/tx/transaction-codec';
import type { Platform } from '../platform/port.ts';
import type { DraftView, SigningKeyView } from '../rpc/draft-view.ts';
import type { CreateWallet, Quiz, RestoreWords, ReviewView, VaultCalls, VaultView } from '../rpc/vault-calls.ts';
import type { ChainForVault } from '../rpc/vault-chain-port.ts';
import { DraftDesk } from './draft-desk.ts';
import { readWords, writeWords } from './mnemonic.ts';
import { calibrateKdf, isWeaker, type KdfParameters } from './password-key.ts';
import { checkQuiz, makeQuiz } from './quiz.ts';
import { type Reviewed, reviewTransaction } from './review.ts';
import { makeSealingKey, openFile, type SealedKind, type SealingKey, sealFile } from './sealed-file.ts';
import { type KeyScheme, Secrets } from './secrets.ts';
import { signMessageAt } from './sign-message.ts';
import { signPayment } from './sign-payment.ts';
import { decodeVaultContent, encodeVaultContent, VAULT_CONTENT_VERSION, type VaultContent } from './vault-content.ts';
import { DEFAULT_SETTINGS, type VaultSettings, type VaultStore } from './vault-store.ts';

const MIN_PASSWORD = 10;
const MAX_NAME_BYTES = 192;
const MAX_ACCOUNTS = 64;
/** accounts without a coin after which no further one is looked for */
const ACCOUNT_GAP = 5;
const MAX_REVIEWS = 16;
const MIN_AUTO_LOCK = 30;

export interface VaultParts {
  readonly platform: Pick<Platform, 'clock' | 'entropy' | 'locks'>;
  readonly store: VaultStore;
  readonly chain: ChainForVault;
  readonly parameters: Parameters;
  readonly scheme: KeyScheme;
}

/** @shape file: what it was opened from; undefined: there was none before */
interface Opened {
  readonly content: VaultContent;
  readonly key: SealingKey;
  readonly file: Uint8Array | undefined;
}

const isSameFile = (a: Uint8Array | undefined, b: Uint8Array | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && equalBytes(a, b));

/** Wipes what was opened and is not kept. */
const forget = ({ content, key }: Pick<Opened, 'content' | 'key'>): void => {
  content.entropy.fill(0);
  content.passphrase.fill(0);
  key.key.fill(0);
};

const checkPassword = (password: string): true | Fault<'password-short'> =>
  [...password].length >= MIN_PASSWORD ? true : fault('password-short', { minimum: MIN_PASSWORD });

/** The only code that sees a secret; each method is one thing a person does. @source SPEC VT8 */
export class Vault implements VaultCalls {
  private readonly parts: VaultParts;
  private readonly listeners = new Set<(view: VaultView) => void>();
  private readonly reviews = new Map<number, Reviewed>();
  private readonly desk: DraftDesk;
  private secrets: Secrets | undefined;
  private settings: VaultSettings = DEFAULT_SETTINGS;
  private sealed: Uint8Array | undefined;
  private quiz: Quiz | undefined;
  private wordsShown = false;
  private key: SealingKey | undefined;
  private openedFrom: Uint8Array | undefined;
  private kdf: KdfParameters | undefined;
  private nextReview = 1;
  private lockAt = Number.POSITIVE_INFINITY;
  private cancelLock: () => void = () => undefined;

  private constructor(parts: VaultParts) {
    this.parts = parts;
    this.desk = new DraftDesk(parts);
  }

  static async open(parts: VaultParts): Promise<Vault> {
    const vault = new Vault(parts);
    vault.sealed = await parts.store.readSealed();
    vault.settings = await parts.store.readSettings();
    return vault;
  }

  watch = async (listener: (view: VaultView) => void): Promise<void> => {
    this.listeners.add(listener);
    listener(this.view());
  };

  private view(): VaultView {
    const { fileBackupAt, wordsBackupAt, autoLock, askAbove, wordCount } = this.settings;
    const at = (seconds: number): number | undefined => (seconds === 0 ? undefined : seconds);
    const state = this.sealed === undefined ? 'none' : this.secrets === undefined ? 'locked' : 'unlocked';
    const accounts = this.secrets?.watched().map(({ account, name }) => ({ account, name })) ?? [];
    const words = state === 'none' ? undefined : wordCount === 24 ? 24 : 12;
    return { state, backup: { file: at(fileBackupAt), words: at(wordsBackupAt) }, accounts, autoLock, askAbove, wordCount: words };
  }

  private announce(): void {
    for (const listener of this.listeners) listener(this.view());
  }

  private now(): number {
    return Math.floor(this.parts.platform.clock.now());
  }

  private async kdfHere(): Promise<KdfParameters> {
    this.kdf ??= await calibrateKdf(this.parts.platform.clock.now, this.parts.platform.entropy.bytes(16));
    return this.kdf;
  }

  private async newKey(password: string): Promise<SealingKey> {
    return makeSealingKey(password, await this.kdfHere(), this.parts.platform.entropy.bytes(16));
  }

  private seal(kind: SealedKind, content: VaultContent, key: SealingKey): Uint8Array {
    const bytes = encodeVaultContent(content);
    const sealed = sealFile(kind, bytes, key, this.parts.platform.entropy.bytes(24));
    bytes.fill(0);
    return sealed;
  }

  /**
   * Writes under the lock that all tabs share, and only where the file is still the one this tab has read: another tab
   * may have made a vault, changed its password or added an account meanwhile. Settings are changed as they stand there.
   *
   * @source SPEC VT9
   */
  private save(
    sealed: Uint8Array | undefined,
    changed: Partial<VaultSettings>,
    basis: Uint8Array | undefined,
  ): Promise<true | Fault<'vault-changed'>> {
    const { store, platform } = this.parts;
    return platform.locks.hold('vault', async () => {
      const stored = await store.readSealed();
      if (!isSameFile(stored, basis)) {
        this.sealed = stored;
        await this.lock();
        return fault('vault-changed');
      }
      const settings = { ...(await store.readSettings()), ...changed };
      await store.write(sealed, settings);
      this.sealed = sealed ?? stored;
      this.settings = settings;
      return true;
    });
  }

  private async adopt({ content, key, file }: Opened): Promise<void> {
    if (this.key !== key) this.key?.key.fill(0);
    this.secrets?.wipe();
    this.key = key;
    this.openedFrom = file;
    this.secrets = await Secrets.open(content, this.parts.scheme);
    await this.parts.chain.setAccounts(this.secrets.watched());
    this.lockAt = Number.POSITIVE_INFINITY;
    await this.touch();
    this.announce();
    if (this.settings.lookForAccounts === 1) void this.lookForAccounts(this.secrets);
  }

  /**
   * Words do not say how many accounts were made of them: as many as the state shows coins for, with at most
   * `ACCOUNT_GAP` empty ones between them.
   *
   * @source SPEC VT10; BIP44, account discovery
   */
  private async lookForAccounts(secrets: Secrets): Promise<void> {
    let highest = Math.max(...secrets.content.accounts.map(({ account }) => account));
    for (let from = highest + 1; from <= highest + ACCOUNT_GAP && from < MAX_ACCOUNTS; ) {
      const to = Math.min(from + ACCOUNT_GAP, MAX_ACCOUNTS);
      const candidates = Array.from({ length: to - from }, (_, i) => ({ account: from + i, name: '', xpub: secrets.xpubOf(from + i) }));
      const found = await this.parts.chain.accountsWithCoins(candidates);
      if (isFault(found) || this.unlocked() !== secrets) return;
      highest = Math.max(highest, ...(found as readonly number[]));
      from = to;
    }
    const { accounts } = secrets.content;
    const missing = Array.from({ length: highest + 1 }, (_, account) => account).filter(
      (at) => !accounts.some(({ account }) => account === at),
    );
    if (missing.length === 0) return void (await this.changeSettings({ lookForAccounts: 0 }));
    const all = [...accounts, ...missing.map((account) => ({ account, name: encodeUtf8('') }))];
    await this.replaceAccounts(all, { lookForAccounts: 0 });
  }

  private async found(entropy: Uint8Array, passphrase: string, password: string, settings: Partial<VaultSettings>): Promise<true | Fault> {
    const content: VaultContent = {
      version: VAULT_CONTENT_VERSION,
      coinType: this.parts.scheme.coinType,
      entropy,
      passphrase: encodeUtf8(passphrase),
      accounts: [{ account: 0, name: encodeUtf8('') }],
      createdAt: this.now(),
    };
    return this.begin(content, await this.newKey(password), settings);
  }

  /** The first file of this browser: where another tab was faster, its vault stays. */
  private async begin(content: VaultContent, key: SealingKey, settings: Partial<VaultSettings>): Promise<true | Fault> {
    const kept = await this.keep({ content, key, file: undefined }, { ...DEFAULT_SETTINGS, ...settings });
    return isFault(kept) ? fault('vault-exists') : true;
  }

  /** @shape opened: its file is the one to be replaced */
  private async keep(opened: Opened, settings: Partial<VaultSettings>): Promise<true | Fault> {
    const { content, key, file } = opened;
    const sealed = this.seal('vault', content, key);
    const saved = await this.save(sealed, { ...settings, wordCount: content.entropy.length === 32 ? 24 : 12 }, file);
    if (isFault(saved)) forget(opened);
    else await this.adopt({ content, key, file: sealed });
    return saved;
  }

  private checkNew(password: string): true | Fault {
    const good = checkPassword(password);
    return !isFault(good) && this.sealed !== undefined ? fault('vault-exists') : good;
  }

  create = async ({ words, password }: CreateWallet): Promise<true | Fault> => {
    const good = this.checkNew(password);
    return isFault(good) ? good : this.found(this.parts.platform.entropy.bytes(words === 24 ? 32 : 16), '', password, {});
  };

  restoreWords = async ({ words, passphrase, password }: RestoreWords): Promise<true | Fault> => {
    const entropy = readWords(words);
    if ('fault' in entropy) return entropy;
    const good = encodeUtf8(passphrase).length > 256 ? fault('passphrase-long') : this.checkNew(password);
    if (!isFault(good)) return this.found(entropy, passphrase, password, { wordsBackupAt: this.now(), lookForAccounts: 1 });
    entropy.fill(0);
    return good;
  };

  restoreFile = async (file: Uint8Array, password: string): Promise<true | Fault> => {
    if (this.sealed !== undefined) return fault('vault-exists');
    const opened = await this.openContent(file, password);
    if ('fault' in opened) return opened;
    opened.key.key.fill(0);
    return this.begin(opened.content, await this.newKey(password), { fileBackupAt: this.now() });
  };

  private async openContent(file: Uint8Array, password: string): Promise<Opened | Fault> {
    const opened = await openFile(file, password);
    if ('fault' in opened) return opened;
    const content = decodeVaultContent(opened.content);
    opened.content.fill(0);
    if ('fault' in content) return content;
    if (content.coinType !== this.parts.scheme.coinType) return fault('vault-network', { coinType: content.coinType });
    return { content, key: opened.sealing, file };
  }

  /** The file as it is now: its password is the one that opens it, whatever tab set it. */
  private async confirm(password: string): Promise<Opened | Fault> {
    this.sealed = await this.parts.store.readSealed();
    return this.sealed === undefined ? fault('vault-missing') : this.openContent(this.sealed, password);
  }

  /** Asks for the password once more and forgets again what it opened. */
  private async ask(password: string): Promise<true | Fault> {
    const opened = await this.confirm(password);
    if ('fault' in opened) return opened;
    forget(opened);
    return true;
  }

  unlock = async (password: string): Promise<true | Fault> => {
    const opened = await this.confirm(password);
    if ('fault' in opened) return opened;
    if (isWeaker(opened.key.kdf, await this.kdfHere())) return this.sealAnew(opened, password);
    this.settings = await this.parts.store.readSettings();
    await this.adopt(opened);
    return true;
  };

  private async sealAnew({ content, key, file }: Opened, password: string): Promise<true | Fault> {
    key.key.fill(0);
    return this.keep({ content, key: await this.newKey(password), file }, {});
  }

  lock = async (): Promise<void> => {
    this.cancelLock();
    this.secrets?.wipe();
    this.key?.key.fill(0);
    this.secrets = undefined;
    this.key = undefined;
    this.openedFrom = undefined;
    this.reviews.clear();
    this.desk.clear();
    this.quiz = undefined;
    this.wordsShown = false;
    this.announce();
  };

  touch = async (): Promise<void> => {
    this.cancelLock();
    if (this.unlocked() === undefined) return;
    this.lockAt = this.parts.platform.clock.now() + this.settings.autoLock;
    this.cancelLock = this.parts.platform.clock.after(this.settings.autoLock, () => void this.lock());
  };

  /** Timers stand still while a machine sleeps: whoever wakes it finds the vault locked. */
  private unlocked(): Secrets | undefined {
    if (this.secrets !== undefined && this.parts.platform.clock.now() >= this.lockAt) void this.lock();
    return this.secrets;
  }

  changePassword = async (from: string, to: string): Promise<true | Fault> => {
    const opened = await this.confirm(from);
    if ('fault' in opened) return opened;
    const good = checkPassword(to);
    if (!isFault(good)) return this.sealAnew(opened, to);
    forget(opened);
    return good;
  };

  showWords = async (password: string): Promise<readonly string[] | Fault> => {
    const opened = await this.confirm(password);
    if ('fault' in opened) return opened;
    const words = writeWords(opened.content.entropy);
    forget(opened);
    this.wordsShown = true;
    return words;
  };

  /** One quiz for each time the words were shown: each names right words, and many would name them all. */
  startQuiz = async (): Promise<Quiz | Fault> => {
    const secrets = this.unlocked();
    if (secrets === undefined) return fault('vault-locked');
    if (!this.wordsShown) return fault('quiz-missing');
    this.wordsShown = false;
    this.quiz = makeQuiz(writeWords(secrets.content.entropy), this.parts.platform.entropy.bytes);
    return this.quiz;
  };

  answerQuiz = async (answers: readonly string[]): Promise<true | Fault> => {
    const secrets = this.unlocked();
    if (secrets === undefined) return fault('vault-locked');
    if (this.quiz === undefined) return fault('quiz-missing');
    const verdict = checkQuiz(this.quiz, answers, writeWords(secrets.content.entropy));
    return isFault(verdict) ? verdict : this.changeSettings({ wordsBackupAt: this.now() });
  };

  private async changeSettings(changed: Partial<VaultSettings>): Promise<true | Fault> {
    const saved = await this.save(undefined, changed, this.sealed);
    this.announce();
    return saved;
  }

  exportBackup = async (password: string): Promise<Uint8Array | Fault> => {
    const opened = await this.confirm(password);
    if ('fault' in opened) return opened;
    const key = await this.newKey(password);
    const file = this.seal('backup', opened.content, key);
    forget(opened);
    key.key.fill(0);
    const saved = await this.changeSettings({ fileBackupAt: this.now() });
    return isFault(saved) ? saved : file;
  };

  addAccount = async (name: string): Promise<number | Fault> => {
    const secrets = this.unlocked();
    if (secrets === undefined) return fault('vault-locked');
    const bytes = encodeUtf8(name.trim());
    const { accounts } = secrets.content;
    if (bytes.length === 0 || bytes.length > MAX_NAME_BYTES) return fault('account-name');
    if (accounts.length >= MAX_ACCOUNTS) return fault('account-limit', { limit: MAX_ACCOUNTS });
    const account = Math.max(-1, ...accounts.map((known) => known.account)) + 1;
    return (await this.replaceAccounts([...accounts, { account, name: bytes }])) ?? account;
  };

  renameAccount = async (account: number, name: string): Promise<true | Fault> => {
    const secrets = this.unlocked();
    if (secrets === undefined) return fault('vault-locked');
    const bytes = encodeUtf8(name.trim());
    const { accounts } = secrets.content;
    if (bytes.length > MAX_NAME_BYTES) return fault('account-name');
    if (!accounts.some((known) => known.account === account)) return fault('account-unknown', { account });
    const renamed = accounts.map((known) => (known.account === account ? { account, name: bytes } : known));
    return (await this.replaceAccounts(renamed)) ?? true;
  };

  private async replaceAccounts(accounts: VaultContent['accounts'], settings: Partial<VaultSettings> = {}): Promise<undefined | Fault> {
    const { secrets, key } = this;
    if (secrets === undefined || key === undefined) return fault('vault-locked');
    const sealed = this.seal('vault', { ...secrets.content, accounts }, key);
    const saved = await this.save(sealed, settings, this.openedFrom);
    if (isFault(saved)) return saved;
    if (this.secrets !== secrets) return undefined;
    secrets.setAccounts(accounts);
    this.openedFrom = sealed;
    await this.parts.chain.setAccounts(secrets.watched());
    await this.touch();
    this.announce();
    return undefined;
  }

  nextAddress = async (account: number): Promise<string | Fault> => {
    if (this.unlocked() === undefined) return fault('vault-locked');
    const index = await this.parts.chain.reserveAddress(account, 0);
    if (isFault(index)) return index;
    const secrets = this.unlocked();
    if (secrets === undefined) return fault('vault-locked');
    const script = secrets.scriptAt({ account, change: 0, index });
    return encodeAddress(script, this.parts.parameters.addressPrefix) ?? fault('account-unknown', { account });
  };

  setAutoLock = async (seconds: number): Promise<void> => {
    await this.changeSettings({ autoLock: Math.max(MIN_AUTO_LOCK, Math.min(86_400, Math.floor(seconds))) });
    await this.touch();
  };

  setAskAbove = async (units: bigint, password: string): Promise<true | Fault> => {
    const confirmed = await this.ask(password);
    if (isFault(confirmed)) return confirmed;
    return this.changeSettings({ askAbove: units });
  };

  review = async (unsigned: Uint8Array): Promise<ReviewView | Fault> => {
    const { chain, parameters, store } = this.parts;
    const { askAbove } = await store.readSettings();
    const secrets = this.unlocked();
    if (secrets === undefined) return fault('vault-locked');
    const reviewed = await reviewTransaction(unsigned.slice(), { secrets, chain, parameters, askAbove });
    if ('fault' in reviewed) return reviewed;
    const id = this.nextReview++;
    this.reviews.set(id, reviewed);
    for (const old of this.reviews.keys()) if (this.reviews.size > MAX_REVIEWS) this.reviews.delete(old);
    return { ...reviewed.view, id };
  };

  approve = async (reviewId: number, password: string | undefined): Promise<{ readonly txid: string } | Fault> => {
    const reviewed = this.reviews.get(reviewId);
    if (this.unlocked() === undefined) return fault('vault-locked');
    if (reviewed === undefined) return fault('review-missing');
    const confirmed = reviewed.view.needsPassword ? await this.ask(password ?? '') : true;
    if (isFault(confirmed)) return confirmed;
    const secrets = this.unlocked();
    if (secrets === undefined) return fault('vault-locked');
    this.reviews.delete(reviewId);
    const signed = signPayment(reviewed.transaction, reviewed.coins, secrets);
    return this.parts.chain.relay(encodeTransaction(signed));
  };

  reviewDraft = async (text: string): Promise<DraftView | Fault> => {
    const secrets = this.unlocked();
    if (secrets === undefined) return fault('vault-locked');
    const read = await this.desk.read(text, secrets, this.now());
    if (this.unlocked() === secrets) return read;
    this.desk.clear();
    return fault('vault-locked');
  };

  signDraft = async (draftId: number, password: string): Promise<DraftView | Fault> => {
    if (this.unlocked() === undefined) return fault('vault-locked');
    if (!this.desk.has(draftId)) return fault('review-missing');
    const confirmed = await this.ask(password);
    if (isFault(confirmed)) return confirmed;
    const secrets = this.unlocked();
    return secrets === undefined ? fault('vault-locked') : this.desk.sign(draftId, secrets, this.now());
  };

  sendDraft = async (draftId: number): Promise<{ readonly txid: string } | Fault> =>
    this.unlocked() === undefined ? fault('vault-locked') : this.desk.send(draftId);

  signingKey = async (account: number): Promise<SigningKeyView | Fault> => {
    const secrets = this.unlocked();
    if (secrets === undefined) return fault('vault-locked');
    if (!secrets.content.accounts.some((known) => known.account === account)) return fault('account-unknown', { account });
    const place = { account, change: 0, index: 0 } as const;
    const address = encodeAddress(secrets.scriptAt(place), this.parts.parameters.addressPrefix) ?? '';
    return { publicKey: encodeHex(secrets.publicKeyAt(place)), address };
  };

  signMessage = async (address: string, message: string, password: string): Promise<string | Fault> => {
    if (this.unlocked() === undefined) return fault('vault-locked');
    const confirmed = await this.ask(password);
    if (isFault(confirmed)) return confirmed;
    const to = decodeAddress(address, this.parts.parameters.addressPrefix);
    if (isFault(to)) return to;
    const [place] = await this.parts.chain.placesOf([to.script]);
    const secrets = this.unlocked();
    if (secrets === undefined) return fault('vault-locked');
    if (place === undefined || !equalBytes(secrets.scriptAt(place), to.script)) return fault('message-not-ours', { address });
    return signMessageAt(place, to.script, message, secrets);
  };

  dismissReview = async (reviewId: number): Promise<void> => {
    this.reviews.delete(reviewId);
  };

  erase = async (password: string): Promise<true | Fault> => {
    const confirmed = await this.ask(password);
    if (isFault(confirmed)) return confirmed;
    const { platform, store } = this.parts;
    await platform.locks.hold('vault', () => store.erase());
    this.sealed = undefined;
    this.settings = DEFAULT_SETTINGS;
    await this.lock();
    return true;
  };
}

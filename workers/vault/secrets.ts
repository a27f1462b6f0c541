import { deriveMasterKey, type ExtendedKeyPrefix, type HdKey } from '#protocol/crypto/hd-key';
import { invariant } from '#protocol/invariant';
import type { Parameters } from '#protocol/params/parameters';
import { buildPayToKey } from '#protocol/script/forms/pay-to-key';
import type { DerivedPlace, WatchedAccount } from '../rpc/vault-chain-port.ts';
import { deriveSeed } from './mnemonic.ts';
import type { VaultContent } from './vault-content.ts';

const decodeText = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const PURPOSE = 84;

const wipeKey = (key: HdKey): void => {
  key.privateKey?.fill(0);
};

/** Which chain's keys: purpose and coin of BIP84 paths, and the prefix of extended keys. */
export interface KeyScheme {
  readonly coinType: number;
  readonly prefix: ExtendedKeyPrefix;
}

/** @source SPEC HK1: Bitcoin's prefixes, main or test */
export const keySchemeOf = ({ name, coinType }: Parameters): KeyScheme => ({ coinType, prefix: name === 'main' ? 'main' : 'test' });

/** The opened vault: the one object that holds secrets, wiped when it locks. */
export class Secrets {
  private held: VaultContent;
  private readonly seed: Uint8Array;
  private readonly scheme: KeyScheme;
  private wiped = false;
  private readonly publicAccounts = new Map<number, HdKey>();

  private constructor(content: VaultContent, seed: Uint8Array, scheme: KeyScheme) {
    this.held = content;
    this.seed = seed;
    this.scheme = scheme;
  }

  static async open(content: VaultContent, scheme: KeyScheme): Promise<Secrets> {
    return new Secrets(content, await deriveSeed(content.entropy, content.passphrase), scheme);
  }

  get content(): VaultContent {
    return this.held;
  }

  setAccounts(accounts: VaultContent['accounts']): void {
    this.held = { ...this.held, accounts };
  }

  /** What was passed on the way is wiped. @shape the caller wipes it */
  private accountKey(account: number): HdKey {
    invariant(!this.wiped, 'a wiped vault derives no keys');
    let node = deriveMasterKey(this.seed, this.scheme.prefix);
    for (const index of [PURPOSE, this.scheme.coinType, account]) {
      const child = node.deriveHardened(index);
      wipeKey(node);
      node = child;
    }
    return node;
  }

  private publicAccount(account: number): HdKey {
    const known = this.publicAccounts.get(account);
    if (known !== undefined) return known;
    const key = this.accountKey(account);
    const made = key.neutered();
    wipeKey(key);
    this.publicAccounts.set(account, made);
    return made;
  }

  watched(): WatchedAccount[] {
    return this.content.accounts.map(({ account, name }) => ({ account, name: decodeText(name), xpub: this.xpubOf(account) }));
  }

  /** Whether the vault has the account or not. */
  xpubOf(account: number): string {
    return this.publicAccount(account).toBase58();
  }

  /** @shape 33 bytes */
  publicKeyAt({ account, change, index }: DerivedPlace): Uint8Array {
    return this.publicAccount(account).derive(change).derive(index).publicKey;
  }

  /** The P2WPKH script of an address of ours. */
  scriptAt(place: DerivedPlace): Uint8Array {
    return buildPayToKey(this.publicKeyAt(place));
  }

  /** Lends the private key of one address to `use`, and wipes it afterwards. @shape 32 bytes; 33 bytes */
  withKey<T>(place: DerivedPlace, use: (key: Uint8Array, publicKey: Uint8Array) => T): T {
    const account = this.accountKey(place.account);
    const branch = account.derive(place.change);
    const node = branch.derive(place.index);
    wipeKey(account);
    wipeKey(branch);
    try {
      return use(node.privateKey as Uint8Array, node.publicKey);
    } finally {
      wipeKey(node);
    }
  }

  wipe(): void {
    this.wiped = true;
    this.seed.fill(0);
    this.content.entropy.fill(0);
    this.content.passphrase.fill(0);
  }
}

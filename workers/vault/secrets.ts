import { deriveMasterKey, type ExtendedKeyPrefix, type HdKey } from '#protocol/crypto/hd-key';
import type { Parameters } from '#protocol/params/parameters';
import { buildPayToKey } from '#protocol/script/forms/pay-to-key';
import type { DerivedPlace, WatchedAccount } from '../rpc/vault-chain-port.ts';
import { deriveSeed } from './mnemonic.ts';
import type { VaultContent } from './vault-content.ts';

const decodeText = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Which chain's keys: purpose and coin of BIP84 paths, and the prefix of extended keys. */
export interface KeyScheme {
  readonly coinType: number;
  readonly prefix: ExtendedKeyPrefix;
}

/** @source SPEC HK1: Bitcoin's prefixes, main or test */
export const keySchemeOf = ({ name, coinType }: Parameters): KeyScheme => ({ coinType, prefix: name === 'main' ? 'main' : 'test' });

/** The opened vault: the one object that holds secrets, wiped when it locks. */
export class Secrets {
  readonly content: VaultContent;
  private readonly seed: Uint8Array;
  private readonly scheme: KeyScheme;

  private constructor(content: VaultContent, seed: Uint8Array, scheme: KeyScheme) {
    this.content = content;
    this.seed = seed;
    this.scheme = scheme;
  }

  static async open(content: VaultContent, scheme: KeyScheme): Promise<Secrets> {
    return new Secrets(content, await deriveSeed(content.entropy, decodeText(content.passphrase)), scheme);
  }

  private accountKey(account: number): HdKey {
    return deriveMasterKey(this.seed, this.scheme.prefix).derivePath(`m/84'/${this.scheme.coinType}'/${account}'`);
  }

  watched(): WatchedAccount[] {
    return this.content.accounts.map(({ account, name }) => ({
      account,
      name: decodeText(name),
      xpub: this.accountKey(account).neutered().toBase58(),
    }));
  }

  /** The P2WPKH script of an address of ours. */
  scriptAt({ account, change, index }: DerivedPlace): Uint8Array {
    return buildPayToKey(this.accountKey(account).neutered().derive(change).derive(index).publicKey);
  }

  /** Lends the private key of one address to `use`, and wipes it afterwards. @shape 32 bytes; 33 bytes */
  withKey<T>(place: DerivedPlace, use: (key: Uint8Array, publicKey: Uint8Array) => T): T {
    const node = this.accountKey(place.account).derive(place.change).derive(place.index);
    const key = node.privateKey as Uint8Array;
    try {
      return use(key, node.publicKey);
    } finally {
      key.fill(0);
    }
  }

  wipe(): void {
    this.seed.fill(0);
    this.content.entropy.fill(0);
    this.content.passphrase.fill(0);
  }
}

import { concatBytes } from '#protocol/codec/bytes';
import { encodeHex } from '#protocol/codec/hex';
import { hash160 } from '#protocol/crypto/hash';
import { decodeExtendedKey, type ExtendedKeyPrefix, type HdKey } from '#protocol/crypto/hd-key';
import { type Fault, fault, isFault } from '#protocol/fault';
import { invariant } from '#protocol/invariant';
import type { WatchedOwner } from '#spv/coins/watch-set';
import type { WatchedAccount } from '../rpc/vault-chain-port.ts';

/** unused addresses in a row that are looked for beyond the last used one. @source BIP44 */
export const GAP_LIMIT = 20;
export const MAX_ACCOUNTS = 100;
/** addresses of one branch: a bound on what a history can make a client derive */
const MAX_BRANCH = 20_000;

export type Branch = 0 | 1;

export interface OwnAddress {
  readonly account: number;
  readonly branch: Branch;
  readonly index: number;
  readonly owner: WatchedOwner;
}

interface Chain {
  readonly key: () => HdKey;
  readonly addresses: OwnAddress[];
  /** one past the highest used or reserved index */
  next: number;
}

interface Account {
  readonly watched: WatchedAccount;
  readonly branches: readonly [Chain, Chain];
}

/** @shape `0 <20>` */
export const payToKeyScript = (keyHash: Uint8Array): Uint8Array => Uint8Array.of(0, 20, ...keyHash);

const TAG_BYTES = 20;

/** Computes it when it is asked for first. */
const later = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

const makeChain = (account: () => HdKey, branch: Branch): Chain => ({
  key: later(() => account().derive(branch)),
  addresses: [],
  next: 0,
});

/**
 * The addresses of the watched accounts: derived from extended public keys, always `GAP_LIMIT` beyond the last one used.
 *
 * @source SPEC CW3; BIP44, BIP84
 */
export class AddressBook {
  private readonly prefix: ExtendedKeyPrefix;
  private readonly accounts = new Map<number, Account>();
  private readonly byTag = new Map<string, OwnAddress>();
  private readonly usedTags = new Set<string>();
  private readonly remembered = new Map<string, Uint8Array>();

  constructor(prefix: ExtendedKeyPrefix) {
    this.prefix = prefix;
  }

  /**
   * What was derived of an extended key before, so that it is not derived again.
   *
   * @shape tags: 20 bytes each, from index 0 on
   */
  remember(xpub: string, branch: Branch, tags: Uint8Array): void {
    this.remembered.set(`${xpub} ${branch}`, tags);
  }

  /** Everything that was derived of a branch. @shape 20 bytes each */
  derivedTags(account: number, branch: Branch): Uint8Array {
    return concatBytes(...(this.accounts.get(account)?.branches[branch].addresses.map(({ owner }) => owner.tag) ?? []));
  }

  /** @fault `extended-key`; `account-count` */
  setAccounts(watched: readonly WatchedAccount[]): true | Fault {
    if (watched.length > MAX_ACCOUNTS) return fault('account-count', { accounts: watched.length });
    for (const entry of watched) {
      const known = this.accounts.get(entry.account);
      if (known?.watched.xpub === entry.xpub) {
        this.accounts.set(entry.account, { watched: entry, branches: known.branches });
        continue;
      }
      const decoded = this.remembered.has(`${entry.xpub} 0`) ? undefined : decodeExtendedKey(entry.xpub, this.prefix);
      if (isFault(decoded)) return decoded;
      const key = later(() => decoded ?? this.decodeAgain(entry.xpub));
      this.accounts.set(entry.account, { watched: entry, branches: [makeChain(key, 0), makeChain(key, 1)] });
      this.fill(entry.account);
    }
    for (const account of [...this.accounts.keys()]) if (!watched.some((entry) => entry.account === account)) this.drop(account);
    return true;
  }

  private decodeAgain(xpub: string): HdKey {
    const key = decodeExtendedKey(xpub, this.prefix);
    invariant(!isFault(key), 'addresses were derived of this key before');
    return key;
  }

  private drop(account: number): void {
    this.accounts.delete(account);
    for (const [tag, address] of this.byTag) if (address.account === account) this.byTag.delete(tag);
  }

  private fill(account: number): void {
    const entry = this.accounts.get(account);
    entry?.branches.forEach((chain, branch) => {
      const wanted = Math.min(chain.next + GAP_LIMIT, MAX_BRANCH);
      while (chain.addresses.length < wanted) this.derive(account, chain, branch as Branch);
    });
  }

  private rememberedTag(account: number, branch: Branch, index: number): Uint8Array | undefined {
    const tags = this.remembered.get(`${this.accounts.get(account)?.watched.xpub} ${branch}`);
    const tag = tags?.slice(index * TAG_BYTES, (index + 1) * TAG_BYTES);
    return tag?.length === TAG_BYTES ? tag : undefined;
  }

  private derive(account: number, chain: Chain, branch: Branch): void {
    const index = chain.addresses.length;
    const tag = this.rememberedTag(account, branch, index) ?? hash160(Uint8Array.from(chain.key().derive(index).publicKey));
    const address: OwnAddress = { account, branch, index, owner: { tag, script: payToKeyScript(tag) } };
    chain.addresses.push(address);
    this.byTag.set(encodeHex(tag), address);
  }

  list(): readonly WatchedAccount[] {
    return [...this.accounts.values()].map((entry) => entry.watched);
  }

  owners(): readonly WatchedOwner[] {
    return [...this.byTag.values()].map((address) => address.owner);
  }

  find(tag: string): OwnAddress | undefined {
    return this.byTag.get(tag);
  }

  ofScript(script: Uint8Array): OwnAddress | undefined {
    return script.length === 22 && script[0] === 0 && script[1] === 20 ? this.byTag.get(encodeHex(script.subarray(2))) : undefined;
  }

  /** The same for a script in hexadecimal, as records keep it: nothing is decoded, because views look at every record. */
  ofScriptText(script: string): OwnAddress | undefined {
    return script.length === 44 && script.startsWith('0014') ? this.byTag.get(script.slice(4)) : undefined;
  }

  isUsed(tag: string): boolean {
    return this.usedTags.has(tag);
  }

  tagsOf(account: number): readonly string[] {
    return [...this.byTag].filter(([, address]) => address.account === account).map(([tag]) => tag);
  }

  /** Marks an address as seen in a transaction. True: the gap moved and there are new owners to look for. */
  markUsed(tag: string): boolean {
    const address = this.byTag.get(tag);
    if (address === undefined) return false;
    this.usedTags.add(tag);
    return this.advance(address.account, address.branch, address.index + 1);
  }

  /** Everything below `next` counts as given out. True: there are new owners to look for. */
  advance(account: number, branch: Branch, next: number): boolean {
    const chain = this.accounts.get(account)?.branches[branch];
    if (chain === undefined || next <= chain.next) return false;
    chain.next = Math.min(next, MAX_BRANCH);
    this.fill(account);
    return true;
  }

  nextIndex(account: number, branch: Branch): number | undefined {
    return this.accounts.get(account)?.branches[branch].next;
  }

  at(account: number, branch: Branch, index: number): OwnAddress | undefined {
    return this.accounts.get(account)?.branches[branch].addresses[index];
  }
}

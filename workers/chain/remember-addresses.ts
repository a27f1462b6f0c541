import type { WatchedAccount } from '../rpc/vault-chain-port.ts';
import type { AddressBook, Branch } from './address-book.ts';
import type { WalletStore } from './wallet-store.ts';

const BRANCHES: readonly Branch[] = [0, 1];

/** Gives the book what was derived in an earlier run, so that a start derives nothing. @source SPEC CW3 */
export const recallAddresses = async (book: AddressBook, accounts: readonly WatchedAccount[], store: WalletStore): Promise<void> => {
  for (const { xpub } of accounts)
    for (const branch of BRANCHES) {
      const tags = await store.derived(xpub, branch);
      if (tags !== undefined) book.remember(xpub, branch, tags);
    }
};

/** Keeps what the book has derived. @source SPEC CW3 */
export const rememberAddresses = async (book: AddressBook, store: WalletStore): Promise<void> => {
  for (const { account, xpub } of book.list())
    for (const branch of BRANCHES) await store.setDerived(xpub, branch, book.derivedTags(account, branch));
};

import type { AccountView } from '#workers/rpc/chain-view';
import type { VaultView } from '#workers/rpc/vault-calls';

/** Above this, new addresses are not shown until a backup exists. @unit base units */
export const BACKUP_LIMIT = 50n * 100_000_000n;

const isBackedUp = (vault: VaultView): boolean => vault.backup.file !== undefined || vault.backup.words !== undefined;

const held = (accounts: readonly AccountView[]): bigint =>
  accounts.reduce((sum, { balance }) => sum + balance.spendable + balance.incoming + balance.maturing + balance.outgoing, 0n);

/** Whether the receive screen first asks for a backup; the chain is never held up. @source SPEC WB9 */
export const mustBackUp = (vault: VaultView, accounts: readonly AccountView[]): boolean =>
  !isBackedUp(vault) && held(accounts) > BACKUP_LIMIT;

/** The next step of backup, once money has come. @source SPEC WB9 */
export const nextBackup = (vault: VaultView, accounts: readonly AccountView[]): 'file' | 'words' | undefined => {
  if (held(accounts) === 0n && accounts.every(({ activityCount }) => activityCount === 0)) return undefined;
  if (!isBackedUp(vault)) return 'file';
  return vault.backup.words === undefined ? 'words' : undefined;
};

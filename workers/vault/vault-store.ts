import { decodeField, encodeField, type FieldValue, struct, u8, u32, u64 } from '#protocol/codec/schema';
import { isFault } from '#protocol/fault';
import type { KeyValueStore } from '../platform/port.ts';

const TABLE = 'vault';
export const VAULT_TABLES = [TABLE];

const first = { version: u8, fileBackupAt: u32, wordsBackupAt: u32, autoLock: u32, askAbove: u64, wordCount: u8 };
const settings = struct({ ...first, lookForAccounts: u8 });

/**
 * What the vault keeps in clear beside the sealed file; zero means never.
 *
 * @shape lookForAccounts: 1 while accounts of restored words may not have been found yet
 * @unit times: unix seconds; autoLock: seconds
 */
export type VaultSettings = FieldValue<typeof settings>;

export const DEFAULT_SETTINGS: VaultSettings = {
  version: 1,
  fileBackupAt: 0,
  wordsBackupAt: 0,
  autoLock: 300,
  askAbove: 100n * 100_000_000n,
  wordCount: 12,
  lookForAccounts: 0,
};

const decodeSettings = (bytes: Uint8Array): VaultSettings => {
  const value = decodeField(settings, bytes);
  if (!isFault(value)) return value;
  const older = decodeField(struct(first), bytes);
  return isFault(older) ? DEFAULT_SETTINGS : { ...older, lookForAccounts: 0 };
};

/** The sealed vault and its settings; every write is on the disk before it returns. */
export class VaultStore {
  private readonly store: KeyValueStore;

  constructor(store: KeyValueStore) {
    this.store = store;
  }

  readSealed(): Promise<Uint8Array | undefined> {
    return this.store.get(TABLE, 'sealed');
  }

  async readSettings(): Promise<VaultSettings> {
    const bytes = await this.store.get(TABLE, 'settings');
    return bytes === undefined ? DEFAULT_SETTINGS : decodeSettings(bytes);
  }

  write(sealed: Uint8Array | undefined, value: VaultSettings): Promise<void> {
    const clear = { table: TABLE, key: 'settings', value: encodeField(settings, value) };
    const batch = sealed === undefined ? [clear] : [{ table: TABLE, key: 'sealed', value: sealed }, clear];
    return this.store.write(batch, 'strict');
  }

  erase(): Promise<void> {
    return this.store.write(
      [
        { table: TABLE, key: 'sealed', value: undefined },
        { table: TABLE, key: 'settings', value: undefined },
      ],
      'strict',
    );
  }
}

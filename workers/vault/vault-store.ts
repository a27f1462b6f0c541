import { decodeField, encodeField, type FieldValue, struct, u8, u32, u64 } from '#protocol/codec/schema';
import type { KeyValueStore } from '../platform/port.ts';

const TABLE = 'vault';
export const VAULT_TABLES = [TABLE];

const settings = struct({ version: u8, fileBackupAt: u32, wordsBackupAt: u32, autoLock: u32, askAbove: u64, wordCount: u8 });

/** What the vault keeps in clear beside the sealed file; zero means never. @unit times: unix seconds; autoLock: seconds */
export type VaultSettings = FieldValue<typeof settings>;

export const DEFAULT_SETTINGS: VaultSettings = {
  version: 1,
  fileBackupAt: 0,
  wordsBackupAt: 0,
  autoLock: 300,
  askAbove: 100n * 100_000_000n,
  wordCount: 12,
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
    const value = bytes === undefined ? DEFAULT_SETTINGS : decodeField(settings, bytes);
    return 'fault' in value ? DEFAULT_SETTINGS : value;
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

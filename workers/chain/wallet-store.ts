import { isFault } from '#protocol/fault';
import type { KeyValueStore, StoreWrite } from '../platform/port.ts';
import type { LabelEntry } from '../rpc/chain-calls.ts';
import type { WatchedAccount } from '../rpc/vault-chain-port.ts';
import { encodeLabels, parseLabels } from './labels.ts';
import { decodeRecord, encodeRecord, type TxRecord } from './tx-record.ts';

export const TABLES = ['chain', 'account', 'index', 'tx', 'label', 'payee'] as const;

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const read = (value: Uint8Array | undefined): string | undefined => (value === undefined ? undefined : new TextDecoder().decode(value));

const parseAccount = (value: Uint8Array): WatchedAccount | undefined => {
  try {
    const { account, name, xpub } = JSON.parse(new TextDecoder().decode(value)) as Partial<WatchedAccount>;
    return typeof account === 'number' && typeof name === 'string' && typeof xpub === 'string' ? { account, name, xpub } : undefined;
  } catch {
    return undefined;
  }
};

/** What the chain worker keeps, by genesis: never a secret. */
export class WalletStore {
  private readonly store: KeyValueStore;

  constructor(store: KeyValueStore) {
    this.store = store;
  }

  chainValue = (name: string): Promise<Uint8Array | undefined> => this.store.get('chain', name);

  setChainValue = (name: string, value: Uint8Array): Promise<void> => this.store.write([{ table: 'chain', key: name, value }], 'relaxed');

  async accounts(): Promise<readonly WatchedAccount[]> {
    const entries = await this.store.entries('account');
    return entries.map(([, value]) => parseAccount(value)).filter((entry) => entry !== undefined);
  }

  async setAccounts(accounts: readonly WatchedAccount[]): Promise<void> {
    const old = await this.store.entries('account');
    const kept = new Set(accounts.map((entry) => String(entry.account)));
    const gone: StoreWrite[] = old.filter(([key]) => !kept.has(key)).map(([key]) => ({ table: 'account', key, value: undefined }));
    const now = accounts.map((entry) => ({ table: 'account', key: String(entry.account), value: text(JSON.stringify(entry)) }));
    await this.store.write([...gone, ...now], 'strict');
  }

  /** Owner tags that were derived of an extended key before. @shape 20 bytes each, from index 0 on */
  derived = (xpub: string, branch: number): Promise<Uint8Array | undefined> => this.store.get('chain', `derived ${xpub} ${branch}`);

  setDerived = (xpub: string, branch: number, tags: Uint8Array): Promise<void> =>
    this.store.write([{ table: 'chain', key: `derived ${xpub} ${branch}`, value: tags }], 'relaxed');

  /** by `account/branch`: one past the highest index given out */
  async indices(): Promise<ReadonlyMap<string, number>> {
    const entries = await this.store.entries('index');
    return new Map(entries.map(([key, value]) => [key, Number(read(value))]));
  }

  /** On the disk before an address is shown: one given out twice would join two payers. @throws Failure `storage-full` */
  setIndex = (account: number, branch: number, next: number): Promise<void> =>
    this.store.write([{ table: 'index', key: `${account}/${branch}`, value: text(String(next)) }], 'strict');

  async records(): Promise<readonly TxRecord[]> {
    const entries = await this.store.entries('tx');
    return entries.map(([, value]) => decodeRecord(value)).filter((record) => record !== undefined);
  }

  setRecords = (records: readonly TxRecord[], durability: 'relaxed' | 'strict'): Promise<void> =>
    this.store.write(
      records.map((record) => ({ table: 'tx', key: record.txid, value: encodeRecord(record) })),
      durability,
    );

  dropRecords = (txids: readonly string[]): Promise<void> =>
    this.store.write(
      txids.map((key) => ({ table: 'tx', key, value: undefined })),
      'relaxed',
    );

  async labels(): Promise<readonly LabelEntry[]> {
    const entries = await this.store.entries('label');
    const lines = entries.map(([, value]) => read(value)).join('\n');
    const labels = parseLabels(lines);
    return isFault(labels) ? [] : labels;
  }

  setLabels = (labels: readonly LabelEntry[]): Promise<void> =>
    this.store.write(
      labels.map((entry) => ({
        table: 'label',
        key: `${entry.kind} ${entry.ref}`,
        value: entry.label === '' ? undefined : text(encodeLabels([entry])),
      })),
      'relaxed',
    );

  async payees(): Promise<readonly string[]> {
    return (await this.store.entries('payee')).map(([key]) => key);
  }

  addPayees = (addresses: readonly string[]): Promise<void> =>
    this.store.write(
      addresses.map((key) => ({ table: 'payee', key, value: new Uint8Array() })),
      'relaxed',
    );

  clear = (): Promise<void> => this.store.clear();
  close = (): void => this.store.close();
}

import { encodeHex } from '#protocol/codec/hex';
import { accountHolder, tagHolder } from '#protocol/debt/holder';
import type { LiabilityChange } from '#protocol/debt/liabilities';
import { LiabilityIndex } from '#protocol/debt/liability-index';
import { invariant } from '#protocol/invariant';
import type { Holder } from '#protocol/ledger/ledger-view';
import type { Database, WriteOp } from './database.ts';
import { liabilityKey, readBe32, wholeTable } from './keys.ts';

export const HOLDER_BYTES = 21;
const ACCOUNT = 1;
const KIND_OFFSET = 1 + HOLDER_BYTES;

/** @shape account u8 ‖ account id or owner tag 20 */
export const writeHolder = (holder: Holder): Uint8Array => {
  const [kind, hex] = holder.split(':') as [string, string];
  return Uint8Array.of(kind === 'account' ? ACCOUNT : 0, ...Buffer.from(hex, 'hex'));
};

export const readHolder = (bytes: Uint8Array): Holder => (bytes[0] === ACCOUNT ? accountHolder : tagHolder)(bytes.subarray(1));

const encodeAmount = (amount: bigint): Uint8Array => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, amount);
  return bytes;
};

const nameOf = ({ holder, kind, due }: LiabilityChange): string => `${holder}:${kind}:${due}`;

/**
 * Who owes what when: on disk by holder and date, and in memory, where the next due date of a holder is at hand.
 *
 * @source SPEC DE3, ND5
 */
export class LiabilityStore {
  readonly index = new LiabilityIndex();

  static async load(database: Database): Promise<LiabilityStore> {
    const store = new LiabilityStore();
    for await (const [key, value] of database.entries(wholeTable('liability'))) {
      const holder = readHolder(key.subarray(1, KIND_OFFSET));
      const kind = key[KIND_OFFSET] === 0 ? 'height' : 'time';
      const delta = new DataView(value.buffer, value.byteOffset, value.byteLength).getBigUint64(0);
      store.index.apply([{ holder, kind, due: readBe32(key, KIND_OFFSET + 1), delta }], 1n);
    }
    return store;
  }

  /** Adds the writes to the batch; `apply` once it is written. */
  plan(ops: WriteOp[], changes: readonly LiabilityChange[]): { readonly apply: () => void } {
    const sums = new Map<string, LiabilityChange>();
    for (const change of changes) {
      const name = nameOf(change);
      const before = sums.get(name)?.delta ?? this.index.amountAt(change.holder, change);
      sums.set(name, { ...change, delta: before + change.delta });
    }
    for (const { holder, kind, due, delta } of sums.values()) {
      invariant(delta >= 0n, `${encodeHex(writeHolder(holder))} owes nothing less than nothing`);
      const key = liabilityKey(writeHolder(holder), kind, due);
      ops.push(delta === 0n ? { type: 'del', key } : { type: 'put', key, value: encodeAmount(delta) });
    }
    return { apply: () => this.index.apply(changes, 1n) };
  }
}

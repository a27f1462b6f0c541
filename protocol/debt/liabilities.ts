import { encodeHex } from '../codec/hex.ts';
import { isFault } from '../fault.ts';
import type { Coin } from '../ledger/coin.ts';
import type { Holder, LedgerView } from '../ledger/ledger-view.ts';
import type { Parameters } from '../params/parameters.ts';
import type { RecordChange } from '../records/check-record.ts';
import { decodeChild } from '../records/child.ts';
import { nameTable } from '../records/tables.ts';
import { matchDebtScript } from '../script/forms/debt.ts';
import { computeDue, type Due } from './due.ts';
import { accountHolder, computeHolder, tagHolder } from './holder.ts';

/** What falls due for one holder at one date. @unit amount: base units */
export interface Liability extends Due {
  readonly amount: bigint;
}

/** A change in the index of who owes what when: under every owner tag, and under the account it is attributed to besides. */
export interface LiabilityChange extends Due {
  readonly holder: Holder;
  readonly delta: bigint;
}

interface Owed extends Due {
  readonly tag: Uint8Array;
  readonly delta: bigint;
}

const owedBy = (coins: readonly Coin[], sign: bigint, parameters: Parameters): Owed[] =>
  coins.flatMap((coin) => {
    const form = coin.element === 'debt' ? matchDebtScript(coin.script) : undefined;
    const due = form && computeDue(coin, parameters);
    return form === undefined || due === undefined ? [] : [{ ...due, tag: form.tag, delta: sign * coin.amount }];
  });

interface Attribution {
  readonly tag: Uint8Array;
  readonly account: Holder;
}

const attributionsOf = (records: readonly RecordChange[]): Attribution[] =>
  records.flatMap(({ table, key, after }) => {
    const child = after !== undefined && nameTable(table) === 'child' ? decodeChild(after.value) : undefined;
    return child === undefined || isFault(child) ? [] : [{ tag: key, account: accountHolder(child.account) }];
  });

/** What a key owed before it was attributed is its account's from then on. */
const takenOver = (
  { tag, account }: Attribution,
  owed: readonly Owed[],
  duesOf: (holder: Holder) => Iterable<Liability>,
): LiabilityChange[] => [
  ...[...duesOf(tagHolder(tag))].map(({ kind, due, amount }) => ({ holder: account, kind, due, delta: amount })),
  ...owed.filter((each) => encodeHex(each.tag) === encodeHex(tag)).map(({ kind, due, delta }) => ({ holder: account, kind, due, delta })),
];

/**
 * What a block changes in the index of liabilities: O(debts it makes and spends), and for a key that it attributes, what
 * that key owes.
 *
 * @shape findRecord: of the state before the block
 * @source SPEC DE3; spec 02, economy
 */
export const computeLiabilityChanges = (
  coins: { readonly created: readonly Coin[]; readonly spent: readonly Coin[] },
  records: readonly RecordChange[],
  state: { readonly findRecord: LedgerView['findRecord']; readonly duesOf: (holder: Holder) => Iterable<Liability> },
  parameters: Parameters,
): LiabilityChange[] => {
  const owed = [...owedBy(coins.created, 1n, parameters), ...owedBy(coins.spent, -1n, parameters)];
  const filed = owed.flatMap(({ tag, kind, due, delta }) => {
    const holder = computeHolder(tag, state.findRecord);
    const own = { holder: tagHolder(tag), kind, due, delta };
    return holder === own.holder ? [own] : [own, { ...own, holder }];
  });
  return [...filed, ...attributionsOf(records).flatMap((attribution) => takenOver(attribution, owed, state.duesOf))];
};

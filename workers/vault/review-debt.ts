import { decodeReversedHex } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { checkFreeze } from '#protocol/debt/check-freeze';
import { checkDraft } from '#protocol/draft/check-draft';
import { type Fault, fault, isFault } from '#protocol/fault';
import { invariant } from '#protocol/invariant';
import type { Coin } from '#protocol/ledger/coin';
import type { Holder } from '#protocol/ledger/ledger-view';
import { resolveInputs } from '#protocol/ledger/resolve';
import type { Parameters } from '#protocol/params/parameters';
import { encodeAddress } from '#protocol/script/address';
import { type DebtTerm, matchDebtScript } from '#protocol/script/forms/debt';
import { buildPayToKeyHash } from '#protocol/script/forms/pay-to-key';
import { computeScriptTag } from '#protocol/script/owner-tag';
import { outpointKey } from '#protocol/tx/outpoint';
import type { Transaction } from '#protocol/tx/transaction';
import type { ReviewDebt } from '../rpc/vault-calls.ts';
import type { ProvedCoin } from '../rpc/vault-chain-port.ts';

const LOCK_TIME_THRESHOLD = 500_000_000;
const TIME_UNIT = 512;

/** A proved coin as the rules of the ledger want it. */
export const coinOf = ({ outpoint, element, amount, script, layer, type, height, medianTime }: ProvedCoin): Coin => {
  const [txid, index] = outpoint.split(':');
  const decoded = decodeReversedHex(txid ?? '');
  invariant(!isFault(decoded), 'a proved coin has an outpoint');
  return { outpoint: { txid: decoded, index: Number(index) }, element, amount, script, layer, type, height, medianTime };
};

export const dueOf = (term: DebtTerm): ReviewDebt['due'] => {
  if (term.kind === 'blocks') return { kind: 'blocks-after', blocks: term.blocks };
  if (term.kind === 'time') return { kind: 'seconds-after', seconds: term.intervals * TIME_UNIT };
  return term.lockTime < LOCK_TIME_THRESHOLD ? { kind: 'height', height: term.lockTime } : { kind: 'time', time: term.lockTime };
};

const describeDebt = ({ amount, script }: Pick<Coin, 'amount' | 'script'>, { addressPrefix }: Parameters): ReviewDebt | undefined => {
  const form = matchDebtScript(script);
  if (form === undefined) return undefined;
  return { amount, address: encodeAddress(buildPayToKeyHash(form.tag), addressPrefix) ?? '', due: dueOf(form.term) };
};

/** What a transaction does beside moving value. @unit amounts: base units */
export interface DebtEffect {
  readonly fee: bigint;
  readonly owed: readonly ReviewDebt[];
  readonly repaid: readonly ReviewDebt[];
  readonly creditUsed: bigint;
}

const sum = (coins: readonly { readonly amount: bigint }[]): bigint => coins.reduce((total, { amount }) => total + amount, 0n);

const isCredit = ({ element }: { readonly element: string }): boolean => element === 'credit';
const isDebt = ({ element }: { readonly element: string }): boolean => element === 'debt';

/** What a transaction spends, and which of it a debt that is overdue has frozen. */
interface FrozenSpend {
  readonly coins: readonly Coin[];
  readonly frozen: readonly Coin[];
  readonly fee: bigint;
}

/**
 * What the freeze rule says of it: a coin in whose name a debt is overdue repays, and does nothing else.
 *
 * @fault `frozen`: with the input and the clause it breaks
 * @source SPEC VT11, DE5
 */
export const checkFrozen = (transaction: Transaction, { coins, frozen, fee }: FrozenSpend, parameters: Parameters): true | Fault => {
  const byOutpoint = new Map(coins.map((coin) => [outpointKey(coin.outpoint), coin]));
  const resolved = resolveInputs(transaction, (outpoint) => byOutpoint.get(outpointKey(outpoint)));
  if (isFault(resolved)) return resolved;
  const tags = new Set(frozen.map(({ script }) => encodeHex(computeScriptTag(script))));
  const findFrozen = (tag: Uint8Array): Holder | undefined => (tags.has(encodeHex(tag)) ? `tag:${encodeHex(tag)}` : undefined);
  const inputs = resolved.inputs.map((input) => ({ ...input, satisfied: { accepted: [], collective: false, checks: 0 } }));
  return checkFreeze({ resolved, inputs, fee }, { parameters, findFrozen }) ?? true;
};

/**
 * Reads from the bytes what is owed, repaid and drawn: every new debt in a name of ours and in the standard form.
 *
 * @shape isOurs: whether a tag is one of our own, derived again
 * @fault `debt-not-ours`: a debt in another name, or of a form that names nobody; `not-yet-supported`: a roll-over; those of `checkDraft`
 * @source SPEC VT11; spec 04, bad input: a term that the signer did not see
 */
export const readDebts = (
  transaction: Transaction,
  coins: readonly ProvedCoin[],
  isOurs: (tag: Uint8Array) => boolean,
  parameters: Parameters,
): DebtEffect | Fault => {
  const understood = checkDraft({ transaction, coins: coins.map(coinOf), claim: undefined, signatures: [] }, parameters);
  if (isFault(understood)) return understood;
  const made = transaction.outputs.filter(isDebt);
  if (made.length > 0 && coins.some(isDebt)) return fault('not-yet-supported', { debts: made.length });
  const strange = made.findIndex(({ script }) => {
    const tag = matchDebtScript(script)?.tag;
    return tag === undefined || !isOurs(tag);
  });
  if (strange !== -1) return fault('debt-not-ours', { debt: strange });
  const owed = made.map((output) => describeDebt(output, parameters)).filter((debt) => debt !== undefined);
  const repaid = coins
    .filter(isDebt)
    .map((coin) => describeDebt(coin, parameters) ?? { amount: coin.amount, address: '', due: { kind: 'none' as const } });
  return { fee: understood.fee, owed, repaid, creditUsed: sum(coins.filter(isCredit)) - sum(transaction.outputs.filter(isCredit)) };
};

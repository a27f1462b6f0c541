import { planDraw as planDrawing } from '#protocol/debt/build-draw';
import { planRepayment } from '#protocol/debt/build-repayment';
import type { DebtPlace } from '#protocol/debt/plan-term';
import type { Draft } from '#protocol/draft/draft';
import { type Fault, fault, isFault } from '#protocol/fault';
import type { Coin } from '#protocol/ledger/coin';
import { encodeTransaction } from '#protocol/tx/transaction-codec';
import { type LightChain, medianTimeUpTo } from '#spv/headers/light-chain';
import type { DrawIntent, RepayIntent } from '../rpc/chain-calls.ts';
import type { LightDriver } from './light-driver.ts';
import { displayOutpoint, type Wallet, type WalletCoin } from './wallet.ts';

/** planners count fee rates by a thousand virtual bytes */
export const PER_THOUSAND = 1_000n;

export const coinOf = ({ coin: { medianTime, time, ...coin } }: WalletCoin): Coin => ({ ...coin, medianTime: medianTime ?? time });

const sum = (coins: readonly Coin[]): bigint => coins.reduce((total, { amount }) => total + amount, 0n);

/** After which block of the verified chain a transaction would stand. */
export const placeAtTip = (chain: LightChain): DebtPlace => {
  const { header } = chain.tip;
  return { height: header.height, medianTime: medianTimeUpTo(chain, chain.tip) ?? header.time };
};

/** Whose credit is drawn by whom. @shape consent: a coin of the debtor's where the credit is somebody else's; tag: of who will owe */
interface Drawing {
  readonly credit: readonly Coin[];
  readonly consent: Coin | undefined;
  readonly tag: Uint8Array;
  readonly moneyScript: Uint8Array;
}

/** A draft of what an intent draws: what is left of the credit goes back to where it was. @fault those of `planDraw` */
export const draftDraw = ({ credit, consent, tag, moneyScript }: Drawing, intent: DrawIntent, chain: LightChain): Draft | Fault =>
  planDrawing({
    credit,
    consent,
    tag,
    amount: intent.amount,
    terms: [{ kind: 'expiry', lockTime: intent.due }],
    valueScript: moneyScript,
    creditScript: credit[0]?.script ?? moneyScript,
    place: placeAtTip(chain),
    feeRate: intent.feeRate * PER_THOUSAND,
    parameters: chain.trust.parameters,
  });

/** Credit that one address holds is drawn at a time, since that address then answers: the smallest that suffices. */
export const creditFor = (
  entries: readonly WalletCoin[],
  amount: bigint,
  isUsable = ({ state }: WalletCoin): boolean => state === 'credit',
): readonly Coin[] => {
  const byOwner = [...Map.groupBy(entries.filter(isUsable), ({ tag }) => tag).values()];
  const sums = byOwner.map((owned) => owned.map(coinOf)).toSorted((a, b) => (sum(a) < sum(b) ? -1 : 1));
  return sums.find((coins) => sum(coins) >= amount) ?? sums.at(-1) ?? [];
};

/**
 * Builds the unsigned transaction that draws credit of the account's own: money for it, and a debt in the name of the address
 * that held the credit.
 *
 * @shape moneyScript: an address of the account that was not given out
 * @fault `no-credit`; those of `planDraw`
 * @source SPEC CW47; spec 04, credit 2
 */
export const planDraw = (intent: DrawIntent, wallet: Wallet, driver: LightDriver, moneyScript: Uint8Array): Uint8Array | Fault => {
  const { chain } = driver;
  const credit = creditFor(wallet.coins(intent.account), intent.amount);
  const [first] = credit;
  const owner = first === undefined ? undefined : wallet.addresses.ofScript(first.script)?.owner;
  if (first === undefined || owner === undefined || chain === undefined) return fault('no-credit');
  const draft = draftDraw({ credit, consent: undefined, tag: owner.tag, moneyScript }, intent, chain);
  return isFault(draft) ? draft : encodeTransaction(draft.transaction);
};

/** What may pay: where a debt is overdue only coins of its own name and coins that are free may stand together with it. */
export const moneyFor = (entries: readonly WalletCoin[], debts: readonly WalletCoin[]): readonly WalletCoin[] => {
  const names = new Set(debts.map(({ tag }) => tag));
  const own = entries.filter(({ state, tag, coin }) => state === 'frozen' && coin.element === 'value' && names.has(tag));
  return own.length > 0 ? own : entries.filter(({ state }) => state === 'spendable');
};

/**
 * Builds the unsigned transaction that repays debts whole. Frozen money pays first, and then alone, with its rest where it
 * was: nothing else may be done with it.
 *
 * @fault `debt-absent`: no debt of the account, or one that a payment under way repays; those of `planRepayment`
 * @source SPEC CW47, DE5; spec 04, credit 3
 */
export const planRepay = (intent: RepayIntent, wallet: Wallet, changeScript: Uint8Array): Uint8Array | Fault => {
  const entries = wallet.coins(intent.account);
  const wanted = new Set(intent.debts);
  const debts = entries.filter(({ state, coin, underWay }) => state === 'debt' && !underWay && wanted.has(displayOutpoint(coin)));
  if (debts.length === 0 || debts.length !== wanted.size) return fault('debt-absent');
  const repay = (money: readonly WalletCoin[]): Uint8Array | Fault => {
    const frozen = money.find(({ state }) => state === 'frozen');
    const draft = planRepayment(debts.map(coinOf), {
      coins: money.map(coinOf),
      changeScript: frozen?.coin.script ?? changeScript,
      feeRate: intent.feeRate * PER_THOUSAND,
      parameters: wallet.parameters,
    });
    return isFault(draft) ? draft : encodeTransaction(draft.transaction);
  };
  const first = repay(moneyFor(entries, debts));
  return isFault(first) && first.fault === 'funds-insufficient' ? repay(entries.filter(({ state }) => state === 'spendable')) : first;
};

import { describe, expect, test } from 'vitest';
import { buildPunishment, planSeizure, type Seizure } from '../debt/build-punishment.ts';
import { accountHolder, tagHolder, tagsOf } from '../debt/holder.ts';
import { LiabilityIndex } from '../debt/liability-index.ts';
import type { Coin } from '../ledger/coin.ts';
import type { DebtTerm } from '../script/forms/debt.ts';
import { buildPayToScript } from '../script/forms/pay-to-script.ts';
import type { Transaction, TransactionOutput } from '../tx/transaction.ts';
import { computeMedianPast } from './block-effect.ts';
import { BlockLedger } from './block-ledger.ts';
import { testKey, VC } from './test-chain.ts';
import { buildSigned, byKey, byKeys, type SignedInput } from './test-ledger.ts';
import {
  AGENT,
  account,
  attribute,
  DEBTOR,
  debt,
  JOINT,
  jointKeys,
  Market,
  OTHER,
  overdue,
  register,
  tagOf,
  value,
} from './test-market.ts';

const plan = (market: Market, declined: Transaction): Seizure | undefined => {
  const { state, parameters } = market.chain;
  const medianTime = computeMedianPast(state);
  const { findCoin, findRecord, findSeat, findFrozen } = new BlockLedger(state, medianTime);
  const place = { height: state.tip.height + 1, medianTime };
  return planSeizure(declined, { place, parameters, findCoin, findRecord, findSeat, findFrozen });
};

const away: TransactionOutput = value(VC, testKey(OTHER).script);
const moving = (...inputs: readonly SignedInput[]): Transaction => buildSigned({ inputs, outputs: [away] });
const debtors = (coin: Coin, sighashType = 1): SignedInput => ({ coin, signer: byKey(DEBTOR, sighashType) });

const verdict = (market: Market, declined: Transaction, liability: Coin): string => {
  const seizure = plan(market, declined);
  return seizure === undefined ? 'nothing to seize' : market.codeOf(buildPunishment(seizure, liability));
};

describe('a punishment', () => {
  test.each([
    ['blocks', { kind: 'blocks', blocks: 3 }],
    ['intervals of time', { kind: 'time', intervals: 1 }],
    ['a height', { kind: 'expiry', lockTime: 8 }],
    ['a time', { kind: 'expiry', lockTime: 1_800_000_040 }],
  ] as const satisfies readonly (readonly [string, DebtTerm])[])(
    'PU3 meets a term of %s, once it is overdue and not a block before',
    (_name, term) => {
      const market = new Market();
      const { debt: owed, cash } = market.draw(term);
      const declined = moving(debtors(cash));
      while (market.state.tip.economy.overdue === 0n) {
        expect(market.codeOf(declined)).toBe('accepted');
        expect(plan(market, declined)).toBeUndefined();
        expect(
          market.codeOf(buildPunishment({ declined, account: tagHolder(tagOf(DEBTOR)), seized: [cash.outpoint], amount: 0n }, owed)),
        ).toBe('declined-lawful');
        market.chain.grow(1);
      }
      expect(plan(market, declined)).toMatchObject({ account: tagHolder(tagOf(DEBTOR)), seized: [cash.outpoint], amount: cash.amount });
      expect(verdict(market, declined, owed)).toBe('accepted');
    },
  );

  test('PU2 takes all that is the debtor’s own and signed as a whole, and leaves what needs another’s signature', () => {
    const market = new Market();
    const [shared, second, third] = market.pay(
      DEBTOR,
      value(VC, buildPayToScript(JOINT)),
      value(2n * VC, testKey(DEBTOR).script),
      value(3n * VC, testKey(DEBTOR).script),
      value(90n * VC, testKey(DEBTOR).script),
    ) as [Coin, Coin, Coin];
    const { debt: owed, cash } = market.draw();
    market.chain.grow(2);
    const joint = { coin: shared, signer: byKeys(JOINT, jointKeys, { witnessScript: true }) };
    const loose = [second, third].find(({ outpoint }) => outpoint.index !== cash.outpoint.index) as Coin;
    const whole = [second, third].filter((coin) => coin !== loose && market.state.findCoin(coin.outpoint) !== undefined);
    const declined = moving(market.own(OTHER), joint, ...whole.map((coin) => debtors(coin)), debtors(loose, 0x81), debtors(cash));
    const taken = [...whole, cash];
    expect(plan(market, declined)).toMatchObject({
      seized: taken.map(({ outpoint }) => outpoint),
      amount: taken.reduce((sum, { amount }) => sum + amount, 0n),
    });
    expect(verdict(market, declined, owed)).toBe('accepted');
    expect(plan(market, moving(joint))).toBeUndefined();
    expect(plan(market, moving(debtors(loose, 0x81)))).toBeUndefined();
  });

  test('PU2 of two frozen accounts it takes from the one that gives most', () => {
    const market = new Market();
    const { cash } = market.draw();
    const granted = market.grant(VC);
    const [small] = market.pay(2_003, value(5_000n, testKey(2_004).script), value(99n * VC, testKey(2_003).script)) as [Coin];
    const owing = buildSigned({
      inputs: [{ coin: granted, signer: byKey(AGENT) }, market.own(2_003)],
      outputs: [debt(VC, tagOf(2_003)), value(98n * VC, testKey(2_003).script)],
    });
    market.mine(owing);
    market.chain.grow(3);
    const rich = market.outputOf(owing, 1);
    const both = moving(debtors(cash), { coin: rich, signer: byKey(2_003) }, { coin: small, signer: byKey(2_004) });
    expect(cash.amount > rich.amount).toBe(true);
    expect(plan(market, both)).toMatchObject({ account: tagHolder(tagOf(DEBTOR)), seized: [cash.outpoint] });
    const other = moving({ coin: rich, signer: byKey(2_003) }, { coin: small, signer: byKey(2_004) });
    expect(plan(market, other)).toMatchObject({ account: tagHolder(tagOf(2_003)), seized: [rich.outpoint] });
  });

  test('PU1 is never made of what is lawful, breaks another rule, or is a punishment', () => {
    const { market, debt: owed, cash } = overdue();
    expect(plan(market, buildSigned({ inputs: [debtors(cash)], outputs: [value(VC, testKey(DEBTOR).script)] }))).toBeUndefined();
    expect(plan(market, moving({ coin: cash, signer: byKey(OTHER) }))).toBeUndefined();
    expect(plan(market, buildSigned({ inputs: [debtors(cash)], outputs: [value(cash.amount + 1n, away.script)] }))).toBeUndefined();
    expect(plan(market, buildSigned({ lockTime: 100_000, inputs: [debtors(cash)], outputs: [away] }))).toBeUndefined();
    const seizure = plan(market, moving(debtors(cash))) as Seizure;
    expect(plan(market, buildPunishment(seizure, owed))).toBeUndefined();
  });

  test('PU3 finds the debts of an account under each of its keys', () => {
    const market = new Market();
    register(market);
    attribute(market, []);
    const { cash, debt: owed } = market.draw({ kind: 'blocks', blocks: 3 });
    market.chain.grow(2);
    const declined = moving(debtors(cash));
    const seizure = plan(market, declined) as Seizure;
    expect(seizure.account).toBe(accountHolder(account));
    const { findRecord } = new BlockLedger(market.state, computeMedianPast(market.state));
    const index = new LiabilityIndex();
    const due = { kind: 'height', due: market.state.tip.height, delta: 1n } as const;
    for (const key of [DEBTOR, OTHER]) index.apply([{ holder: tagHolder(tagOf(key)), ...due }], 1n);
    index.apply([{ holder: accountHolder(account), ...due }], 1n);
    index.apply([{ holder: tagHolder(tagOf(AGENT)), ...due, due: due.due + 1 }], 1n);
    const tags = [...index.overdueTags(due.due, 0)];
    expect(tags).toEqual([tagOf(DEBTOR), tagOf(OTHER)]);
    expect(tagsOf(seizure.account, tags, findRecord)).toEqual([tagOf(DEBTOR)]);
    expect(tagsOf(tagHolder(tagOf(OTHER)), tags, findRecord)).toEqual([tagOf(OTHER)]);
    expect(market.codeOf(buildPunishment(seizure, owed))).toBe('accepted');
  });
});

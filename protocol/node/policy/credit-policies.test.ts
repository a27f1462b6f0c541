import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFault } from '#protocol/fault';
import { type CreditFigures, type CreditQuestion, judgeCredit, type Recipient } from './credit-policies.ts';
import { GrantLog } from './grant-log.ts';
import {
  changePolicy,
  decodePolicies,
  encodePolicies,
  INITIAL_POLICIES,
  type MakerPolicies,
  POLICY_FIELDS,
  POLICY_NAMES,
  type PolicyName,
} from './policy-fields.ts';
import { RefusalList } from './refusal-list.ts';

const CALM: CreditFigures = {
  circulating: 1_000_000n,
  credit: 0n,
  overdue: 0n,
  debt: 0n,
  debtTime: 0n,
  medianTime: 1_800_000_000,
  granted: 0n,
  pending: 0n,
};
const GRANT: CreditQuestion = { kind: 'grant', granted: 1_000n, interest: 0n, recipients: [] };
const NOBODY: Recipient = { amount: 1_000n, granted: 0n, quota: undefined, suspended: false };

/** Only this policy, with these parameters. */
const only = (name: PolicyName, settings: Readonly<Record<string, boolean | number>> = {}): MakerPolicies => {
  const off = Object.fromEntries(POLICY_NAMES.map((each) => [each, { ...INITIAL_POLICIES[each], enabled: each === name }]));
  return { ...off, [name]: { ...off[name], ...settings } } as unknown as MakerPolicies;
};

const codeOf = (policies: MakerPolicies, question: Partial<CreditQuestion> = {}, figures: Partial<CreditFigures> = {}): string =>
  judgeCredit(policies, { ...GRANT, ...question }, { ...CALM, ...figures })?.reason.fault ?? 'let in';

describe('each policy at its bound', () => {
  test('MP2 lets credit in up to a share of circulating value, and a unit more is refused', () => {
    const policies = only('credit-rate', { share: 500 });
    expect(codeOf(policies, { granted: 50_000n })).toBe('let in');
    expect(codeOf(policies, { granted: 50_001n })).toBe('credit-rate');
    expect(codeOf(policies, { granted: 1_000n }, { granted: 49_000n })).toBe('let in');
    expect(codeOf(policies, { granted: 1_001n }, { granted: 49_000n })).toBe('credit-rate');
    expect(codeOf(policies, { granted: 50_001n }, { circulating: 1_000_020n })).toBe('let in');
    expect(codeOf(policies, { granted: 50_001n }, { circulating: 1_000_019n })).toBe('credit-rate');
    expect(codeOf(policies, { granted: 1n }, { circulating: 0n })).toBe('credit-rate');
  });

  test('MP2 stops hard at the bound, however much circulates', () => {
    const policies = only('credit-rate', { share: 10_000, maximum: 60_000 });
    const rich = { circulating: 10n ** 15n };
    expect(codeOf(policies, { granted: 60_000n }, rich)).toBe('let in');
    expect(codeOf(policies, { granted: 60_001n }, rich)).toBe('credit-rate');
    expect(judgeCredit(policies, { ...GRANT, granted: 60_001n }, { ...CALM, ...rich })).toEqual({
      policy: 'credit-rate',
      reason: { fault: 'credit-rate', detail: { wanted: 60_001n, granted: 0n, bound: 60_000n } },
    });
  });

  test('MP3 keeps outstanding credit within a tenth of circulating value', () => {
    const policies = only('credit-reserve');
    expect(codeOf(policies, { granted: 1_000n }, { credit: 99_000n })).toBe('let in');
    expect(codeOf(policies, { granted: 1_001n }, { credit: 99_000n })).toBe('credit-reserve');
    expect(codeOf(policies, { granted: 1_000n }, { credit: 98_000n, pending: 1_000n })).toBe('let in');
    expect(codeOf(policies, { granted: 1_000n }, { credit: 98_000n, pending: 1_001n })).toBe('credit-reserve');
  });

  test('MP4 asks for the mean age by amount, to the second', () => {
    const policies = only('debt-age', { maximum: 100 });
    const aged = (...debts: readonly (readonly [amount: bigint, age: bigint])[]): Partial<CreditFigures> => ({
      debt: debts.reduce((sum, [amount]) => sum + amount, 0n),
      debtTime: debts.reduce((sum, [amount, age]) => sum + amount * (BigInt(CALM.medianTime) - age), 0n),
    });
    expect(codeOf(policies, {}, aged([7n, 100n]))).toBe('let in');
    expect(codeOf(policies, {}, aged([7n, 101n]))).toBe('debt-age');
    expect(codeOf(policies, {}, aged([1n, 400n], [3n, 0n]))).toBe('let in');
    expect(codeOf(policies, {}, aged([1n, 401n], [3n, 0n]))).toBe('debt-age');
    expect(codeOf(policies, {}, aged())).toBe('let in');
    expect(INITIAL_POLICIES['debt-age'].maximum).toBe(30 * 86_400);
  });

  test('MP5 refuses once overdue debt is a unit above its share of circulating value', () => {
    const policies = only('bad-debt', { share: 100 });
    expect(codeOf(policies, {}, { overdue: 10_000n })).toBe('let in');
    expect(codeOf(policies, {}, { overdue: 10_001n })).toBe('bad-debt');
    expect(codeOf(only('bad-debt', { share: 0 }), {}, { overdue: 0n })).toBe('let in');
    expect(codeOf(only('bad-debt', { share: 0 }), {}, { overdue: 1n })).toBe('bad-debt');
  });

  test('MP6 lets nothing in under the emergency stop, and no draw is asked about it', () => {
    const policies = only('emergency-stop');
    expect(codeOf(policies, { granted: 1n })).toBe('emergency-stop');
    expect(codeOf(policies, { kind: 'draw', granted: 0n, recipients: [NOBODY] })).toBe('let in');
  });

  test('MP7 wants the rate of what is granted, rounded up', () => {
    const policies = only('minimum-interest', { rate: 100 });
    expect(codeOf(policies, { granted: 1_000n, interest: 10n })).toBe('let in');
    expect(codeOf(policies, { granted: 1_000n, interest: 9n })).toBe('minimum-interest');
    expect(codeOf(policies, { granted: 1_001n, interest: 10n })).toBe('minimum-interest');
    expect(codeOf(policies, { granted: 1_001n, interest: 11n })).toBe('let in');
  });

  test('MP8 gives an agent its quota and not a unit more, each of several by itself', () => {
    const policies = only('agents');
    const agent = { ...NOBODY, quota: 5_000n, granted: 4_000n };
    expect(codeOf(policies, { recipients: [agent] })).toBe('let in');
    expect(codeOf(policies, { recipients: [{ ...agent, amount: 1_001n }] })).toBe('agent-quota');
    expect(codeOf(policies, { recipients: [NOBODY, { ...agent, granted: 4_001n }] })).toBe('agent-quota');
    expect(codeOf(policies, { recipients: [{ ...agent, quota: 0n }] })).toBe('agent-quota');
  });

  test('MP8 gives nothing to the suspended, lets them draw nothing, and to the unlisted only where that is set', () => {
    const suspended = { ...NOBODY, suspended: true };
    expect(codeOf(only('agents'), { recipients: [NOBODY, suspended] })).toBe('agent-suspended');
    expect(codeOf(only('agents'), { kind: 'draw', recipients: [suspended] })).toBe('agent-suspended');
    expect(codeOf(only('agents'), { recipients: [NOBODY] })).toBe('let in');
    expect(codeOf(only('agents', { unlisted: false }), { recipients: [NOBODY] })).toBe('agent-unlisted');
    expect(codeOf(only('agents', { unlisted: false }), { recipients: [{ ...NOBODY, quota: 1_000n }] })).toBe('let in');
    expect(codeOf(only('agents', { unlisted: false }), { kind: 'draw', recipients: [NOBODY] })).toBe('let in');
  });

  test('MP1 asks in one order and skips what is off', () => {
    const bad = { granted: 10n ** 9n, circulating: 10n, credit: 10n, overdue: 10n, debt: 1n, debtTime: 0n };
    const recipients = [{ ...NOBODY, suspended: true }];
    let policies: MakerPolicies = {
      ...INITIAL_POLICIES,
      'emergency-stop': { enabled: true },
      'minimum-interest': { enabled: true, rate: 1 },
    };
    const seen: string[] = [];
    for (;;) {
      const refusal = judgeCredit(policies, { ...GRANT, recipients }, { ...CALM, ...bad });
      if (refusal === undefined) break;
      seen.push(refusal.policy);
      policies = { ...policies, [refusal.policy]: { ...policies[refusal.policy], enabled: false } };
    }
    expect(seen).toEqual(['emergency-stop', 'agents', 'credit-rate', 'credit-reserve', 'debt-age', 'bad-debt', 'minimum-interest']);
    expect(seen).toEqual(POLICY_NAMES);
  });
});

describe('settings', () => {
  test('MP9 refuses what is no policy, no parameter, another type or beyond its bound', () => {
    const change = (name: string, changes: unknown): string => {
      const changed = changePolicy(INITIAL_POLICIES, name, changes);
      return isFault(changed) ? changed.fault : 'changed';
    };
    expect(change('credit-rate', { share: 10_000 })).toBe('changed');
    for (const share of [10_001, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, '5', true, null, 5n])
      expect(change('credit-rate', { share })).toBe('policy-value');
    for (const enabled of [1, 'on', null]) expect(change('emergency-stop', { enabled })).toBe('policy-value');
    for (const name of ['credit', '', '__proto__', 'constructor', 'toString'])
      expect(change(name, { enabled: true })).toBe('policy-unknown');
    expect(change('bad-debt', { maximum: 5 })).toBe('policy-parameter');
    expect(change('bad-debt', JSON.parse('{"__proto__": 5}'))).toBe('policy-parameter');
    for (const changes of [{}, [], undefined, null, 'x']) expect(change('bad-debt', changes)).toBe('policy-form');
  });

  test('MP9 a file gives back what was written, and any other text a fault, never a throw', () => {
    fc.assert(
      fc.property(fc.constantFrom(...POLICY_NAMES), fc.boolean(), fc.nat(10_000), (name, enabled, amount) => {
        const fields = Object.entries(POLICY_FIELDS[name]).filter(([, { kind }]) => kind === 'whole');
        const changed = changePolicy(INITIAL_POLICIES, name, { enabled, ...Object.fromEntries(fields.map(([each]) => [each, amount])) });
        if (isFault(changed)) throw new Error(changed.fault);
        expect(decodePolicies(encodePolicies(changed))).toEqual(changed);
      }),
    );
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const read = decodePolicies(text);
        expect(isFault(read) || Object.keys(read).length === POLICY_NAMES.length).toBe(true);
      }),
    );
    expect(decodePolicies('{"bad-debt":{"share":9}}')).toEqual({ ...INITIAL_POLICIES, 'bad-debt': { enabled: true, share: 9 } });
    expect(decodePolicies('{"good-debt":{"share":9}}')).toMatchObject({ fault: 'policy-unknown' });
    expect(decodePolicies('{')).toMatchObject({ fault: 'policy-form' });
  });
});

describe('what is remembered', () => {
  test('MP2 a period is the block to come and those before it, through reorganisations', () => {
    const log = new GrantLog(20);
    const amountsAt = (next: number): bigint[] => log.within(next).map(({ amount }) => amount);
    log.connect(5, [{ tag: 'a', amount: 1n }]);
    log.connect(6, []);
    log.connect(7, [{ tag: 'a', amount: 2n }]);
    expect(amountsAt(24)).toEqual([1n, 2n]);
    expect(amountsAt(25)).toEqual([2n]);
    expect(amountsAt(27)).toEqual([]);
    expect(amountsAt(7)).toEqual([1n]);
    log.disconnect(6);
    expect(amountsAt(8)).toEqual([1n]);
    log.connect(8, [{ tag: 'b', amount: 4n }]);
    log.prune(6);
    expect(amountsAt(9)).toEqual([4n]);
  });

  test('MP10 lists the last 256 refusals, newest first, and counts one that comes again', () => {
    const list = new RefusalList();
    const reason = { fault: 'credit-rate', detail: {} };
    const add = (n: number) => list.add({ txid: Uint8Array.of(n & 255, n >> 8), policy: 'credit-rate', reason, from: 'pool', time: n });
    for (let n = 0; n < 5_000; n++) add(n);
    expect(list.read()).toHaveLength(256);
    expect(list.read(3).map(({ time }) => time)).toEqual([4_999, 4_998, 4_997]);
    add(4_900);
    expect(list.read(1)).toMatchObject([{ times: 2, txid: Uint8Array.of(4_900 & 255, 4_900 >> 8) }]);
    expect(list.read()).toHaveLength(256);
  });
});

import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { DebtView } from '#workers/rpc/chain-view';
import { SpeechContext } from '../../client/text.ts';
import { en } from '../../text/en.ts';
import type { Language } from '../../text/language.ts';
import { zh } from '../../text/zh.ts';
import { DebtText } from './debt-text.tsx';

const proof = { stage: 'verified', height: 77, depth: 3, headerHash: 'ab', peers: 3, checkedAt: 1, checks: [], reason: undefined } as const;

const debt = (over: Partial<DebtView>): DebtView => ({
  outpoint: 'aa:0',
  amount: 250_000_000n,
  account: 0,
  address: 'dvc1qanaddressofmine',
  due: { time: 4_000_018_000, height: undefined },
  state: 'on-track',
  standard: true,
  proof,
  ...over,
});

const read = (language: Language, shown: DebtView): string =>
  renderToString(
    <SpeechContext value={{ language, messages: language === 'zh' ? zh : en }}>
      <DebtText debt={shown} />
    </SpeechContext>,
  ).replaceAll(/<[^>]*>/g, '');

test('WB20 a debt says until when and how near, in words', () => {
  const states: readonly DebtView['state'][] = ['on-track', 'due-soon', 'three-days', 'one-day', 'overdue'];
  for (const state of states) {
    expect(read('en', debt({ state }))).toContain(en.debts.states[state]);
    expect(read('zh', debt({ state }))).toContain(zh.debts.states[state]);
  }
  expect(read('en', debt({}))).toMatch(/due Oct 2, 2096.*in [\d,]+ days?/);
  expect(read('en', debt({ due: { time: 4_000_018_000, height: 12_345 } }))).toContain('due at block 12,345, about Oct 2, 2096');
  expect(read('en', debt({ due: { time: 1_000_000_000, height: undefined }, state: 'overdue' }))).toMatch(/for [\d,]+ days/);
  expect(read('en', debt({ due: undefined }))).toContain(en.debts.never);
  expect(read('en', debt({ standard: false }))).toContain(en.debts.other);
  expect(read('en', debt({}))).not.toContain(en.debts.other);
});

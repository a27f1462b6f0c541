import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { RecipientView } from '#workers/rpc/chain-calls';
import type { ReviewView } from '#workers/rpc/vault-calls';
import { EMPTY_DRAFT, useSending } from '../../client/draft.ts';
import { SpeechContext } from '../../client/text.ts';
import { en } from '../../text/en.ts';
import { asksForMore } from './asks-for-more.ts';
import { mayPrepare } from './may-prepare.ts';
import { ReviewFacts } from './review-facts.tsx';

const recipient = (lookAlike: string | undefined): RecipientView => ({
  address: 'vcd1new',
  amount: undefined,
  label: undefined,
  message: undefined,
  own: false,
  lookAlike,
  contact: undefined,
  realName: undefined,
});

test('WB12 an address that only looks like a known one waits for the comparison of this very address', () => {
  expect(mayPrepare(recipient(undefined), undefined)).toBe(true);
  expect(mayPrepare(recipient('vcd1old'), undefined)).toBe(false);
  expect(mayPrepare(recipient('vcd1old'), 'vcd1other')).toBe(false);
  expect(mayPrepare(recipient('vcd1old'), 'vcd1new')).toBe(true);
});

test('WB15 a warning about fee or address asks for a second yes, a new payee does not', () => {
  expect(asksForMore([])).toBe(false);
  expect(asksForMore(['new-recipient'])).toBe(false);
  for (const code of ['fee-high', 'fee-share', 'address-look-alike', 'never-heard-of'])
    expect(asksForMore(['new-recipient', code])).toBe(true);
});

const review: ReviewView = {
  id: 1,
  network: 'dev',
  layer: 0,
  type: 0,
  account: 0,
  inputs: [{ outpoint: 'aa:0', amount: 1_000_000_000n, address: 'vcd1mine', provedAt: 77 }],
  recipients: [{ address: 'vcd1frombytes', amount: 250_000_000n, own: false, element: 'value', realName: undefined }],
  change: [{ address: 'vcd1change', amount: 749_990_000n, own: true, element: 'value', realName: undefined }],
  sent: 250_000_000n,
  fee: 10_000n,
  feeRate: 70n,
  before: 5_000_000_000n,
  after: 4_749_990_000n,
  debtChange: 0n,
  owed: [],
  repaid: [],
  creditUsed: 0n,
  needsPassword: false,
  warnings: [],
  bytes: '0200',
};

test('WB14 the review shows the recipient, amount, fee, before and after of the bytes, not the draft of the page', () => {
  useSending.setState({ draft: { ...EMPTY_DRAFT, to: 'vcd1fromthepage', amount: '99' } });
  const html = renderToString(
    <SpeechContext value={{ language: 'en', messages: en }}>
      <ReviewFacts review={review} />
    </SpeechContext>,
  );
  const text = html.replaceAll(/<[^>]*>/g, '');
  for (const shown of ['vcd1frombytes', '2.50', '0.0001', '50.00', '47.4999', 'unchanged']) expect(text).toContain(shown);
  for (const hidden of ['vcd1fromthepage', '99.00']) expect(text).not.toContain(hidden);
});

test('WB21 the review of a draw says what is owed, until when, and what happens then; that of a repayment what is paid off', () => {
  const show = (over: Partial<ReviewView>): string =>
    renderToString(
      <SpeechContext value={{ language: 'en', messages: en }}>
        <ReviewFacts review={{ ...review, recipients: [], ...over }} />
      </SpeechContext>,
    ).replaceAll(/<[^>]*>/g, '');
  const debt = { amount: 200_000_000n, address: 'dvc1debtor' };
  const drawn = show({
    owed: [{ ...debt, due: { kind: 'time', time: 4_000_018_000 } }],
    debtChange: 200_000_000n,
    creditUsed: 200_000_000n,
  });
  for (const shown of ['You will owe', '2.00', 'until Oct 2, 2096', 'frozen', '+ 2.00 VC', 'Credit used up'])
    expect(drawn).toContain(shown);
  const terms = [
    [{ kind: 'blocks-after', blocks: 9 }, 'for 9 blocks'],
    [{ kind: 'height', height: 1_234 }, 'until block 1,234'],
    [{ kind: 'seconds-after', seconds: 7_200 }, 'for 2 hr'],
    [{ kind: 'none' }, 'without a date'],
  ] as const;
  for (const [due, shown] of terms) expect(show({ owed: [{ ...debt, due }] })).toContain(shown);
  const repaid = show({ repaid: [{ ...debt, due: { kind: 'none' } }], debtChange: -200_000_000n });
  for (const shown of ['You repay', '− 2.00 VC']) expect(repaid).toContain(shown);
  expect(repaid).not.toContain('until');
});

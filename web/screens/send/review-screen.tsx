import { type FormEvent, useState } from 'react';
import { useLocation } from 'wouter';
import type { ReviewView } from '#workers/rpc/vault-calls';
import { paymentPath, ROUTES } from '../../app/routes.ts';
import { EMPTY_DRAFT, setDraft, setReview, useSending } from '../../client/draft.ts';
import { useLanguage, useText } from '../../client/text.ts';
import { useAction } from '../../client/use-action.ts';
import { useClient } from '../../client/use-client.ts';
import { Button } from '../../components/button.tsx';
import { ButtonLink } from '../../components/link.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { Page } from '../../components/page.tsx';
import { PasswordField } from '../../components/password-field.tsx';
import { Tick } from '../../components/tick.tsx';
import { amountText } from '../../text/amount-text.ts';
import type { Language } from '../../text/language.ts';
import type { Messages } from '../../text/messages.ts';
import { asksForMore } from './asks-for-more.ts';
import { ReviewFacts } from './review-facts.tsx';
import { ReviewWarnings } from './review-warnings.tsx';

const Nothing = () => {
  const text = useText();
  return (
    <Page title={text.review.title} back={ROUTES.send}>
      <p className="text-body text-soft">{text.review.gone}</p>
      <div>
        <ButtonLink to={ROUTES.send} kind="primary">
          {text.send.title}
        </ButtonLink>
      </div>
    </Page>
  );
};

const kindOf = ({ owed, repaid }: ReviewView): 'send' | 'draw' | 'repay' =>
  owed.length > 0 ? 'draw' : repaid.length > 0 ? 'repay' : 'send';

const sum = (debts: readonly { readonly amount: bigint }[]): bigint => debts.reduce((total, { amount }) => total + amount, 0n);

const approveText = (review: ReviewView, text: Messages['review'], language: Language): string => {
  const kind = kindOf(review);
  if (kind === 'draw') return text.approveDraw(amountText(sum(review.owed), language));
  if (kind === 'repay') return text.approveRepay(amountText(sum(review.repaid), language));
  return text.approve(amountText(review.sent, language));
};

const Approve = ({ review }: { readonly review: ReviewView }) => {
  const text = useText().review;
  const language = useLanguage();
  const { vault } = useClient();
  const [, go] = useLocation();
  const [password, setPassword] = useState('');
  const [understood, setUnderstood] = useState(!asksForMore(review.warnings));
  const action = useAction();
  const approve = async (event: FormEvent) => {
    event.preventDefault();
    if (action.busy || !understood) return;
    const sent = await action.run(() => vault.approve(review.id, review.needsPassword ? password : undefined));
    if (sent === undefined) return;
    setDraft(EMPTY_DRAFT);
    setReview(undefined);
    go(paymentPath(sent.txid), { replace: true });
  };
  const change = async () => {
    await vault.dismissReview(review.id).catch(() => undefined);
    setReview(undefined);
    go(kindOf(review) === 'send' ? ROUTES.send : ROUTES.debts, { replace: true });
  };
  return (
    <form onSubmit={approve} className="grid content-start gap-4 lg:sticky lg:top-20 lg:self-start">
      <ReviewWarnings warnings={review.warnings} />
      {asksForMore(review.warnings) && (
        <Tick isSelected={understood} onChange={setUnderstood}>
          {text.understood}
        </Tick>
      )}
      {review.needsPassword && <PasswordField label={text.password} hint={text.passwordWhy} value={password} onChange={setPassword} />}
      <FaultNotice fault={action.fault} />
      <div className="grid grid-cols-[auto_1fr] gap-3">
        <Button onPress={change} isDisabled={action.busy}>
          {text.back}
        </Button>
        <Button type="submit" kind="primary" isPending={action.busy} isDisabled={!understood}>
          {action.busy ? text.working : approveText(review, text, language)}
        </Button>
      </div>
    </form>
  );
};

/** What would be signed, as the vault read it in the bytes; the page adds nothing of its own. @source SPEC WB14 */
export const ReviewScreen = () => {
  const text = useText().review;
  const review = useSending((sending) => sending.review);
  if (review === undefined) return <Nothing />;
  return (
    <Page title={text.title} lead={text.lead} width="side">
      <div className="grid grid-cols-1 gap-x-10 gap-y-6 lg:grid-cols-[minmax(0,32rem)_minmax(0,1fr)]">
        <ReviewFacts review={review} />
        <Approve key={review.id} review={review} />
      </div>
    </Page>
  );
};

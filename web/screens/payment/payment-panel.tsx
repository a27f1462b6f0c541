import { ArrowLeft } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { PaymentView } from '#workers/rpc/chain-view';
import { ROUTES } from '../../app/routes.ts';
import { useLanguage, useText } from '../../client/text.ts';
import { useChain, useClient } from '../../client/use-client.ts';
import { useLoaded } from '../../client/use-loaded.ts';
import { useNow } from '../../client/use-now.ts';
import { Amount } from '../../components/amount.tsx';
import { Card, Section } from '../../components/card.tsx';
import { CheckAgain } from '../../components/check-again.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { Skeleton } from '../../components/empty.tsx';
import { ButtonLink } from '../../components/link.tsx';
import { paymentTitle } from '../../components/payment-row.tsx';
import { ProofFacts } from '../../components/proof-facts.tsx';
import { amountText } from '../../text/amount-text.ts';
import { dateText } from '../../text/time-text.ts';
import { PaymentBytes } from './payment-bytes.tsx';
import { PaymentLabel } from './payment-label.tsx';
import { PaymentStages } from './payment-stages.tsx';

const DESK = '(min-width: 60rem)';
const KIND = { in: 'received', out: 'sent', self: 'moved' } as const;

const Detail = ({ payment }: { readonly payment: PaymentView }) => {
  const text = useText();
  const language = useLanguage();
  const now = useNow();
  const receipt = [
    text.payment[KIND[payment.direction]],
    `${amountText(payment.change, language)} ${text.app.unit}`,
    dateText(payment.time, language),
    payment.txid,
  ].join('\n');
  return (
    <div className="grid gap-5">
      <div className="grid gap-1">
        <p className="text-small text-soft">{paymentTitle(payment, text.payment)}</p>
        <p>
          <Amount units={payment.change} size="figure" signed />
        </p>
        <p className="figures text-small text-soft">
          {dateText(payment.time, language)}
          {payment.fee !== undefined && ` · ${text.payment.fee} ${amountText(payment.fee, language)}`}
        </p>
        {payment.direction === 'out' && payment.proof.stage === 'claimed' && (
          <p className="pt-1 text-body text-soft">{text.payment.sentLead}</p>
        )}
      </div>
      <PaymentStages payment={payment} />
      <Section title={text.payment.proof}>
        <Card className="grid gap-3">
          <ProofFacts proof={payment.proof} finalDepth={payment.finalDepth} now={now} />
          <CheckAgain />
        </Card>
      </Section>
      <PaymentLabel payment={payment} />
      <PaymentBytes payment={payment} />
      <CopyButton text={receipt} label={text.payment.receipt} />
    </div>
  );
};

/** One payment: how far it has come, how it is proved, what it is for. */
export const PaymentPanel = ({ txid }: { readonly txid: string }) => {
  const text = useText();
  const { chain } = useClient();
  const view = useChain();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!matchMedia(DESK).matches) heading.current?.focus();
  }, []);
  const stamp = view?.accounts.map(({ recent }) => recent.map(({ proof }) => `${proof.stage}${proof.depth}`).join()).join('|');
  const loaded = useLoaded(async () => ({ payment: await chain.payment(txid) }), [chain, txid, view?.tip?.hash, stamp]);
  return (
    <section aria-label={text.payment.title} className="enter mx-auto grid w-full max-w-xl gap-4">
      <header className="flex items-center gap-2">
        <ButtonLink to={ROUTES.activity} kind="icon" className="-ml-3" label={text.app.back}>
          <ArrowLeft size={20} aria-hidden />
        </ButtonLink>
        <h1 ref={heading} tabIndex={-1} className="text-title font-bold outline-none">
          {loaded?.payment === undefined ? text.payment.title : text.payment[KIND[loaded.payment.direction]]}
        </h1>
      </header>
      {loaded === undefined && <Skeleton className="h-72 w-full" />}
      {loaded !== undefined && loaded.payment === undefined && <p className="text-body text-soft">{text.payment.missing}</p>}
      {loaded?.payment !== undefined && <Detail payment={loaded.payment} />}
    </section>
  );
};

import { ArrowLeft, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { PaymentView } from '#workers/rpc/chain-view';
import { ROUTES } from '../../app/routes.ts';
import { useLanguage, useText } from '../../client/text.ts';
import { useChain, useClient } from '../../client/use-client.ts';
import { useLoaded } from '../../client/use-loaded.ts';
import { useNow } from '../../client/use-now.ts';
import { CheckAgain } from '../../components/check-again.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { Disclosure } from '../../components/disclosure.tsx';
import { Empty, Skeleton } from '../../components/empty.tsx';
import { ButtonLink } from '../../components/link.tsx';
import { PaymentAmount, paymentTitle } from '../../components/payment-row.tsx';
import { ProofFacts } from '../../components/proof-facts.tsx';
import { amountText } from '../../text/amount-text.ts';
import { dateText } from '../../text/time-text.ts';
import { PaymentBytes } from './payment-bytes.tsx';
import { PaymentFacts } from './payment-facts.tsx';
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
    <div className="grid grid-cols-1 gap-5">
      <div className="grid gap-0.5">
        <p className="truncate text-body text-soft">{paymentTitle(payment, text.payment)}</p>
        <p>
          <PaymentAmount payment={payment} size="figure" />
        </p>
        {payment.direction === 'out' && payment.proof.stage === 'claimed' && (
          <p className="pt-1 text-body text-soft">{text.payment.sentLead}</p>
        )}
      </div>
      <PaymentStages payment={payment} />
      <PaymentFacts payment={payment} />
      <PaymentLabel payment={payment} />
      <div className="grid grid-cols-1 border-t border-line pt-2">
        <Disclosure title={text.payment.proof} small>
          <ProofFacts proof={payment.proof} finalDepth={payment.finalDepth} now={now} />
          <CheckAgain />
        </Disclosure>
        <PaymentBytes payment={payment} />
      </div>
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
    <section
      aria-label={text.payment.title}
      className="enter mx-auto grid w-full max-w-xl grid-cols-1 gap-4 lg:rounded-card lg:border lg:border-line lg:bg-sheet lg:px-5 lg:pt-2 lg:pb-5 lg:shadow-mid"
    >
      <header className="flex min-h-11 items-center gap-1">
        <ButtonLink to={ROUTES.activity} kind="icon" className="-ml-3 lg:hidden" label={text.app.back}>
          <ArrowLeft size={20} aria-hidden />
        </ButtonLink>
        <h1 ref={heading} tabIndex={-1} className="flex-1 text-title font-bold outline-none lg:text-lead">
          {loaded?.payment === undefined ? text.payment.title : text.payment[KIND[loaded.payment.direction]]}
        </h1>
        <ButtonLink to={ROUTES.activity} kind="icon" className="-mr-3 max-lg:hidden" label={text.app.close}>
          <X size={18} aria-hidden />
        </ButtonLink>
      </header>
      {loaded === undefined && <Skeleton className="h-72 w-full" />}
      {loaded !== undefined && loaded.payment === undefined && <Empty title={text.payment.missing} text={text.payment.missingText} />}
      {loaded?.payment !== undefined && <Detail payment={loaded.payment} />}
    </section>
  );
};

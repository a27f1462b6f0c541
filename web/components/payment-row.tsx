import { Link } from 'wouter';
import type { ActivityView } from '#workers/rpc/chain-view';
import { paymentPath } from '../app/routes.ts';
import { proofText } from '../client/proof-state.ts';
import { useLanguage, useText } from '../client/text.ts';
import { shorten } from '../text/address-text.ts';
import type { Messages } from '../text/messages.ts';
import { outsideText } from '../text/outside-text.ts';
import { agoText } from '../text/time-text.ts';
import { Amount } from './amount.tsx';
import { ProofMark } from './proof-mark.tsx';

/** Who the other side of a payment is, as well as it is known here. */
export const paymentTitle = (payment: ActivityView, text: Messages['payment']): string => {
  if (payment.label !== undefined && payment.label !== '') return outsideText(payment.label);
  if (payment.direction === 'self') return text.self;
  const who = payment.counterparty === undefined ? undefined : shorten(outsideText(payment.counterparty, 120), 10);
  if (payment.direction === 'in') return who === undefined ? text.unknownPayer : text.from(who);
  return who === undefined ? text.unknownPayee : text.to(who);
};

interface Props {
  readonly payment: ActivityView;
  readonly now: number;
  readonly current?: boolean;
}

/** One line of the ledger. */
export const PaymentRow = ({ payment, now, current = false }: Props) => {
  const text = useText();
  const language = useLanguage();
  const title = paymentTitle(payment, text.payment);
  const { proof } = payment;
  const stage =
    proof.stage === 'verified' ? text.payment.confirmations(proof.depth, payment.finalDepth) : proofText(proof, now, text.proof, language);
  return (
    <div className={`relative flex h-16 items-center gap-3 px-1 ${current ? 'rounded-card bg-accent-wash' : ''}`}>
      <span className="relative z-1">
        <ProofMark proof={proof} finalDepth={payment.finalDepth} of={title} />
      </span>
      <Link
        href={paymentPath(payment.txid)}
        className="flex min-w-0 flex-1 items-center gap-3 text-ink no-underline before:absolute before:inset-0"
        aria-current={current ? 'page' : undefined}
      >
        <span className="min-w-0 flex-1">
          <span className="block truncate text-body">{title}</span>
          <span className="block truncate text-small text-soft">
            {stage} · {agoText(payment.time, now, language)}
          </span>
        </span>
        <Amount units={payment.change} size="row" signed unit={false} />
      </Link>
    </div>
  );
};

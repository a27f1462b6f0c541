import type { ComponentProps } from 'react';
import { Link } from 'wouter';
import type { ActivityView } from '#workers/rpc/chain-view';
import { paymentPath } from '../app/routes.ts';
import { proofText } from '../client/proof-state.ts';
import { useLanguage, useText } from '../client/text.ts';
import { shortAddress } from '../text/address-text.ts';
import type { Messages } from '../text/messages.ts';
import { outsideText } from '../text/outside-text.ts';
import { agoShort } from '../text/time-text.ts';
import { Amount } from './amount.tsx';
import { ProofMark } from './proof-mark.tsx';

/** The other side of a payment: a contact's name, else enough of the address to know it again. */
export const payeeText = ({ contact, counterparty }: Pick<ActivityView, 'contact' | 'counterparty'>): string | undefined => {
  if (contact !== undefined && contact !== '') return outsideText(contact);
  return counterparty === undefined ? undefined : shortAddress(outsideText(counterparty, 120));
};

/** What a payment is called: its label, else who the other side is as well as it is known here. */
export const paymentTitle = (payment: ActivityView, text: Messages['payment']): string => {
  if (payment.label !== undefined && payment.label !== '') return outsideText(payment.label);
  if (payment.kind !== 'payment') return text.kinds[payment.kind];
  if (payment.direction === 'self') return text.self;
  const who = payeeText(payment);
  if (payment.direction === 'in') return who === undefined ? text.unknownPayer : text.from(who);
  return who === undefined ? text.unknownPayee : text.to(who);
};

/** What a payment is about: the value that it moves for the account, or the credit that was granted. */
export const PaymentAmount = ({
  payment,
  ...looks
}: { readonly payment: ActivityView } & Pick<ComponentProps<typeof Amount>, 'size' | 'unit' | 'column'>) =>
  payment.kind === 'grant' ? (
    <Amount units={payment.creditChange} hue="credit" signed {...looks} />
  ) : (
    <Amount units={payment.change} signed {...looks} />
  );

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
    proof.stage === 'verified' ? text.payment.depth(proof.depth, payment.finalDepth) : proofText(proof, now, text.proof, language);
  return (
    <div
      className={`relative -mx-2 flex h-16 items-center gap-3 rounded-card px-2 transition-colors duration-150 ${current ? 'bg-accent-wash' : 'hover:bg-sunk'}`}
    >
      <span className="relative z-1">
        <ProofMark proof={proof} finalDepth={payment.finalDepth} of={title} />
      </span>
      <Link
        href={paymentPath(payment.txid)}
        className="flex min-w-0 flex-1 items-center gap-3 rounded-small text-ink no-underline before:absolute before:inset-0"
        aria-current={current ? 'page' : undefined}
      >
        <span className="min-w-0 flex-1">
          <span className="block truncate text-body">{title}</span>
          <span className="block truncate text-small text-soft">
            {stage} · {agoShort(payment.time, now, language)}
          </span>
        </span>
        <PaymentAmount payment={payment} size="row" unit={false} column />
      </Link>
    </div>
  );
};

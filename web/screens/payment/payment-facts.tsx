import type { PaymentView } from '#workers/rpc/chain-view';
import { useLanguage, useText } from '../../client/text.ts';
import { Address } from '../../components/address.tsx';
import { Amount } from '../../components/amount.tsx';
import { Fact, Facts } from '../../components/facts.tsx';
import { payeeText } from '../../components/payment-row.tsx';
import { dateText } from '../../text/time-text.ts';

/** To whom, how much of it was the fee, and when. */
export const PaymentFacts = ({ payment }: { readonly payment: PaymentView }) => {
  const text = useText().payment;
  const language = useLanguage();
  const { counterparty, contact, fee, change, time } = payment;
  return (
    <Facts>
      {counterparty !== undefined && (
        <div className="grid gap-0.5 py-2.5">
          <dt className="text-soft">{text.payee}</dt>
          <dd className="grid gap-0.5">
            {contact !== undefined && <span className="font-bold break-words">{payeeText(payment)}</span>}
            <Address address={counterparty} />
          </dd>
        </div>
      )}
      {fee !== undefined && payment.direction !== 'in' && (
        <>
          <Fact name={text.amount}>
            <Amount units={-change - fee} />
          </Fact>
          <Fact name={text.fee}>
            <Amount units={fee} />
          </Fact>
        </>
      )}
      <Fact name={text.when}>{dateText(time, language)}</Fact>
    </Facts>
  );
};

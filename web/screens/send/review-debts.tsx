import type { ReviewDebt, ReviewView } from '#workers/rpc/vault-calls';
import { useLanguage, useText } from '../../client/text.ts';
import { Address } from '../../components/address.tsx';
import { Amount } from '../../components/amount.tsx';
import { dueText } from '../../text/due-text.ts';

const Debts = ({ title, debts, withDue }: { readonly title: string; readonly debts: readonly ReviewDebt[]; readonly withDue: boolean }) => {
  const text = useText().review;
  const language = useLanguage();
  return (
    <ul className="grid gap-3">
      {debts.map((debt) => (
        <li key={`${debt.address} ${debt.amount} ${JSON.stringify(debt.due)}`} className="grid gap-1">
          <span className="flex items-baseline justify-between gap-3">
            <span className="text-small text-soft">{title}</span>
            <Amount units={debt.amount} size="title" hue="debt" />
          </span>
          {withDue && <span className="figures text-body font-bold">{dueText(debt.due, text, language)}</span>}
          {debt.address !== '' && <Address address={debt.address} />}
        </li>
      ))}
    </ul>
  );
};

/** What will be owed, until when and by whom, or is paid off: read from the bytes. @source SPEC WB21 */
export const ReviewDebts = ({ review }: { readonly review: ReviewView }) => {
  const text = useText().review;
  return (
    <>
      {review.owed.length > 0 && <Debts title={text.owed} debts={review.owed} withDue />}
      {review.owed.length > 0 && <p className="text-small text-soft text-pretty">{text.ifUnpaid}</p>}
      {review.repaid.length > 0 && <Debts title={text.repaid} debts={review.repaid} withDue={false} />}
    </>
  );
};

import type { ReviewView } from '#workers/rpc/vault-calls';
import { useLanguage, useText } from '../../client/text.ts';
import { Address } from '../../components/address.tsx';
import { Amount } from '../../components/amount.tsx';
import { Card } from '../../components/card.tsx';
import { Fact, Facts } from '../../components/facts.tsx';
import { shorten } from '../../text/address-text.ts';
import { amountText } from '../../text/amount-text.ts';
import { outsideText } from '../../text/outside-text.ts';
import { numberText } from '../../text/time-text.ts';

const Recipients = ({ review }: { readonly review: ReviewView }) => {
  const text = useText();
  return (
    <ul className="grid gap-3">
      {review.recipients.map((output) => (
        <li key={`${output.address}-${output.amount}`} className="grid gap-1">
          <span className="flex items-baseline justify-between gap-3">
            <span className="text-small text-soft">
              {text.review.to}
              {output.own && ` · ${text.review.ownPayment}`}
            </span>
            <Amount units={output.amount} size="title" hue={output.element} />
          </span>
          {output.address === undefined ? <span>{text.payment.unknownAddress}</span> : <Address address={output.address} />}
        </li>
      ))}
    </ul>
  );
};

const BeforeAfter = ({ review }: { readonly review: ReviewView }) => {
  const text = useText().review;
  const language = useLanguage();
  return (
    <table className="figures w-full text-body">
      <thead>
        <tr className="text-right text-small text-soft">
          <th className="sr-only">{text.left}</th>
          <th className="pb-1 font-normal">{text.before}</th>
          <th className="pb-1 font-normal">{text.after}</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th className="py-1 pr-2 text-left font-normal text-soft">{text.left}</th>
          <td className="py-1 text-right">
            <Amount units={review.before} unit={false} />
          </td>
          <td className="py-1 pl-3 text-right">
            <Amount units={review.after} size="row" unit={false} />
          </td>
        </tr>
        <tr>
          <th className="py-1 pr-2 text-left font-normal text-soft">{text.debt}</th>
          <td colSpan={2} className="py-1 text-right">
            {review.debtChange === 0n ? text.debtUnchanged : text.debtAdded(amountText(review.debtChange, language))}
          </td>
        </tr>
      </tbody>
    </table>
  );
};

const Details = ({ review }: { readonly review: ReviewView }) => {
  const text = useText().review;
  const language = useLanguage();
  return (
    <details className="text-small">
      <summary className="min-h-6 font-bold text-accent">
        {text.coins} ({review.inputs.length}) · {text.bytes}
      </summary>
      <ul className="divide-y divide-line pt-2">
        {review.inputs.map((input) => (
          <li key={input.outpoint} className="flex items-baseline justify-between gap-3 py-2">
            <span className="font-mono text-soft">
              {shorten(input.address)} · {text.provedAt(numberText(input.provedAt, language))}
            </span>
            <Amount units={input.amount} />
          </li>
        ))}
        {review.change.map((output) => (
          <li key={`${output.address}-${output.amount}`} className="flex items-baseline justify-between gap-3 py-2">
            <span className="text-soft">
              {text.change}: {output.address === undefined ? text.changeOwn : <span className="font-mono">{shorten(output.address)}</span>}
            </span>
            <Amount units={output.amount} />
          </li>
        ))}
      </ul>
      <p className="pt-2 text-soft">{text.bytesHint}</p>
      <p className="max-h-40 overflow-auto rounded-small bg-sunk p-2 font-mono break-all select-all">{review.bytes}</p>
    </details>
  );
};

/** To whom, how much, fee, before and after: all decoded from the bytes. @source SPEC WB14 */
export const ReviewFacts = ({ review }: { readonly review: ReviewView }) => {
  const text = useText().review;
  return (
    <div className="grid gap-4">
      <Card className="grid gap-3 py-4">
        <Recipients review={review} />
        <Facts>
          <Fact name={text.fee}>
            <Amount units={review.fee} />
            <span className="w-full text-small text-soft">{text.feeRate(review.feeRate.toString())}</span>
          </Fact>
          <Fact name={text.total}>
            <Amount units={review.before - review.after} size="row" />
          </Fact>
          <Fact name={text.network}>{outsideText(review.network, 20)}</Fact>
        </Facts>
      </Card>
      <Card>
        <BeforeAfter review={review} />
      </Card>
      <Details review={review} />
    </div>
  );
};

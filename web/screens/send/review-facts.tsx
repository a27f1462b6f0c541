import { ArrowRight } from 'lucide-react';
import type { ReviewView } from '#workers/rpc/vault-calls';
import { useLanguage, useText } from '../../client/text.ts';
import { Address } from '../../components/address.tsx';
import { Amount } from '../../components/amount.tsx';
import { Card } from '../../components/card.tsx';
import { Disclosure } from '../../components/disclosure.tsx';
import { Fact, Facts } from '../../components/facts.tsx';
import { RealName } from '../../components/real-name.tsx';
import { ScrollRegion } from '../../components/scroll-region.tsx';
import { shorten } from '../../text/address-text.ts';
import { amountText } from '../../text/amount-text.ts';
import { outsideText } from '../../text/outside-text.ts';
import { numberText } from '../../text/time-text.ts';
import { ReviewDebts } from './review-debts.tsx';

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
          {output.address === undefined ? (
            <span>{text.payment.unknownAddress}</span>
          ) : (
            <Address address={output.realName?.address ?? output.address} />
          )}
          {output.realName !== undefined && <RealName of={output.realName} />}
        </li>
      ))}
    </ul>
  );
};

interface ChangeProps {
  readonly name: string;
  readonly before: bigint;
  readonly after: bigint;
}

const Change = ({ name, before, after }: ChangeProps) => {
  const text = useText().review;
  return (
    <div className="grid gap-0.5 py-2.5">
      <dt className="text-small text-soft">{name}</dt>
      <dd className="figures flex flex-wrap items-baseline justify-between gap-x-3">
        <span>
          <span className="sr-only">{text.before}: </span>
          <Amount units={before} unit={false} />
        </span>
        <ArrowRight size={16} aria-hidden className="shrink-0 self-center text-soft" />
        <span className="ml-auto text-right">
          <span className="sr-only">{text.after}: </span>
          <Amount units={after} size="lead" />
        </span>
      </dd>
    </div>
  );
};

const BeforeAfter = ({ review }: { readonly review: ReviewView }) => {
  const {
    review: text,
    app: { unit },
  } = useText();
  const language = useLanguage();
  return (
    <dl aria-label={text.beforeAfter} className="divide-y divide-line text-body">
      <Change name={text.left} before={review.before} after={review.after} />
      <Fact name={text.debt}>
        {review.debtChange === 0n
          ? text.debtUnchanged
          : `${review.debtChange > 0n ? '+' : '−'} ${amountText(review.debtChange < 0n ? -review.debtChange : review.debtChange, language)} ${unit}`}
      </Fact>
    </dl>
  );
};

const Details = ({ review }: { readonly review: ReviewView }) => {
  const text = useText().review;
  const language = useLanguage();
  return (
    <Disclosure title={`${text.coins} (${review.inputs.length}) · ${text.bytes}`} small>
      <ul className="divide-y divide-line">
        {review.inputs.map((input) => (
          <li key={input.outpoint} className="flex items-baseline justify-between gap-3 py-2">
            <span className="text-soft">
              <span className="font-mono">{shorten(input.address, 6)}</span> · {text.provedAt(numberText(input.provedAt, language))}
            </span>
            <Amount units={input.amount} />
          </li>
        ))}
        {review.change.map((output) => (
          <li key={`${output.address}-${output.amount}`} className="flex items-baseline justify-between gap-3 py-2">
            <span className="text-soft">
              {text.change}:{' '}
              {output.address === undefined ? text.changeOwn : <span className="font-mono">{shorten(output.address, 6)}</span>}
            </span>
            <Amount units={output.amount} />
          </li>
        ))}
      </ul>
      <p className="text-soft">{text.bytesHint}</p>
      <ScrollRegion label={text.bytes} className="max-h-40 rounded-small bg-sunk p-2">
        <p className="font-mono break-all select-all">{review.bytes}</p>
      </ScrollRegion>
    </Disclosure>
  );
};

/** To whom, how much, fee, before and after: all decoded from the bytes. @source SPEC WB14 */
export const ReviewFacts = ({ review }: { readonly review: ReviewView }) => {
  const text = useText().review;
  return (
    <div className="grid grid-cols-1 content-start gap-4">
      <Card className="grid grid-cols-1 gap-3 py-4">
        {review.recipients.length > 0 && <Recipients review={review} />}
        <ReviewDebts review={review} />
        <Facts>
          <Fact name={text.fee}>
            <Amount units={review.fee} />
            <span className="w-full text-small text-soft">{text.feeRate(review.feeRate.toString())}</span>
          </Fact>
          {review.after < review.before && (
            <Fact name={text.total}>
              <Amount units={review.before - review.after} size="row" />
            </Fact>
          )}
          {review.creditUsed > 0n && (
            <Fact name={text.creditUsed}>
              <Amount units={review.creditUsed} hue="credit" />
            </Fact>
          )}
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

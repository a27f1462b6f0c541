import type { FeeChoice } from '#workers/rpc/chain-calls';
import { setDraft, useSending } from '../../client/draft.ts';
import { useLanguage, useText } from '../../client/text.ts';
import { ChoiceCards } from '../../components/choice-cards.tsx';
import { Skeleton } from '../../components/empty.tsx';
import { amountText } from '../../text/amount-text.ts';
import { spanText } from '../../text/time-text.ts';

/** How soon the payment arrives, and about what that costs. */
export const FeeField = ({ fees }: { readonly fees: readonly FeeChoice[] | undefined }) => {
  const text = useText().send;
  const language = useLanguage();
  const speed = useSending(({ draft }) => draft.speed);
  if (fees === undefined) return <Skeleton className="h-20 w-full" />;
  return (
    <ChoiceCards
      label={text.fee}
      columns="wide"
      value={speed}
      onChange={(value) => setDraft({ speed: fees.find((fee) => fee.speed === value)?.speed ?? 'normal' })}
      choices={fees.map((fee) => ({
        value: fee.speed,
        label: text.speeds[fee.speed],
        detail: (
          <span className="figures flex flex-wrap justify-end gap-x-2 md:grid">
            <span>{text.within(spanText(fee.seconds, language))}</span>
            <span>{text.about(amountText(fee.usual, language))}</span>
          </span>
        ),
      }))}
    />
  );
};

import type { FeeChoice } from '#workers/rpc/chain-calls';
import { setDraft, useSending } from '../../client/draft.ts';
import { useLanguage, useText } from '../../client/text.ts';
import { ChoiceCards } from '../../components/choice-cards.tsx';
import { Skeleton } from '../../components/empty.tsx';
import { spanText } from '../../text/time-text.ts';

/** What the payment may cost and how soon it then arrives. */
export const FeeField = ({ fees }: { readonly fees: readonly FeeChoice[] | undefined }) => {
  const text = useText().send;
  const language = useLanguage();
  const speed = useSending(({ draft }) => draft.speed);
  if (fees === undefined) return <Skeleton className="h-20 w-full" />;
  return (
    <ChoiceCards
      label={text.fee}
      columns={3}
      value={speed}
      onChange={(value) => setDraft({ speed: fees.find((fee) => fee.speed === value)?.speed ?? 'normal' })}
      choices={fees.map((fee) => ({
        value: fee.speed,
        label: text.speeds[fee.speed],
        detail: (
          <>
            <span className="block">{text.within(spanText(fee.seconds, language))}</span>
            <span className="block">{text.rate(fee.rate.toString())}</span>
          </>
        ),
      }))}
    />
  );
};

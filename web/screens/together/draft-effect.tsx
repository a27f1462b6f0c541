import type { DraftView } from '#workers/rpc/draft-view';
import type { ReviewDebt } from '#workers/rpc/vault-calls';
import { useLanguage, useText } from '../../client/text.ts';
import { Amount } from '../../components/amount.tsx';
import { Card } from '../../components/card.tsx';
import { Fact, Facts } from '../../components/facts.tsx';
import { dueText } from '../../text/due-text.ts';

interface Owed {
  readonly amount: bigint;
  readonly due: ReviewDebt['due'];
}

/** New debts in a name of ours: what nobody should sign unread. */
const owedByUs = ({ outputs }: DraftView): readonly Owed[] =>
  outputs.flatMap(({ own, amount, owner }) => (own && owner.kind === 'debtor' ? [{ amount, due: owner.due }] : []));

/** What a draft changes for who looks at it, before everything else. @source SPEC WB22 */
export const DraftEffect = ({ draft }: { readonly draft: DraftView }) => {
  const { together: text, review } = useText();
  const language = useLanguage();
  const changes = [
    { name: text.money, units: draft.valueChange, hue: 'none' },
    { name: text.credit, units: draft.creditChange, hue: 'credit' },
    { name: text.debt, units: draft.debtChange, hue: 'debt' },
  ] as const;
  const moved = changes.filter(({ units }) => units !== 0n);
  const owed = owedByUs(draft);
  return (
    <Card className="grid gap-3 py-4">
      <h2 className="text-small text-soft">{text.effect}</h2>
      {owed.map(({ amount, due }) => (
        <p key={`${amount} ${JSON.stringify(due)}`} className="grid gap-0.5">
          <span className="flex items-baseline justify-between gap-3">
            <span className="text-body font-bold text-debt">{text.youOwe}</span>
            <Amount units={amount} size="title" hue="debt" />
          </span>
          <span className="figures text-body font-bold">{dueText(due, review, language)}</span>
        </p>
      ))}
      {draft.owing && draft.missing.some(({ own }) => !own) && <p className="text-small font-bold text-alarm text-pretty">{text.owing}</p>}
      {owed.length > 0 && <p className="text-small text-soft text-pretty">{review.ifUnpaid}</p>}
      {moved.length === 0 && <p className="text-body">{text.noEffect}</p>}
      <Facts>
        {moved.map(({ name, units, hue }) => (
          <Fact key={name} name={name}>
            <Amount units={units} size="lead" hue={hue} signed />
          </Fact>
        ))}
        <Fact name={text.fee}>
          <Amount units={draft.fee} />
        </Fact>
      </Facts>
    </Card>
  );
};

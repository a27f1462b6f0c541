import type { DraftInput, DraftPart, DraftView } from '#workers/rpc/draft-view';
import { useLanguage, useText } from '../../client/text.ts';
import { Amount } from '../../components/amount.tsx';
import { Section } from '../../components/card.tsx';
import { numberText } from '../../text/time-text.ts';
import { OwnerText } from './owner-text.tsx';

const HUES = { value: 'none', credit: 'credit', debt: 'debt' } as const;

const Part = ({ part, note }: { readonly part: DraftPart; readonly note: string | undefined }) => {
  const text = useText().together;
  const notes = [
    part.locked ? text.locked : text.elements[part.element],
    ...(part.own ? [text.yours] : []),
    ...(note === undefined ? [] : [note]),
  ];
  return (
    <li className="grid gap-1 px-4 py-3">
      <span className="flex items-baseline justify-between gap-3">
        <span className={`text-small ${part.own ? 'font-bold text-ink' : 'text-soft'}`}>{notes.join(' · ')}</span>
        <Amount units={part.amount} size="row" hue={HUES[part.element]} />
      </span>
      <OwnerText owner={part.owner} />
    </li>
  );
};

const noteOf = (part: DraftPart | DraftInput, refers: string): string | undefined =>
  'use' in part && part.use === 'reference' ? refers : undefined;

const Parts = ({ title, parts }: { readonly title: string; readonly parts: readonly (DraftPart | DraftInput)[] }) => {
  const text = useText().together;
  return (
    <Section title={title}>
      <ul className="divide-y divide-line rounded-card border border-line bg-sheet shadow-low">
        {parts.map((part, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the order is the transaction's and never changes
          <Part key={place} part={part} note={noteOf(part, text.refers)} />
        ))}
      </ul>
    </Section>
  );
};

/** Everything that goes in and comes out, in the order of the bytes. @source SPEC WB22 */
export const DraftParts = ({ draft }: { readonly draft: DraftView }) => {
  const text = useText().together;
  const language = useLanguage();
  const heights = draft.inputs.flatMap(({ provedAt }) => provedAt ?? []);
  return (
    <div className="grid grid-cols-1 content-start gap-6">
      <Parts title={text.makes} parts={draft.outputs} />
      <Parts title={text.takes} parts={draft.inputs} />
      {heights.length > 0 && <p className="text-small text-soft">{text.provedAt(numberText(Math.min(...heights), language))}</p>}
      {draft.before > 0 && <p className="text-small text-soft">{text.comesAfter}</p>}
    </div>
  );
};

import { CircleCheck, CircleDashed } from 'lucide-react';
import type { DraftMissing, DraftView } from '#workers/rpc/draft-view';
import { useText } from '../../client/text.ts';
import { Section } from '../../components/card.tsx';
import { shorten } from '../../text/address-text.ts';

/** What several inputs ask of the same people is asked of them once. */
const byPeople = (missing: readonly DraftMissing[]): readonly DraftMissing[] => [
  ...new Map(missing.toSorted((a, b) => a.count - b.count).map((each) => [each.by.join(' '), each])).values(),
];

const lacking = (missing: readonly DraftMissing[]): number => missing.reduce((sum, { count }) => sum + count, 0);

const Missing = ({ missing }: { readonly missing: DraftMissing }) => {
  const text = useText().together;
  return (
    <li className="flex items-start gap-3 px-4 py-3">
      <CircleDashed size={18} aria-hidden className="mt-0.5 shrink-0 text-soft" />
      <span className="grid min-w-0 gap-0.5">
        <span className="text-body">
          {missing.own && <strong>{text.you} · </strong>}
          {text.waits(missing.count, missing.by.length)}
        </span>
        {missing.by.map((who) => (
          <span key={who} className="font-mono text-small text-soft">
            {shorten(who, 10)}
          </span>
        ))}
      </span>
    </li>
  );
};

/** Which signatures are there and whose are missing. @source SPEC WB22 */
export const DraftSignatures = ({ draft }: { readonly draft: DraftView }) => {
  const text = useText().together;
  const asked = byPeople(draft.missing);
  const missing = lacking(asked);
  const lead = missing === 0 ? text.given(draft.signed) : `${text.given(draft.signed)}, ${text.missing(missing)}`;
  return (
    <Section title={text.signatures} lead={lead}>
      <ul className="divide-y divide-line rounded-card border border-line bg-sheet shadow-low">
        {missing === 0 && (
          <li className="flex items-center gap-3 px-4 py-3 font-bold text-accent">
            <CircleCheck size={18} aria-hidden />
            {text.complete}
          </li>
        )}
        {asked.map((each) => (
          <Missing key={each.by.join(' ')} missing={each} />
        ))}
      </ul>
    </Section>
  );
};

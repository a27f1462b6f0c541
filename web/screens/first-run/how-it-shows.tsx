import { useText } from '../../client/text.ts';
import { ProofRing } from '../../components/proof-ring.tsx';

const STEPS = [
  { key: 'claimed', arc: 0 },
  { key: 'in-block', arc: 0 },
  { key: 'verified', arc: 1 },
] as const;

/** What the mark beside every figure will say, shown before there is a figure: on a desk, where there is room. */
export const HowItShows = () => {
  const text = useText().first;
  return (
    <aside aria-label={text.marks} className="hidden rounded-card border border-line bg-sheet px-6 py-5 shadow-mid lg:block">
      <h2 className="text-small font-bold text-soft">{text.marks}</h2>
      <ol className="mt-4">
        {STEPS.map(({ key, arc }) => (
          <li key={key} className="relative flex gap-4 pb-6 last:pb-1">
            <span aria-hidden className="absolute top-8 bottom-1 left-[13px] w-px bg-line [li:last-child>&]:hidden" />
            <ProofRing state={{ stage: key, arc }} size={27} />
            <span className="min-w-0">
              <span className="block font-bold">{text.steps[key].title}</span>
              <span className="block text-body text-soft text-pretty">{text.steps[key].text}</span>
            </span>
          </li>
        ))}
      </ol>
    </aside>
  );
};

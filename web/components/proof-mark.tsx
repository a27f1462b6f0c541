import { lazy, Suspense, useRef, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import type { ProofView } from '#workers/rpc/proof-view';
import { markState, proofText } from '../client/proof-state.ts';
import { useLanguage, useText } from '../client/text.ts';
import { useNow } from '../client/use-now.ts';
import { ProofRing } from './proof-ring.tsx';

const ProofSheet = lazy(async () => ({ default: (await import('./proof-sheet.tsx')).ProofSheet }));

interface Props {
  readonly proof: ProofView;
  readonly finalDepth?: number;
  /** what the mark stands beside, for screen readers */
  readonly of?: string;
}

/** The signature of the product: how well a figure is proved; pressed, it says what was checked. */
export const ProofMark = ({ proof, finalDepth = 1, of }: Props) => {
  const text = useText().proof;
  const language = useLanguage();
  const now = useNow(15);
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const state = proofText(proof, now, text, language);
  return (
    <>
      <Button
        ref={button}
        onPress={() => setOpen(true)}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={text.open(of === undefined ? state : `${of}: ${state}`)}
        className="relative -m-0.5 inline-grid size-7 before:absolute before:-inset-2 shrink-0 cursor-pointer place-items-center rounded-full data-[hovered]:bg-accent-wash"
      >
        <ProofRing state={markState(proof, finalDepth)} />
      </Button>
      {open && (
        <Suspense>
          <ProofSheet proof={proof} finalDepth={finalDepth} now={now} trigger={button} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
};

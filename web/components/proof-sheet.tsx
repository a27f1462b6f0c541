import { Dialog } from 'react-aria-components/Dialog';
import { Popover } from 'react-aria-components/Popover';
import type { ProofView } from '#workers/rpc/proof-view';
import { useText } from '../client/text.ts';
import { CheckAgain } from './check-again.tsx';
import { ProofFacts } from './proof-facts.tsx';

interface Props {
  readonly proof: ProofView;
  readonly finalDepth: number;
  readonly now: number;
}

/** The small sheet behind a proof mark. */
export const ProofSheet = (props: Props) => {
  const text = useText().proof;
  return (
    <Popover placement="bottom" className="enter w-[min(22rem,calc(100vw-2rem))] rounded-card border border-line bg-sheet shadow-high">
      <Dialog aria-label={text.title} className="grid gap-3 p-4 outline-none">
        <ProofFacts {...props} />
        <CheckAgain />
      </Dialog>
    </Popover>
  );
};

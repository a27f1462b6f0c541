import type { RefObject } from 'react';
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
  /** what the sheet stands beside */
  readonly trigger: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
}

/** The small sheet behind a proof mark. */
export const ProofSheet = ({ trigger, onClose, ...facts }: Props) => {
  const text = useText().proof;
  return (
    <Popover
      triggerRef={trigger}
      isOpen
      onOpenChange={(open) => !open && onClose()}
      placement="bottom"
      className="enter w-[min(22rem,calc(100vw-2rem))] rounded-card border border-line bg-sheet shadow-high"
    >
      <Dialog aria-label={text.title} className="grid gap-3 p-4 outline-none">
        <ProofFacts {...facts} />
        <CheckAgain />
      </Dialog>
    </Popover>
  );
};

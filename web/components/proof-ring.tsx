import { useEffect, useRef } from 'react';
import type { MarkState } from '../client/proof-state.ts';

const AROUND = 2 * Math.PI * 7.3;

const Shape = ({ stage }: { readonly stage: MarkState['stage'] }) => {
  switch (stage) {
    case 'claimed':
      return <circle cx="8" cy="8" r="5.75" fill="none" stroke="currentColor" strokeWidth="1.5" />;
    case 'in-block':
      return (
        <>
          <circle cx="8" cy="8" r="5.75" fill="none" stroke="currentColor" strokeWidth="1.5" />
          <path d="M8 2.25a5.75 5.75 0 0 1 0 11.5z" fill="currentColor" />
        </>
      );
    case 'verified':
      return (
        <>
          <circle cx="8" cy="8" r="5.4" fill="currentColor" />
          <path
            d="m5.4 8.2 1.8 1.8 3.4-3.8"
            fill="none"
            stroke="var(--sheet)"
            strokeWidth="1.5"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </>
      );
    case 'stale':
      return (
        <circle
          cx="8"
          cy="8"
          r="5.75"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          strokeDasharray="26 10.1"
          strokeLinecap="round"
        />
      );
    case 'refused':
      return (
        <>
          <circle cx="8" cy="8" r="5.75" fill="none" stroke="currentColor" strokeWidth="1.5" />
          <path d="m5.8 5.8 4.4 4.4m0-4.4-4.4 4.4" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
        </>
      );
  }
};

const HUES: Readonly<Record<MarkState['stage'], string>> = {
  claimed: 'text-soft',
  'in-block': 'text-accent',
  verified: 'text-accent',
  stale: 'text-soft',
  refused: 'text-alarm',
};

const CLOSING: KeyframeAnimationOptions = { duration: 420, easing: 'cubic-bezier(0.2, 0.8, 0.2, 1)' };
const STILL = '(prefers-reduced-motion: reduce)';

/** The one moment of delight: the ring closes in sight of the person, never on a screen that only opens. */
const useClosing = (closed: boolean) => {
  const ring = useRef<SVGSVGElement>(null);
  const before = useRef(closed);
  useEffect(() => {
    if (closed && !before.current && !matchMedia(STILL).matches)
      ring.current?.animate([{ opacity: 0.2, transform: 'scale(0.6) rotate(-60deg)' }, {}], CLOSING);
    before.current = closed;
  }, [closed]);
  return ring;
};

/** The proof mark itself: five shapes that differ without colour, and a thin arc that closes with depth. @source SPEC WB5 */
export const ProofRing = ({ state, label, size = 16 }: { readonly state: MarkState; readonly label?: string; readonly size?: number }) => (
  <svg
    ref={useClosing(state.arc >= 1)}
    viewBox="0 0 16 16"
    width={size}
    height={size}
    className={`inline-block shrink-0 ${HUES[state.stage]}`}
    role={label === undefined ? undefined : 'img'}
    aria-label={label}
    aria-hidden={label === undefined}
  >
    <Shape stage={state.stage} />
    {state.stage === 'verified' && state.arc > 0 && (
      <circle
        cx="8"
        cy="8"
        r="7.3"
        fill="none"
        stroke="currentColor"
        strokeWidth="1"
        strokeDasharray={`${state.arc * AROUND} ${AROUND}`}
        transform="rotate(-90 8 8)"
        opacity="0.8"
      />
    )}
  </svg>
);

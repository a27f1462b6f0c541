import type { ReactNode } from 'react';

interface Props {
  readonly label: string;
  readonly className: string;
  readonly children: ReactNode;
}

/** What is longer than its place: it scrolls, and the keyboard reaches it. */
export const ScrollRegion = ({ label, className, children }: Props) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
  <section tabIndex={0} aria-label={label} className={`overflow-auto ${className}`}>
    {children}
  </section>
);

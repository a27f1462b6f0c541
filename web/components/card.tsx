import type { ReactNode } from 'react';

interface SectionProps {
  readonly title: string;
  readonly lead?: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

/** A part of a screen under a small heading. */
export const Section = ({ title, lead, children, action }: SectionProps) => (
  <section className="grid grid-cols-1 gap-2">
    <div className="flex min-h-6 items-end justify-between gap-3">
      <h2 className="text-small font-bold text-soft">
        {title}
        {lead !== undefined && <span className="font-normal"> · {lead}</span>}
      </h2>
      {action}
    </div>
    {children}
  </section>
);

/** A part of a long screen: on a desk its heading stands at the left of what it heads. */
export const Chapter = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <section aria-label={title} className="grid grid-cols-1 gap-x-8 gap-y-3 border-t border-line pt-5 lg:grid-cols-[11rem_minmax(0,34rem)]">
    <h2 className="text-lead font-bold">{title}</h2>
    <div className="grid grid-cols-1 gap-5">{children}</div>
  </section>
);

export const Card = ({ children, className = '' }: { readonly children: ReactNode; readonly className?: string }) => (
  <div className={`rounded-card border border-line bg-sheet px-4 py-3 shadow-low ${className}`}>{children}</div>
);

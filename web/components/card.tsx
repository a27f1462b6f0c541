import type { ReactNode } from 'react';

/** A part of a screen under a small heading. */
export const Section = ({
  title,
  children,
  action,
}: {
  readonly title: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
}) => (
  <section className="grid grid-cols-1 gap-2">
    <div className="flex min-h-6 items-center justify-between gap-3">
      <h2 className="text-small font-bold text-soft">{title}</h2>
      {action}
    </div>
    {children}
  </section>
);

export const Card = ({ children, className = '' }: { readonly children: ReactNode; readonly className?: string }) => (
  <div className={`rounded-card border border-line bg-sheet px-4 py-3 shadow-low ${className}`}>{children}</div>
);

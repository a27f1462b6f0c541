import type { ReactNode } from 'react';

/** Nothing here yet: says what comes and teaches the first step. */
export const Empty = ({ title, text, action }: { readonly title: string; readonly text: string; readonly action?: ReactNode }) => (
  <div className="grid justify-items-center gap-3 rounded-card border border-dashed border-edge px-6 py-10 text-center">
    <p className="text-lead font-bold">{title}</p>
    <p className="max-w-sm text-body text-soft">{text}</p>
    {action}
  </div>
);

export const Skeleton = ({ className }: { readonly className: string }) => <div aria-hidden className={`skeleton ${className}`} />;

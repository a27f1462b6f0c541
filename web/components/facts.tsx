import type { ReactNode } from 'react';

/** Pairs of name and figure, figures to the right. */
export const Facts = ({ children }: { readonly children: ReactNode }) => <dl className="divide-y divide-line text-body">{children}</dl>;

export const Fact = ({ name, children }: { readonly name: ReactNode; readonly children: ReactNode }) => (
  <div className="flex flex-wrap items-start justify-between gap-x-4 py-2.5">
    <dt className="shrink-0 text-soft">{name}</dt>
    <dd className="figures ml-auto flex min-w-0 flex-wrap items-center justify-end gap-1.5 text-right break-words">{children}</dd>
  </div>
);

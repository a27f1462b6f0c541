import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';

interface Props {
  readonly title: string;
  readonly children: ReactNode;
  readonly small?: boolean;
}

/** What only some want to see: a line that opens. */
export const Disclosure = ({ title, children, small = false }: Props) => (
  <details className={`group/details ${small ? 'text-small' : 'text-body'}`}>
    <summary className="flex min-h-11 list-none items-center gap-1.5 font-bold text-accent [&::-webkit-details-marker]:hidden">
      <ChevronRight size={16} aria-hidden className="shrink-0 transition-transform duration-150 group-open/details:rotate-90" />
      {title}
    </summary>
    <div className="grid grid-cols-1 gap-3 pt-1 pb-2">{children}</div>
  </details>
);

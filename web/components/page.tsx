import { ArrowLeft } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { useText } from '../client/text.ts';
import { ButtonLink } from './link.tsx';

interface Props {
  readonly title: string;
  readonly lead?: string;
  readonly back?: string;
  readonly wide?: boolean;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** One screen: its heading, which takes the focus when the place changes, and its column. */
export const Page = ({ title, lead, back, wide = false, action, children }: Props) => {
  const text = useText().app;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${text.name}`;
    heading.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [title, text.name]);
  return (
    <div className={`enter mx-auto grid w-full gap-5 ${wide ? 'max-w-5xl' : 'max-w-xl'}`}>
      <header className="flex min-h-11 flex-wrap items-center gap-x-2 gap-y-1">
        {back !== undefined && (
          <ButtonLink to={back} kind="icon" className="-ml-3 lg:hidden" label={text.back}>
            <ArrowLeft size={20} aria-hidden />
          </ButtonLink>
        )}
        <div className="min-w-0 flex-1">
          <h1 ref={heading} tabIndex={-1} className="text-title font-bold outline-none">
            {title}
          </h1>
          {lead !== undefined && <p className="mt-1 text-body text-soft">{lead}</p>}
        </div>
        {action}
      </header>
      {children}
    </div>
  );
};

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
  <section className="grid gap-2">
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

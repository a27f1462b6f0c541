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
    <div className={`enter mx-auto grid w-full grid-cols-1 gap-5 lg:mx-0 ${wide ? 'max-w-5xl' : 'max-w-xl'}`}>
      <header className="flex min-h-11 items-start gap-x-2">
        {back !== undefined && (
          <ButtonLink to={back} kind="icon" className="-ml-3 lg:hidden" label={text.back}>
            <ArrowLeft size={20} aria-hidden />
          </ButtonLink>
        )}
        <div className="min-w-0 flex-1">
          <h1 ref={heading} tabIndex={-1} className="flex min-h-11 items-center text-title font-bold outline-none">
            {title}
          </h1>
          {lead !== undefined && <p className="text-body text-soft">{lead}</p>}
        </div>
        {action}
      </header>
      {children}
    </div>
  );
};

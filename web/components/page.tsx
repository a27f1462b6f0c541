import { ArrowLeft } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { useText } from '../client/text.ts';
import { ButtonLink } from './link.tsx';

const WIDTHS = { text: 'max-w-xl', side: 'max-w-4xl', wide: 'max-w-5xl' } as const;

interface Props {
  readonly title: string;
  readonly lead?: string | undefined;
  readonly back?: string;
  /** `text`: one column of reading width; `side`: with something beside it on a desk; `wide`: tables */
  readonly width?: keyof typeof WIDTHS;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** One screen: its heading, which takes the focus when the place changes, and its column. */
export const Page = ({ title, lead, back, width = 'text', action, children }: Props) => {
  const text = useText().app;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${text.name}`;
    heading.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [title, text.name]);
  return (
    <div className={`enter mx-auto grid w-full grid-cols-1 gap-6 lg:mx-0 ${WIDTHS[width]}`}>
      <header>
        <div className="flex min-h-11 items-center gap-x-1">
          {back !== undefined && (
            <ButtonLink to={back} kind="icon" className="-ml-3 lg:hidden" label={text.back}>
              <ArrowLeft size={20} aria-hidden />
            </ButtonLink>
          )}
          <h1 ref={heading} tabIndex={-1} className="min-w-0 flex-1 text-title font-bold text-balance outline-none">
            {title}
          </h1>
          {action}
        </div>
        {lead !== undefined && <p className="max-w-[60ch] text-body text-soft text-pretty">{lead}</p>}
      </header>
      {children}
    </div>
  );
};

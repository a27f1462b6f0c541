import { ArrowLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '../../client/text.ts';
import { ButtonLink } from '../../components/link.tsx';

interface Props {
  readonly title: string;
  readonly lead: string;
  readonly back: string;
  readonly children: ReactNode;
}

export const FirstPage = ({ title, lead, back, children }: Props) => (
  <div className="enter mx-auto grid w-full max-w-md gap-6">
    <ButtonLink to={back} kind="plain" className="-ml-3 justify-self-start">
      <ArrowLeft size={18} aria-hidden />
      {useText().app.back}
    </ButtonLink>
    <div className="grid gap-2">
      <h1 className="text-title font-bold">{title}</h1>
      <p className="text-body text-soft text-pretty">{lead}</p>
    </div>
    {children}
  </div>
);

import type { ReactNode } from 'react';
import { Link as Route } from 'wouter';
import { type ButtonKind, buttonClass } from './button.tsx';

interface Props {
  readonly to: string;
  readonly kind?: ButtonKind;
  readonly className?: string;
  readonly children: ReactNode;
  readonly label?: string;
}

/** A link that looks like a button: it goes somewhere and changes nothing. */
export const ButtonLink = ({ to, kind = 'quiet', className, children, label }: Props) => (
  <Route href={to} className={buttonClass(kind, className)} aria-label={label}>
    {children}
  </Route>
);

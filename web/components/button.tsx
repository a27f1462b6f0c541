import { Button as AriaButton, type ButtonProps } from 'react-aria-components/Button';
import { classes } from './classes.ts';

const KINDS = {
  primary: 'bg-accent text-on-accent font-bold data-[hovered]:bg-accent-strong px-5',
  quiet: 'border border-line bg-sheet text-accent font-bold data-[hovered]:border-edge px-4',
  plain: 'text-accent font-bold data-[hovered]:bg-accent-wash px-3',
  danger: 'border border-alarm text-alarm font-bold data-[hovered]:bg-alarm-wash px-4',
  icon: 'text-soft data-[hovered]:bg-sunk data-[hovered]:text-ink w-11 px-0',
} as const;

export type ButtonKind = keyof typeof KINDS;

export const buttonClass = (kind: ButtonKind, more?: string): string =>
  classes(
    'inline-flex min-h-11 cursor-pointer select-none items-center justify-center gap-2 rounded-card text-body no-underline',
    'transition-transform duration-150 data-[pressed]:scale-[0.98]',
    'data-[disabled]:cursor-not-allowed data-[disabled]:opacity-50 data-[pending]:cursor-progress',
    KINDS[kind],
    more,
  );

interface Props extends Omit<ButtonProps, 'className'> {
  readonly kind?: ButtonKind;
  readonly className?: string;
}

export const Button = ({ kind = 'quiet', className, ...rest }: Props) => <AriaButton {...rest} className={buttonClass(kind, className)} />;

import type { ReactNode } from 'react';
import { FieldError } from 'react-aria-components/FieldError';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import { TextArea } from 'react-aria-components/TextArea';
import { TextField, type TextFieldProps } from 'react-aria-components/TextField';
import { classes } from './classes.ts';

const INPUT =
  'w-full rounded-card border border-edge bg-sheet px-3 py-2.5 text-base text-ink placeholder:text-soft data-[invalid]:border-alarm data-[focused]:border-accent data-[disabled]:opacity-60';

interface Props extends Omit<TextFieldProps, 'className' | 'children'> {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly rows?: number;
  readonly placeholder?: string;
  readonly mono?: boolean;
  readonly big?: boolean;
  readonly trailing?: ReactNode;
  readonly className?: string;
}

type Look = { readonly [K in 'rows' | 'placeholder' | 'mono' | 'big' | 'trailing']: Props[K] | undefined };

const Control = ({ rows, placeholder, mono, big, trailing }: Look) => {
  const className = classes(
    INPUT,
    mono === true && 'font-mono text-body break-all',
    big === true && 'figures text-right text-title font-bold',
    trailing !== undefined && 'pr-14',
  );
  const control =
    rows === undefined ? (
      <Input className={classes(className, 'min-h-12')} {...(placeholder === undefined ? {} : { placeholder })} />
    ) : (
      <TextArea className={className} rows={rows} spellCheck="false" {...(placeholder === undefined ? {} : { placeholder })} />
    );
  if (trailing === undefined) return control;
  return (
    <div className="relative">
      {control}
      <div className="absolute inset-y-0 right-1 flex items-center">{trailing}</div>
    </div>
  );
};

/** A text field with its label, its hint and what is wrong with it, all tied together for screen readers. */
export const Field = ({ label, hint, error, rows, placeholder, mono, big, trailing, className, ...rest }: Props) => (
  <TextField {...rest} isInvalid={error !== undefined} className={classes('grid gap-1.5', className)}>
    <Label className="text-small font-bold text-ink">{label}</Label>
    <Control {...{ rows, placeholder, mono, big, trailing }} />
    {hint !== undefined && (
      <Text slot="description" className="text-small text-soft">
        {hint}
      </Text>
    )}
    <FieldError className="text-small font-bold text-alarm">{error}</FieldError>
  </TextField>
);

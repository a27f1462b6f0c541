import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import { useText } from '../client/text.ts';
import { Button } from './button.tsx';
import { Field } from './field.tsx';

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: string;
  readonly error?: string | undefined;
  readonly fresh?: boolean;
  readonly autoFocus?: boolean;
}

/** A password that can be shown, pasted and filled by a password manager (WCAG 3.3.8). */
export const PasswordField = ({ fresh, autoFocus, hint, ...rest }: Props) => {
  const text = useText().password;
  const [shown, setShown] = useState(false);
  return (
    <Field
      {...rest}
      {...(hint === undefined ? {} : { hint })}
      type={shown ? 'text' : 'password'}
      autoComplete={fresh === true ? 'new-password' : 'current-password'}
      autoFocus={autoFocus === true}
      trailing={
        <Button kind="icon" aria-label={shown ? text.hide : text.show} onPress={() => setShown(!shown)}>
          {shown ? <EyeOff size={18} aria-hidden /> : <Eye size={18} aria-hidden />}
        </Button>
      }
    />
  );
};

import { useState } from 'react';
import { useText } from '../../client/text.ts';
import { PasswordField } from '../../components/password-field.tsx';

const LEAST = 10;

export interface NewPassword {
  readonly first: string;
  readonly again: string;
  readonly tried: boolean;
  readonly setFirst: (text: string) => void;
  readonly setAgain: (text: string) => void;
  /** the password where it can be taken; else marks what is wrong */
  readonly take: () => string | undefined;
}

export const useNewPassword = (): NewPassword => {
  const [first, setFirst] = useState('');
  const [again, setAgain] = useState('');
  const [tried, setTried] = useState(false);
  const take = () => {
    setTried(true);
    return [...first].length >= LEAST && first === again ? first : undefined;
  };
  return { first, again, tried, setFirst, setAgain, take };
};

/** A password chosen twice, with what is wrong beside the field it concerns. */
export const NewPasswordFields = ({ password, autoFocus = false }: { readonly password: NewPassword; readonly autoFocus?: boolean }) => {
  const text = useText().password;
  const { first, again, tried, setFirst, setAgain } = password;
  const short = tried && [...first].length < LEAST;
  return (
    <>
      <PasswordField
        fresh
        label={text.label}
        hint={text.hint}
        value={first}
        onChange={setFirst}
        autoFocus={autoFocus}
        error={short ? text.short : undefined}
      />
      <PasswordField
        fresh
        label={text.again}
        value={again}
        onChange={setAgain}
        error={tried && !short && first !== again ? text.differs : undefined}
      />
    </>
  );
};

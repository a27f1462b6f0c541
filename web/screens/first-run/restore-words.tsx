import { type FormEvent, useState } from 'react';
import { askPersistence } from '../../client/persistence.ts';
import { clientReady } from '../../client/session.ts';
import { useText } from '../../client/text.ts';
import { useAction } from '../../client/use-action.ts';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { PasswordField } from '../../components/password-field.tsx';
import { Progress } from '../../components/progress.tsx';
import { NewPasswordFields, useNewPassword } from './new-password.tsx';

const tidy = (words: string): string => words.normalize('NFKD').trim().toLowerCase().split(/\s+/).join(' ');

export const RestoreWords = ({ onDone }: { readonly onDone: () => void }) => {
  const { restore: text, password: passwordText } = useText();
  const [words, setWords] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const password = useNewPassword();
  const action = useAction();
  const count = words.trim() === '' ? 0 : tidy(words).split(' ').length;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const taken = password.take();
    if (taken === undefined || action.busy) return;
    void askPersistence();
    const made = await action.run(async () =>
      (await clientReady()).vault.restoreWords({ words: tidy(words), passphrase, password: taken }),
    );
    if (made === true) onDone();
  };
  return (
    <form onSubmit={submit} className="grid gap-5">
      <Field
        label={text.words}
        hint={count === 0 ? text.wordsHint : text.count(count)}
        rows={3}
        mono
        value={words}
        onChange={setWords}
        autoComplete="off"
      />
      <PasswordField label={text.passphrase} value={passphrase} onChange={setPassphrase} />
      <NewPasswordFields password={password} />
      <FaultNotice fault={action.fault} />
      {action.busy && <Progress label={text.working} value={undefined} />}
      <Button type="submit" kind="primary" isPending={action.busy}>
        {passwordText.submitRestore}
      </Button>
    </form>
  );
};

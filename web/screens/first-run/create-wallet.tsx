import { type FormEvent, useState } from 'react';
import { FIRST_ROUTES } from '../../app/routes.ts';
import { askPersistence } from '../../client/persistence.ts';
import { clientReady } from '../../client/session.ts';
import { useText } from '../../client/text.ts';
import { useAction } from '../../client/use-action.ts';
import { Button } from '../../components/button.tsx';
import { ChoiceCards } from '../../components/choice-cards.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { Progress } from '../../components/progress.tsx';
import { FirstPage } from './first-page.tsx';
import { NewPasswordFields, useNewPassword } from './new-password.tsx';

/** A password, and the wallet is made: its words are shown at backup, which comes with the first money. */
export const CreateWallet = ({ onDone }: { readonly onDone: () => void }) => {
  const text = useText().password;
  const password = useNewPassword();
  const [words, setWords] = useState<12 | 24>(12);
  const action = useAction();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const taken = password.take();
    if (taken === undefined || action.busy) return;
    void askPersistence();
    const made = await action.run(async () => (await clientReady()).vault.create({ words, password: taken }));
    if (made === true) onDone();
  };
  return (
    <FirstPage title={text.title} lead={text.lead} back={FIRST_ROUTES.welcome}>
      <form onSubmit={submit} className="grid gap-5">
        <NewPasswordFields password={password} autoFocus />
        <ChoiceCards
          label={text.words}
          columns={2}
          value={String(words)}
          onChange={(value) => setWords(value === '24' ? 24 : 12)}
          choices={[
            { value: '12', label: text.twelve },
            { value: '24', label: text.twentyFour },
          ]}
        />
        <FaultNotice fault={action.fault} />
        {action.busy && <Progress label={text.working} value={undefined} />}
        <Button type="submit" kind="primary" isPending={action.busy}>
          {text.submit}
        </Button>
      </form>
    </FirstPage>
  );
};

import { type FormEvent, useState } from 'react';
import { BrandRing } from '../app/brand.tsx';
import { UpdatePrompt } from '../app/update-prompt.tsx';
import { useText } from '../client/text.ts';
import { useAction } from '../client/use-action.ts';
import { useClient } from '../client/use-client.ts';
import { Button } from '../components/button.tsx';
import { Disclosure } from '../components/disclosure.tsx';
import { FaultNotice } from '../components/notice.tsx';
import { PasswordField } from '../components/password-field.tsx';

/** The locked wallet: nothing of it is shown. */
export const LockScreen = () => {
  const text = useText().lock;
  const { vault } = useClient();
  const [password, setPassword] = useState('');
  const action = useAction();
  const unlock = async (event: FormEvent) => {
    event.preventDefault();
    if (!action.busy) await action.run(() => vault.unlock(password));
  };
  return (
    <main className="enter mx-auto grid min-h-dvh w-full max-w-sm content-center gap-6 px-5 pb-16">
      <BrandRing size={48} />
      <h1 className="text-title font-bold">{text.title}</h1>
      <form onSubmit={unlock} className="grid gap-4">
        <PasswordField label={text.password} value={password} onChange={setPassword} autoFocus />
        <FaultNotice fault={action.fault} />
        <Button type="submit" kind="primary" isPending={action.busy}>
          {action.busy ? text.working : text.unlock}
        </Button>
      </form>
      <Disclosure title={text.forgot} small>
        <p className="text-soft">{text.forgotText}</p>
      </Disclosure>
      <p className="text-small text-soft">{text.never}</p>
      <UpdatePrompt />
    </main>
  );
};

import { type FormEvent, useState } from 'react';
import { EMPTY_DRAFT, setDraft } from '../../client/draft.ts';
import { clearRequest } from '../../client/request.ts';
import { useText } from '../../client/text.ts';
import { useAction } from '../../client/use-action.ts';
import { useClient } from '../../client/use-client.ts';
import { Button } from '../../components/button.tsx';
import { Chapter } from '../../components/card.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { PasswordField } from '../../components/password-field.tsx';
import { Tick } from '../../components/tick.tsx';

const Forget = () => {
  const text = useText().settings;
  const { chain } = useClient();
  const [done, setDone] = useState(false);
  const action = useAction();
  const forget = () =>
    action.run(async () => {
      await chain.forgetChain();
      setDone(true);
    });
  return (
    <div className="grid gap-1.5">
      <Button isPending={action.busy} onPress={forget}>
        {text.forget}
      </Button>
      <p role="status" className="text-small text-soft">
        {done ? text.forgetDone : text.forgetText}
      </p>
      <FaultNotice fault={action.fault} />
    </div>
  );
};

const Erase = () => {
  const text = useText().settings;
  const { vault, chain } = useClient();
  const [sure, setSure] = useState(false);
  const [password, setPassword] = useState('');
  const action = useAction();
  const erase = async (event: FormEvent) => {
    event.preventDefault();
    if (!sure || action.busy) return;
    const done = await action.run(() => vault.erase(password));
    if (done !== true) return;
    setDraft(EMPTY_DRAFT);
    clearRequest();
    await chain.forgetChain().catch(() => undefined);
  };
  return (
    <form onSubmit={erase} className="grid gap-3 rounded-card border border-alarm p-4">
      <h3 className="font-bold">{text.erase}</h3>
      <p className="text-body">{text.eraseText}</p>
      <Tick isSelected={sure} onChange={setSure}>
        {text.eraseConfirm}
      </Tick>
      {sure && (
        <>
          <PasswordField label={text.password} value={password} onChange={setPassword} />
          <Button type="submit" kind="danger" isPending={action.busy}>
            {text.erase}
          </Button>
        </>
      )}
      <FaultNotice fault={action.fault} />
    </form>
  );
};

/** What cannot be taken back, apart from the rest. @source SPEC WB18 */
export const Danger = () => (
  <Chapter title={useText().settings.danger}>
    <Forget />
    <Erase />
  </Chapter>
);

import { type FormEvent, useState } from 'react';
import type { Contact } from '../../client/contacts.ts';
import { useText } from '../../client/text.ts';
import { useAction } from '../../client/use-action.ts';
import { useClient } from '../../client/use-client.ts';
import { Address } from '../../components/address.tsx';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { Field } from '../../components/field.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { Sheet } from '../../components/sheet.tsx';

interface Props {
  readonly contact: Contact;
  readonly onClose: () => void;
  readonly onChanged: () => void;
}

/** One contact: its name can be changed, and it can be forgotten; the payments stay. */
export const ContactSheet = ({ contact, onClose, onChanged }: Props) => {
  const { contacts: text, app } = useText();
  const { chain } = useClient();
  const [name, setName] = useState(contact.name);
  const action = useAction();
  const put = async (label: string) => {
    const done = await action.run(async () => {
      await chain.setLabel({ kind: 'addr', ref: contact.address, label });
      return true;
    });
    if (done === true) onChanged();
  };
  const save = (event: FormEvent) => {
    event.preventDefault();
    void put(name.trim());
  };
  return (
    <Sheet title={contact.name} isOpen onClose={onClose}>
      <div className="grid gap-2">
        <Address address={contact.address} />
        <CopyButton text={contact.address} kind="plain" className="-ml-3 justify-self-start" />
      </div>
      <form onSubmit={save} className="grid gap-3">
        <Field label={text.name} value={name} onChange={setName} maxLength={80} autoComplete="off" />
        <FaultNotice fault={action.fault} />
        <div className="grid grid-cols-[auto_1fr] gap-3">
          <Button kind="danger" isDisabled={action.busy} onPress={() => put('')}>
            {text.remove}
          </Button>
          <Button type="submit" kind="primary" isPending={action.busy} isDisabled={name.trim() === '' || name.trim() === contact.name}>
            {app.save}
          </Button>
        </div>
      </form>
    </Sheet>
  );
};

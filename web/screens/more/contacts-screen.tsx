import { Pencil } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { RecipientView } from '#workers/rpc/chain-calls';
import { type Fault, fault, isFault } from '#workers/rpc/fault';
import { ROUTES, sendPath } from '../../app/routes.ts';
import { type Contact, loadContacts } from '../../client/contacts.ts';
import { useText } from '../../client/text.ts';
import { useAction } from '../../client/use-action.ts';
import { useClient } from '../../client/use-client.ts';
import { useLoaded } from '../../client/use-loaded.ts';
import { Address } from '../../components/address.tsx';
import { Button } from '../../components/button.tsx';
import { Card, Section } from '../../components/card.tsx';
import { Empty, Skeleton } from '../../components/empty.tsx';
import { Field } from '../../components/field.tsx';
import { ButtonLink } from '../../components/link.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { Page } from '../../components/page.tsx';
import { ContactSheet } from './contact-sheet.tsx';

const Add = ({ onAdded }: { readonly onAdded: () => void }) => {
  const text = useText().contacts;
  const { chain } = useClient();
  const [name, setName] = useState('');
  const [address, setAddress] = useState('');
  const action = useAction();
  const add = async (event: FormEvent) => {
    event.preventDefault();
    const done = await action.run(async (): Promise<true | Fault> => {
      if (name.trim() === '') return fault('contact-name-missing');
      const read = await chain.parseRecipient(address.trim());
      if (isFault(read)) return read as Fault;
      await chain.setLabel({ kind: 'addr', ref: (read as RecipientView).address, label: name.trim() });
      return true;
    });
    if (done !== true) return;
    setName('');
    setAddress('');
    onAdded();
  };
  return (
    <Section title={text.add}>
      <form onSubmit={add} className="grid gap-3">
        <Field label={text.name} value={name} onChange={setName} maxLength={80} autoComplete="off" />
        <Field label={text.address} value={address} onChange={setAddress} mono rows={2} autoComplete="off" />
        <FaultNotice fault={action.fault} />
        <Button type="submit" isPending={action.busy}>
          {text.add}
        </Button>
      </form>
    </Section>
  );
};

const Row = ({ contact: { address, name }, onEdit }: { readonly contact: Contact; readonly onEdit: () => void }) => {
  const text = useText();
  return (
    <li>
      <Card className="flex flex-wrap items-center justify-between gap-3">
        <span className="min-w-0 flex-1 basis-60">
          <span className="block truncate font-bold">{name}</span>
          <Address address={address} />
        </span>
        <span className="flex gap-1">
          <ButtonLink to={sendPath(address)}>
            <span aria-hidden>{text.nav.send}</span>
            <span className="sr-only">{text.contacts.pay(name)}</span>
          </ButtonLink>
          <Button kind="icon" aria-label={text.contacts.edit(name)} onPress={onEdit}>
            <Pencil size={18} aria-hidden />
          </Button>
        </span>
      </Card>
    </li>
  );
};

/** Named addresses, which are labels: one list, exported with the rest. @source BIP329 */
export const ContactsScreen = () => {
  const text = useText().contacts;
  const { chain } = useClient();
  const [turn, setTurn] = useState(0);
  const [edited, setEdited] = useState<Contact>();
  const contacts = useLoaded(() => loadContacts(chain), [chain, turn]);
  const changed = () => {
    setEdited(undefined);
    setTurn(turn + 1);
  };
  return (
    <Page title={text.title} lead={text.lead} back={ROUTES.more} width="side">
      <div className="grid grid-cols-1 gap-x-10 gap-y-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        {contacts === undefined && <Skeleton className="h-40 w-full" />}
        {contacts?.length === 0 && <Empty title={text.emptyTitle} text={text.empty} />}
        {contacts !== undefined && contacts.length > 0 && (
          <ul aria-label={text.list} className="grid content-start gap-2">
            {contacts.map((contact) => (
              <Row key={contact.address} contact={contact} onEdit={() => setEdited(contact)} />
            ))}
          </ul>
        )}
        <Add onAdded={changed} />
      </div>
      {edited !== undefined && <ContactSheet contact={edited} onClose={() => setEdited(undefined)} onChanged={changed} />}
    </Page>
  );
};

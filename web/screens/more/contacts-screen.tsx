import { type FormEvent, useState } from 'react';
import type { RecipientView } from '#workers/rpc/chain-calls';
import { type Fault, fault, isFault } from '#workers/rpc/fault';
import { ROUTES, sendPath } from '../../app/routes.ts';
import { loadContacts } from '../../client/contacts.ts';
import { useText } from '../../client/text.ts';
import { useAction } from '../../client/use-action.ts';
import { useClient } from '../../client/use-client.ts';
import { useLoaded } from '../../client/use-loaded.ts';
import { Address } from '../../components/address.tsx';
import { Button } from '../../components/button.tsx';
import { Card, Section } from '../../components/card.tsx';
import { Field } from '../../components/field.tsx';
import { ButtonLink } from '../../components/link.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { Page } from '../../components/page.tsx';

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

/** Named addresses, which are labels: one list, exported with the rest. @source BIP329 */
export const ContactsScreen = () => {
  const text = useText();
  const { chain } = useClient();
  const [turn, setTurn] = useState(0);
  const contacts = useLoaded(() => loadContacts(chain), [chain, turn]);
  return (
    <Page title={text.contacts.title} lead={text.contacts.lead} back={ROUTES.more}>
      {contacts?.length === 0 && <p className="text-body text-soft">{text.contacts.empty}</p>}
      <ul aria-label={text.contacts.list} className="grid gap-2">
        {contacts?.map(({ address, name }) => (
          <li key={address}>
            <Card className="flex flex-wrap items-center justify-between gap-3">
              <span className="min-w-0">
                <span className="block truncate font-bold">{name}</span>
                <Address address={address} />
              </span>
              <ButtonLink to={sendPath(address)}>
                <span aria-hidden>{text.nav.send}</span>
                <span className="sr-only">{text.contacts.pay(name)}</span>
              </ButtonLink>
            </Card>
          </li>
        ))}
      </ul>
      <Add onAdded={() => setTurn(turn + 1)} />
    </Page>
  );
};

import { loadContacts } from '../../client/contacts.ts';
import { useText } from '../../client/text.ts';
import { useClient } from '../../client/use-client.ts';
import { useLoaded } from '../../client/use-loaded.ts';
import { Button } from '../../components/button.tsx';
import { Sheet } from '../../components/sheet.tsx';
import { shorten } from '../../text/address-text.ts';

interface Props {
  readonly onClose: () => void;
  readonly onChoose: (address: string) => void;
}

export const ContactPicker = ({ onClose, onChoose }: Props) => {
  const text = useText().send;
  const { chain } = useClient();
  const contacts = useLoaded(() => loadContacts(chain), [chain]);
  return (
    <Sheet title={text.contacts} isOpen onClose={onClose}>
      {contacts?.length === 0 && <p className="text-body text-soft">{text.contactsEmpty}</p>}
      <ul className="divide-y divide-line">
        {contacts?.map(({ address, name }) => (
          <li key={address}>
            <Button kind="plain" className="w-full justify-between font-normal" onPress={() => onChoose(address)}>
              <span className="truncate font-bold text-ink">{name}</span>
              <span className="shrink-0 font-mono text-small text-soft">{shorten(address)}</span>
            </Button>
          </li>
        ))}
      </ul>
    </Sheet>
  );
};

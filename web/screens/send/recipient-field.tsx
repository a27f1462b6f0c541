import { setDraft, useSending } from '../../client/draft.ts';
import { useText } from '../../client/text.ts';
import { Address } from '../../components/address.tsx';
import { Card } from '../../components/card.tsx';
import { useFaultText } from '../../components/fault-text.tsx';
import { Field } from '../../components/field.tsx';
import { RealName } from '../../components/real-name.tsx';
import { outsideText } from '../../text/outside-text.ts';
import { RecipientTools } from './recipient-tools.tsx';
import type { Recipient } from './use-recipient.ts';

const Read = ({ recipient }: { readonly recipient: Recipient }) => {
  const text = useText().send;
  const { view } = recipient;
  if (view === undefined) return null;
  return (
    <Card className="grid gap-1">
      <p className="text-small text-soft">{text.recipient}</p>
      <Address address={view.address} />
      {view.realName !== undefined && <RealName of={view.realName} />}
      {view.own && <p className="text-small text-soft">{text.own}</p>}
      {view.contact !== undefined && <p className="text-body font-bold">{text.knownAs(outsideText(view.contact))}</p>}
      {(view.label ?? view.message) !== undefined && (
        <p className="text-small text-soft">
          {text.note}:{' '}
          {[view.label, view.message]
            .filter((part) => part !== undefined)
            .map((part) => outsideText(part))
            .join(' · ')}
        </p>
      )}
    </Card>
  );
};

/** Whom to pay: typed, pasted, scanned, or from contacts; what was understood stands below. */
export const RecipientField = ({ recipient, tried }: { readonly recipient: Recipient; readonly tried: boolean }) => {
  const text = useText().send;
  const faultText = useFaultText();
  const to = useSending(({ draft }) => draft.to);
  const wrong = recipient.fault ?? (tried && to.trim() === '' ? 'recipient-missing' : undefined);
  return (
    <div className="grid gap-2">
      <Field
        label={text.to}
        hint={text.toHint}
        rows={2}
        mono
        value={to}
        onChange={(value) => setDraft({ to: value.replace(/\n/g, ' ') })}
        autoComplete="off"
        error={wrong === undefined ? undefined : faultText(wrong)}
      />
      <RecipientTools onText={(value) => setDraft({ to: value.trim() })} />
      <Read recipient={recipient} />
    </div>
  );
};

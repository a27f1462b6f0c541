import type { DraftOwner } from '#workers/rpc/draft-view';
import { useLanguage, useText } from '../../client/text.ts';
import { Address } from '../../components/address.tsx';
import { shorten } from '../../text/address-text.ts';
import { dueText } from '../../text/due-text.ts';

/** Whose an output is, as the vault read it in the script. */
export const OwnerText = ({ owner }: { readonly owner: DraftOwner }) => {
  const { together: text, review } = useText();
  const language = useLanguage();
  switch (owner.kind) {
    case 'address':
      return <Address address={owner.address} />;
    case 'debtor':
      return (
        <span className="grid gap-0.5">
          <span className="figures text-body font-bold">{dueText(owner.due, review, language)}</span>
          <Address address={owner.address} />
        </span>
      );
    case 'members':
      return (
        <span className="grid gap-0.5">
          <span className="text-small text-soft">{text.owners.members(owner.threshold, owner.keys.length)}</span>
          {owner.keys.map((key) => (
            <span key={key} className={`font-mono text-small break-all ${owner.own.includes(key) ? 'font-bold text-ink' : 'text-soft'}`}>
              {key}
              {owner.own.includes(key) && ` · ${text.you}`}
            </span>
          ))}
        </span>
      );
    case 'seat':
      return (
        <span className="grid gap-0.5">
          <span className="text-small text-soft">{text.owners.seat}</span>
          <Address address={owner.address} />
        </span>
      );
    case 'script':
      return (
        <span className="text-small text-soft">
          {text.owners.script} <span className="font-mono">{shorten(owner.script, 12)}</span>
        </span>
      );
    default:
      return <span className="text-small text-soft">{text.owners[owner.kind]}</span>;
  }
};

import { BadgeCheck } from 'lucide-react';
import type { RealNameView } from '#workers/rpc/chain-calls';
import { useLanguage, useText } from '../client/text.ts';
import { shorten } from '../text/address-text.ts';
import { numberText } from '../text/time-text.ts';

/** Who is behind a real-name address, and how far that was proved. */
export const RealName = ({ of }: { readonly of: RealNameView }) => {
  const text = useText().payee;
  const language = useLanguage();
  return (
    <div className="flex items-start gap-2 text-small text-soft">
      <BadgeCheck size={16} aria-hidden className="mt-0.5 shrink-0 text-accent" />
      <p>
        <span className="font-bold text-ink">{text.registered}</span> <span className="font-mono">{shorten(of.account, 6)}</span>
        {of.parent !== undefined && (
          <>
            , {text.below} <span className="font-mono">{shorten(of.parent, 6)}</span>
          </>
        )}
        <br />
        <span className="figures">{text.proved(numberText(of.recordedAt, language), numberText(of.provedAt, language))}</span>
      </p>
    </div>
  );
};

import { useState } from 'react';
import { Link } from 'wouter';
import type { AccountView } from '#workers/rpc/chain-view';
import { paymentPath } from '../../app/routes.ts';
import { markState, proofText } from '../../client/proof-state.ts';
import { useLanguage, useText } from '../../client/text.ts';
import { useNow } from '../../client/use-now.ts';
import { ProofRing } from '../../components/proof-ring.tsx';
import { amountText } from '../../text/amount-text.ts';

/** The newest payment that came while this screen was open, with how far it is proved. */
export const Arrived = ({ account }: { readonly account: AccountView }) => {
  const text = useText();
  const language = useLanguage();
  const now = useNow();
  const [known] = useState(() => new Set(account.recent.map(({ txid }) => txid)));
  const arrived = account.recent.find(({ txid, direction }) => direction === 'in' && !known.has(txid));
  return (
    <div role="status" className="grid min-h-12 place-items-center text-center text-body text-soft">
      {arrived === undefined ? (
        text.receive.waiting
      ) : (
        <Link
          href={paymentPath(arrived.txid)}
          className="enter flex min-h-12 items-center gap-3 rounded-card bg-accent-wash px-4 py-2 font-bold no-underline"
        >
          <ProofRing state={markState(arrived.proof, arrived.finalDepth)} size={22} />
          <span>
            {text.receive.arrived(amountText(arrived.change, language))} · {proofText(arrived.proof, now, text.proof, language)}
          </span>
        </Link>
      )}
    </div>
  );
};

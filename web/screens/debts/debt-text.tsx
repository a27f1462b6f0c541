import type { DebtView } from '#workers/rpc/chain-view';
import { useLanguage, useText } from '../../client/text.ts';
import { useNow } from '../../client/use-now.ts';
import { shortAddress } from '../../text/address-text.ts';
import { dateText, numberText, spanText } from '../../text/time-text.ts';

const HUES: Readonly<Record<DebtView['state'], string>> = {
  'on-track': 'text-soft',
  'due-soon': 'text-debt',
  'three-days': 'font-bold text-debt',
  'one-day': 'font-bold text-debt',
  overdue: 'font-bold text-alarm',
};

const Due = ({ due }: { readonly due: DebtView['due'] }) => {
  const text = useText().debts;
  const language = useLanguage();
  const now = useNow();
  if (due === undefined) return <>{text.never}</>;
  const date = dateText(due.time, language);
  const span = spanText(Math.abs(due.time - now), language);
  return (
    <>
      {due.height === undefined ? text.due(date) : text.dueAbout(date, numberText(due.height, language))} ·{' '}
      {due.time > now ? text.left(span) : text.past(span)}
    </>
  );
};

/** How near a debt is, until when, and who answers: in words, and in colour beside them. @source SPEC WB20 */
export const DebtText = ({ debt }: { readonly debt: DebtView }) => {
  const text = useText().debts;
  return (
    <div className="grid min-w-0 flex-1 gap-0.5">
      <p className={`text-body ${HUES[debt.state]}`}>{text.states[debt.state]}</p>
      <p className="figures text-small text-soft">
        <Due due={debt.due} />
      </p>
      <p className="text-small text-soft">
        <span className="font-mono">{shortAddress(debt.address)}</span>
        {!debt.standard && ` · ${text.other}`}
      </p>
    </div>
  );
};

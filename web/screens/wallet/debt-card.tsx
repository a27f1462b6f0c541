import type { AccountView } from '#workers/rpc/chain-view';
import { ROUTES } from '../../app/routes.ts';
import { useLanguage, useText } from '../../client/text.ts';
import { useChain, useClient } from '../../client/use-client.ts';
import { useLoaded } from '../../client/use-loaded.ts';
import { ButtonLink } from '../../components/link.tsx';
import { Notice } from '../../components/notice.tsx';
import { amountText } from '../../text/amount-text.ts';
import { dateText } from '../../text/time-text.ts';

/** The one nearest due date, or what is frozen already; nothing for who owes nothing. @source SPEC WB20 */
export const DebtCard = ({ account }: { readonly account: AccountView }) => {
  const text = useText().debts;
  const language = useLanguage();
  const { chain } = useClient();
  const tip = useChain()?.tip?.hash ?? '';
  const { debt } = account.balance;
  const debts = useLoaded(async () => (debt === 0n ? [] : chain.debts(account.account)), [chain, account.account, debt, tip]) ?? [];
  const overdue = debts.filter(({ state }) => state === 'overdue');
  const [nearest] = debts;
  const action = <ButtonLink to={ROUTES.debts}>{text.open}</ButtonLink>;
  if (overdue.length > 0) {
    const sum = overdue.reduce((total, { amount }) => total + amount, 0n);
    return (
      <Notice kind="alarm" title={text.frozenTitle} action={action}>
        {text.frozenText(amountText(sum, language))}
      </Notice>
    );
  }
  if (nearest?.due === undefined) return null;
  return (
    <Notice kind={nearest.state === 'on-track' ? 'info' : 'warning'} title={text.nearestTitle} action={action}>
      {text.nearest(amountText(nearest.amount, language), dateText(nearest.due.time, language))}
    </Notice>
  );
};

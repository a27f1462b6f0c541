import type { DebtView } from '#workers/rpc/chain-view';
import { ROUTES } from '../../app/routes.ts';
import { useText } from '../../client/text.ts';
import { useAccount, useChain, useClient } from '../../client/use-client.ts';
import { useLoaded } from '../../client/use-loaded.ts';
import { Amount } from '../../components/amount.tsx';
import { Card } from '../../components/card.tsx';
import { Disclosure } from '../../components/disclosure.tsx';
import { Empty, Skeleton } from '../../components/empty.tsx';
import { Fact, Facts } from '../../components/facts.tsx';
import { Page } from '../../components/page.tsx';
import { DebtRow } from './debt-row.tsx';
import { DrawForm } from './draw-form.tsx';
import { RequestForm } from './request-form.tsx';

const sumOf = (debts: readonly DebtView[]): bigint => debts.reduce((total, { amount }) => total + amount, 0n);

const Sums = ({ debts, credit }: { readonly debts: readonly DebtView[]; readonly credit: bigint }) => {
  const text = useText().debts;
  const overdue = sumOf(debts.filter(({ state }) => state === 'overdue'));
  return (
    <Card>
      <Facts>
        <Fact name={text.total}>
          <Amount units={sumOf(debts)} size="lead" hue="debt" />
        </Fact>
        {overdue > 0n && (
          <Fact name={<span className="font-bold text-alarm">{text.overdue}</span>}>
            <Amount units={overdue} />
          </Fact>
        )}
        <Fact name={text.credit}>
          <Amount units={credit} hue="credit" />
        </Fact>
      </Facts>
    </Card>
  );
};

/** What the account owes, nearest first, and what happens to what is not paid. @source SPEC WB20 */
export const DebtsScreen = () => {
  const { debts: text, request } = useText();
  const { chain } = useClient();
  const account = useAccount();
  const tip = useChain()?.tip?.hash ?? '';
  const number = account?.account ?? 0;
  const debts = useLoaded(() => chain.debts(number), [chain, number, tip]);
  if (debts === undefined || account === undefined)
    return (
      <Page title={text.title} back={ROUTES.more}>
        <Skeleton className="h-60 w-full" />
      </Page>
    );
  return (
    <Page title={text.title} lead={debts.length === 0 ? undefined : text.lead} back={ROUTES.more}>
      {(debts.length > 0 || account.balance.credit > 0n) && <Sums debts={debts} credit={account.balance.credit} />}
      {debts.length === 0 ? (
        <Empty title={text.emptyTitle} text={text.emptyText} />
      ) : (
        <ul aria-label={text.list} className="divide-y divide-line">
          {debts.map((debt) => (
            <li key={debt.outpoint}>
              <DebtRow debt={debt} />
            </li>
          ))}
        </ul>
      )}
      {account.balance.credit > 0n && <DrawForm account={number} />}
      <Disclosure title={`${request.title} · ${request.lead}`}>
        <RequestForm account={number} />
      </Disclosure>
      {debts.length > 0 && <p className="text-small text-soft text-pretty">{text.ifUnpaid}</p>}
    </Page>
  );
};

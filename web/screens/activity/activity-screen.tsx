import { useCallback } from 'react';
import type { AccountView } from '#workers/rpc/chain-view';
import { ROUTES } from '../../app/routes.ts';
import { useText } from '../../client/text.ts';
import { useAccount, useClient } from '../../client/use-client.ts';
import { useNow } from '../../client/use-now.ts';
import { Empty, Skeleton } from '../../components/empty.tsx';
import { ButtonLink } from '../../components/link.tsx';
import { Page } from '../../components/page.tsx';
import { PaymentRow } from '../../components/payment-row.tsx';
import { ProofRing } from '../../components/proof-ring.tsx';
import { WindowedList } from '../../components/windowed-list.tsx';
import { PaymentPanel } from '../payment/payment-panel.tsx';
import { ActivityFiles } from './activity-files.tsx';

const ROW = 64;
const PAGE = 50;

const versionOf = (account: AccountView): string =>
  account.recent.map(({ txid, proof, label, contact }) => `${txid}${proof.stage}${proof.depth}${label ?? ''}${contact ?? ''}`).join();

const Payments = ({ account, txid }: { readonly account: AccountView; readonly txid: string | undefined }) => {
  const { activity: text, nav } = useText();
  const { chain } = useClient();
  const now = useNow(10);
  const load = useCallback((from: number, count: number) => chain.activity(account.account, from, count), [chain, account.account]);
  if (account.activityCount === 0)
    return <Empty title={text.emptyTitle} text={text.emptyText} action={<ButtonLink to={ROUTES.receive}>{nav.receive}</ButtonLink>} />;
  return (
    <WindowedList
      label={text.list}
      count={account.activityCount}
      rowHeight={ROW}
      pageSize={PAGE}
      version={versionOf(account)}
      load={load}
      row={(payment) =>
        payment === undefined ? (
          <Skeleton className="mt-4 h-8 w-full" />
        ) : (
          <PaymentRow payment={payment} now={now} current={payment.txid === txid} />
        )
      }
    />
  );
};

const Ledger = ({ txid }: { readonly txid: string | undefined }) => {
  const text = useText().activity;
  const account = useAccount();
  if (account === undefined) return <Skeleton className="h-96 w-full" />;
  return (
    <Page title={text.title} lead={text.count(account.activityCount)} width="wide" action={<ActivityFiles account={account.account} />}>
      <Payments key={account.account} account={account} txid={txid} />
    </Page>
  );
};

/** The ledger; on a desk a chosen payment stands beside it, on a phone in its place. */
export const ActivityScreen = ({ txid }: { readonly txid: string | undefined }) => {
  const text = useText().activity;
  return (
    <div className="mx-auto grid max-w-5xl grid-cols-1 gap-8 lg:mx-0 lg:grid-cols-[minmax(0,1fr)_22rem] xl:grid-cols-[minmax(0,1fr)_25rem]">
      <div className={txid === undefined ? '' : 'hidden lg:block'}>
        <Ledger txid={txid} />
      </div>
      <aside
        className={`lg:sticky lg:top-20 lg:max-h-[calc(100dvh-6rem)] lg:self-start lg:overflow-auto ${txid === undefined ? 'hidden lg:block' : ''}`}
      >
        {txid === undefined ? (
          <p className="grid place-items-center gap-3 rounded-card border border-dashed border-edge px-6 py-10 text-center text-body text-soft">
            <ProofRing state={{ stage: 'verified', arc: 1 }} size={28} />
            {text.choose}
          </p>
        ) : (
          <PaymentPanel key={txid} txid={txid} />
        )}
      </aside>
    </div>
  );
};

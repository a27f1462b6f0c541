import { ArrowDownLeft, ArrowUpRight } from 'lucide-react';
import { Link } from 'wouter';
import type { AccountView, BalanceView } from '#workers/rpc/chain-view';
import { ROUTES } from '../../app/routes.ts';
import { useLanguage, useText } from '../../client/text.ts';
import { useAccount, useChain } from '../../client/use-client.ts';
import { useNow } from '../../client/use-now.ts';
import { Amount } from '../../components/amount.tsx';
import { Empty, Skeleton } from '../../components/empty.tsx';
import { ButtonLink } from '../../components/link.tsx';
import { PaymentRow } from '../../components/payment-row.tsx';
import { ProofMark } from '../../components/proof-mark.tsx';
import { amountText } from '../../text/amount-text.ts';
import { numberText } from '../../text/time-text.ts';
import { BackupCard } from './backup-card.tsx';
import { DebtCard } from './debt-card.tsx';

/** From here on three figures no longer stand side by side on a phone. @unit base units */
const MANY = 100_000n * 100_000_000n;

const UnderWay = ({ balance }: { readonly balance: BalanceView }) => {
  const text = useText().wallet;
  const language = useLanguage();
  const lines = [
    { units: balance.incoming, say: text.incoming },
    { units: balance.outgoing - balance.returning, say: text.outgoing },
    { units: balance.returning, say: text.returning },
    { units: balance.maturing, say: text.maturing },
    { units: balance.frozen, say: text.frozen },
  ].filter(({ units }) => units > 0n);
  if (lines.length === 0) return null;
  return (
    <ul className="figures mt-2 text-small text-soft">
      {lines.map(({ units, say }) => (
        <li key={say(amountText(units, language))}>{say(amountText(units, language))}</li>
      ))}
    </ul>
  );
};

const Spendable = ({ balance, counted }: { readonly balance: BalanceView; readonly counted: boolean }) => {
  const text = useText().wallet;
  const language = useLanguage();
  const { proof } = balance;
  const complete = proof.stage === 'verified' && proof.height !== undefined;
  return (
    <section aria-label={text.spendable} className="border-b border-line pb-5">
      <p className="flex flex-wrap items-center gap-x-1.5 text-small text-soft">
        {text.spendable}
        <ProofMark proof={proof} of={text.spendable} />
        <span>{complete ? text.complete(numberText(proof.height, language)) : counted ? text.soFar : ''}</span>
      </p>
      <p className="mt-1">
        {counted ? <Amount units={balance.spendable} size="figure" hue="value" /> : <span className="text-figure text-soft">—</span>}
      </p>
      <UnderWay balance={balance} />
    </section>
  );
};

const Three = ({ balance }: { readonly balance: BalanceView }) => {
  const text = useText().wallet;
  const kinds = [
    { key: 'locked', units: balance.locked, name: text.locked },
    { key: 'credit', units: balance.credit, name: text.credit },
    { key: 'debt', units: balance.debt, name: text.debt },
  ] as const;
  const wide = kinds.some(({ units }) => units >= MANY);
  return (
    <dl className={`grid gap-px overflow-hidden rounded-card border border-line bg-line ${wide ? 'grid-cols-1' : 'grid-cols-3'}`}>
      {kinds.map(({ key, units, name }) => (
        <div key={key} className={`min-w-0 bg-sheet px-3 py-2.5 ${wide ? 'flex items-center justify-between gap-3' : ''}`}>
          <dt className="flex items-center justify-between gap-1 text-small text-soft">
            <span className="truncate">{name}</span>
            <ProofMark proof={balance.proof} of={name} />
          </dt>
          <dd className="whitespace-nowrap">
            <Amount units={units} size="row" hue={units === 0n ? 'none' : key} unit={false} />
          </dd>
        </div>
      ))}
    </dl>
  );
};

const Recent = ({ account, faucet }: { readonly account: AccountView; readonly faucet: boolean }) => {
  const text = useText().wallet;
  const now = useNow();
  if (account.recent.length === 0)
    return (
      <Empty
        title={text.emptyTitle}
        text={faucet ? text.emptyDev : text.emptyText}
        action={
          <ButtonLink to={ROUTES.receive} kind="quiet">
            {faucet ? text.emptyTry : text.receive}
          </ButtonLink>
        }
      />
    );
  return (
    <section>
      <div className="flex items-center justify-between">
        <h2 className="text-small font-bold text-soft">{text.recent}</h2>
        <Link href={ROUTES.activity} className="-my-2 flex min-h-11 items-center text-small font-bold no-underline">
          {text.all}
        </Link>
      </div>
      <ul aria-label={text.recent} className="divide-y divide-line">
        {account.recent.slice(0, 6).map((payment) => (
          <li key={payment.txid}>
            <PaymentRow payment={payment} now={now} />
          </li>
        ))}
      </ul>
    </section>
  );
};

const Waiting = () => (
  <div aria-busy className="mx-auto grid w-full max-w-xl gap-5 lg:mx-0">
    <Skeleton className="h-5 w-48" />
    <Skeleton className="h-12 w-64" />
    <Skeleton className="h-16 w-full" />
    <Skeleton className="h-12 w-full" />
    <Skeleton className="h-40 w-full" />
  </div>
);

/** The wallet at a glance: figures with their marks, one next action, what happened last. */
export const WalletScreen = () => {
  const text = useText();
  const account = useAccount();
  const chain = useChain();
  if (account === undefined || chain === undefined) return <Waiting />;
  return (
    <div className="enter mx-auto grid w-full max-w-xl grid-cols-1 content-start gap-x-12 gap-y-5 lg:mx-0 xl:max-w-5xl xl:grid-cols-2">
      <div className="grid grid-cols-1 content-start gap-5">
        <h1 className="sr-only">{text.nav.wallet}</h1>
        <Spendable balance={account.balance} counted={chain.stage !== 'undecided'} />
        <Three balance={account.balance} />
        <DebtCard account={account} />
        <BackupCard account={account} />
        <div className="grid grid-cols-2 gap-3">
          <ButtonLink to={ROUTES.send} kind="primary" className="min-h-12">
            <ArrowUpRight size={18} aria-hidden />
            {text.wallet.send}
          </ButtonLink>
          <ButtonLink to={ROUTES.receive} className="min-h-12">
            <ArrowDownLeft size={18} aria-hidden />
            {text.wallet.receive}
          </ButtonLink>
        </div>
      </div>
      <Recent account={account} faucet={chain.faucet} />
    </div>
  );
};

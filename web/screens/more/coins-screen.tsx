import { useCallback } from 'react';
import type { CoinView } from '#workers/rpc/chain-view';
import { ROUTES } from '../../app/routes.ts';
import { useLanguage, useText } from '../../client/text.ts';
import { useAccount, useChain, useClient } from '../../client/use-client.ts';
import { useLoaded } from '../../client/use-loaded.ts';
import { Amount } from '../../components/amount.tsx';
import { Empty, Skeleton } from '../../components/empty.tsx';
import { ButtonLink } from '../../components/link.tsx';
import { Page } from '../../components/page.tsx';
import { ProofMark } from '../../components/proof-mark.tsx';
import { WindowedList } from '../../components/windowed-list.tsx';
import { shorten } from '../../text/address-text.ts';
import { amountText } from '../../text/amount-text.ts';
import { outsideText } from '../../text/outside-text.ts';

const ROW = 64;
const PAGE = 100;

const Row = ({ coin }: { readonly coin: CoinView }) => {
  const text = useText().coins;
  const name = coin.label === undefined ? shorten(coin.address, 8) : outsideText(coin.label);
  return (
    <div className="flex h-full items-center gap-3">
      <ProofMark proof={coin.proof} of={name} />
      <span className="min-w-0 flex-1">
        <span className={`block truncate text-body ${coin.label === undefined ? 'font-mono' : ''}`}>{name}</span>
        <span className="block truncate text-small text-soft">
          {!coin.spendable && <span className="font-bold text-debt">{text.notSpendable} · </span>}
          <span className="font-mono">{shorten(coin.outpoint, 6)}</span>
        </span>
      </span>
      <Amount units={coin.amount} size="row" unit={false} column />
    </div>
  );
};

const List = ({ coins, version }: { readonly coins: readonly CoinView[]; readonly version: string }) => {
  const load = useCallback(async (from: number, count: number) => coins.slice(from, from + count), [coins]);
  return (
    <WindowedList
      label={useText().coins.list}
      count={coins.length}
      rowHeight={ROW}
      pageSize={PAGE}
      version={version}
      load={load}
      row={(coin) => (coin === undefined ? <Skeleton className="mt-4 h-8 w-full" /> : <Row coin={coin} />)}
    />
  );
};

/** Every coin of the account with its own mark. */
export const CoinsScreen = () => {
  const { coins: text, nav } = useText();
  const language = useLanguage();
  const { chain } = useClient();
  const account = useAccount()?.account ?? 0;
  const tip = useChain()?.tip?.hash ?? '';
  const coins = useLoaded(() => chain.coins(account), [chain, account, tip]);
  const sum = coins?.reduce((total, { amount }) => total + amount, 0n) ?? 0n;
  const lead = coins === undefined || coins.length === 0 ? undefined : text.sum(coins.length, amountText(sum, language));
  return (
    <Page title={text.title} lead={lead} back={ROUTES.more} width="side">
      {coins === undefined && <Skeleton className="h-60 w-full" />}
      {coins?.length === 0 && (
        <Empty title={text.empty} text={text.lead} action={<ButtonLink to={ROUTES.receive}>{nav.receive}</ButtonLink>} />
      )}
      {coins !== undefined && coins.length > 0 && <List coins={coins} version={`${account} ${tip}`} />}
    </Page>
  );
};

import { ROUTES } from '../../app/routes.ts';
import { useText } from '../../client/text.ts';
import { useAccount, useChain, useClient } from '../../client/use-client.ts';
import { useLoaded } from '../../client/use-loaded.ts';
import { Amount } from '../../components/amount.tsx';
import { Skeleton } from '../../components/empty.tsx';
import { Page } from '../../components/page.tsx';
import { ProofMark } from '../../components/proof-mark.tsx';
import { shorten } from '../../text/address-text.ts';
import { outsideText } from '../../text/outside-text.ts';

/** Every coin of the account with its own mark. */
export const CoinsScreen = () => {
  const text = useText().coins;
  const { chain } = useClient();
  const account = useAccount()?.account ?? 0;
  const tip = useChain()?.tip?.hash;
  const coins = useLoaded(() => chain.coins(account), [chain, account, tip]);
  return (
    <Page title={text.title} lead={text.lead} back={ROUTES.more}>
      {coins === undefined && <Skeleton className="h-60 w-full" />}
      {coins?.length === 0 && <p className="text-body text-soft">{text.empty}</p>}
      <ul aria-label={text.list} className="divide-y divide-line">
        {coins?.map((coin) => (
          <li key={coin.outpoint} className="flex items-center gap-3 py-3">
            <ProofMark proof={coin.proof} of={shorten(coin.outpoint, 6)} />
            <span className="min-w-0 flex-1">
              <span className="block truncate text-body">
                {coin.label === undefined ? shorten(coin.address, 10) : outsideText(coin.label)}
              </span>
              <span className="block truncate font-mono text-small text-soft">{shorten(coin.outpoint, 8)}</span>
              {!coin.spendable && <span className="block text-small font-bold text-debt">{text.notSpendable}</span>}
            </span>
            <Amount units={coin.amount} size="row" />
          </li>
        ))}
      </ul>
    </Page>
  );
};

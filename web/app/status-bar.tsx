import { lazy, Suspense } from 'react';
import { Link } from 'wouter';
import type { ChainView } from '#workers/rpc/chain-view';
import { markState } from '../client/proof-state.ts';
import { useLanguage, useText } from '../client/text.ts';
import { chooseAccount, useAccount, useChain } from '../client/use-client.ts';
import { useOnline } from '../client/use-online.ts';
import { ProofRing } from '../components/proof-ring.tsx';
import type { Messages } from '../text/messages.ts';
import { outsideText } from '../text/outside-text.ts';
import { numberText } from '../text/time-text.ts';
import { BrandRing } from './brand.tsx';
import { ROUTES } from './routes.ts';

/** Only who has several accounts needs it. */
const Dropdown = lazy(async () => ({ default: (await import('../components/dropdown.tsx')).Dropdown }));

const stateText = (chain: ChainView | undefined, online: boolean, text: Messages['sync']): string => {
  if (!online) return text.offline;
  if (chain === undefined) return text.starting;
  return chain.stage === 'following' ? text.following(chain.agreeing) : text[chain.stage];
};

const AccountChoice = () => {
  const text = useText().account;
  const account = useAccount();
  const accounts = useChain()?.accounts ?? [];
  const names = accounts.map((one) => ({ id: String(one.account), name: outsideText(text.name(one.name, one.account), 40) }));
  if (account === undefined) return <BrandRing size={20} />;
  const chosen = String(account.account);
  const name = <span className="truncate text-lead font-bold">{names.find(({ id }) => id === chosen)?.name}</span>;
  if (names.length === 1) return name;
  return (
    <Suspense fallback={name}>
      <Dropdown label={text.choose} hidden choices={names} value={chosen} onChange={(id) => chooseAccount(Number(id))} />
    </Suspense>
  );
};

/** Which account this is, and how the network stands: always in sight. */
export const StatusBar = () => {
  const text = useText().sync;
  const language = useLanguage();
  const chain = useChain();
  const online = useOnline();
  const tip = chain?.tip;
  return (
    <header className="sticky top-0 z-10 bg-paper px-5 md:px-8">
      <div className="mx-auto flex min-h-15 max-w-xl items-center justify-between gap-4 py-2 lg:mx-0 lg:max-w-5xl">
        <div className="min-w-0">
          <AccountChoice />
        </div>
        <Link href={ROUTES.network} className="flex min-h-11 shrink-0 items-center gap-2 text-small text-soft no-underline hover:text-ink">
          <span className="sr-only">{text.status}: </span>
          {tip !== undefined && <ProofRing state={markState(tip.proof)} />}
          <span>{stateText(chain, online, text)}</span>
          {tip !== undefined && <span className="figures hidden md:inline">· {text.tip(numberText(tip.height, language))}</span>}
        </Link>
      </div>
    </header>
  );
};

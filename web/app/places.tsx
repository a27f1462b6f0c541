import {
  ArrowDownLeft,
  ArrowUpRight,
  BookUser,
  CalendarClock,
  CircleQuestionMark,
  Ellipsis,
  List,
  Lock,
  Network,
  Settings,
  ShieldCheck,
  Wallet,
} from 'lucide-react';
import { Button } from 'react-aria-components/Button';
import { Link, useLocation } from 'wouter';
import { useText } from '../client/text.ts';
import { useAccount, useClient } from '../client/use-client.ts';
import type { Messages } from '../text/messages.ts';
import { Brand } from './brand.tsx';
import { ROUTES } from './routes.ts';

interface Place {
  readonly key: Exclude<keyof Messages['nav'], 'lock'>;
  readonly to: string;
  readonly icon: typeof Wallet;
}

const BAR: readonly Place[] = [
  { key: 'wallet', to: ROUTES.wallet, icon: Wallet },
  { key: 'activity', to: ROUTES.activity, icon: List },
  { key: 'network', to: ROUTES.network, icon: Network },
  { key: 'more', to: ROUTES.more, icon: Ellipsis },
];

const RAIL: readonly Place[] = [
  { key: 'wallet', to: ROUTES.wallet, icon: Wallet },
  { key: 'send', to: ROUTES.send, icon: ArrowUpRight },
  { key: 'receive', to: ROUTES.receive, icon: ArrowDownLeft },
  { key: 'activity', to: ROUTES.activity, icon: List },
  { key: 'debts', to: ROUTES.debts, icon: CalendarClock },
  { key: 'contacts', to: ROUTES.contacts, icon: BookUser },
  { key: 'network', to: ROUTES.network, icon: Network },
  { key: 'backup', to: ROUTES.backup, icon: ShieldCheck },
  { key: 'settings', to: ROUTES.settings, icon: Settings },
  { key: 'help', to: ROUTES.help, icon: CircleQuestionMark },
  { key: 'more', to: ROUTES.more, icon: Ellipsis },
];

const MORE_ON_DESK: readonly string[] = [ROUTES.coins, ROUTES.messages, ROUTES.together, ROUTES.group];
const MORE: readonly string[] = [...MORE_ON_DESK, ROUTES.settings, ROUTES.backup, ROUTES.contacts, ROUTES.debts, ROUTES.help];

const isHere = (to: string, location: string, more: readonly string[]): boolean => {
  if (to === ROUTES.wallet) return location === to;
  return location === to || location.startsWith(`${to}/`) || (to === ROUTES.more && more.includes(location));
};

/** Who only pays is not told of debts. */
const useOwes = (): boolean => {
  const balance = useAccount()?.balance;
  return balance !== undefined && (balance.debt > 0n || balance.credit > 0n || balance.frozen > 0n);
};

const Rail = ({ location }: { readonly location: string }) => {
  const text = useText();
  const owes = useOwes();
  const { vault } = useClient();
  const item = 'flex min-h-11 w-full items-center gap-3 rounded-card px-3 text-body no-underline';
  return (
    <nav aria-label={text.app.places} className="sticky top-0 hidden h-dvh flex-col gap-0.5 border-r border-line px-3 py-5 lg:flex">
      <div className="px-3 pb-5">
        <Brand />
      </div>
      {RAIL.filter(({ key }) => key !== 'debts' || owes).map(({ key, to, icon: Icon }) => {
        const here = isHere(to, location, MORE_ON_DESK);
        return (
          <Link
            key={key}
            href={to}
            aria-current={here ? 'page' : undefined}
            className={`${item} ${here ? 'bg-accent-wash font-bold text-accent' : 'text-soft hover:bg-sunk hover:text-ink'}`}
          >
            <Icon size={18} aria-hidden />
            {text.nav[key]}
          </Link>
        );
      })}
      <Button
        onPress={() => vault.lock()}
        className={`${item} mt-auto cursor-pointer text-soft data-[hovered]:bg-sunk data-[hovered]:text-ink`}
      >
        <Lock size={18} aria-hidden />
        {text.nav.lock}
      </Button>
    </nav>
  );
};

const Bar = ({ location }: { readonly location: string }) => {
  const text = useText();
  return (
    <nav
      aria-label={text.app.places}
      className="fixed inset-x-0 bottom-0 z-20 grid grid-cols-4 border-t border-line bg-sheet px-2 pt-1.5 pb-[max(0.5rem,env(safe-area-inset-bottom))] lg:hidden"
    >
      {BAR.map(({ key, to, icon: Icon }) => {
        const here = isHere(to, location, MORE);
        return (
          <Link
            key={key}
            href={to}
            aria-current={here ? 'page' : undefined}
            className={`grid min-h-12 content-center justify-items-center gap-0.5 rounded-card text-tiny no-underline ${here ? 'font-bold text-accent' : 'text-soft'}`}
          >
            <Icon size={20} aria-hidden strokeWidth={here ? 2.4 : 2} />
            {text.nav[key]}
          </Link>
        );
      })}
    </nav>
  );
};

/** Where one can go: a rail on a desk, a bar under the thumb on a phone. */
export const Places = () => {
  const [location] = useLocation();
  return (
    <>
      <Rail location={location} />
      <Bar location={location} />
    </>
  );
};

import { lazy, Suspense } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { useText } from '../client/text.ts';
import { useUnlocked } from '../client/use-unlocked.ts';
import { Skeleton } from '../components/empty.tsx';
import { WalletScreen } from '../screens/wallet/wallet-screen.tsx';
import { NotFound } from './not-found.tsx';
import { Places } from './places.tsx';
import { FIRST_ROUTES, ROUTES } from './routes.ts';
import { Signals } from './signals.tsx';
import { StatusBar } from './status-bar.tsx';

const Receive = lazy(async () => ({ default: (await import('../screens/receive/receive-screen.tsx')).ReceiveScreen }));
const Send = lazy(async () => ({ default: (await import('../screens/send/send-screen.tsx')).SendScreen }));
const Review = lazy(async () => ({ default: (await import('../screens/send/review-screen.tsx')).ReviewScreen }));
const Activity = lazy(async () => ({ default: (await import('../screens/activity/activity-screen.tsx')).ActivityScreen }));
const Network = lazy(async () => ({ default: (await import('../screens/network/network-screen.tsx')).NetworkScreen }));
const More = lazy(async () => ({ default: (await import('../screens/more/more-screen.tsx')).MoreScreen }));
const Backup = lazy(async () => ({ default: (await import('../screens/backup/backup-screen.tsx')).BackupScreen }));
const Settings = lazy(async () => ({ default: (await import('../screens/settings/settings-screen.tsx')).SettingsScreen }));
const Coins = lazy(async () => ({ default: (await import('../screens/more/coins-screen.tsx')).CoinsScreen }));
const Debts = lazy(async () => ({ default: (await import('../screens/debts/debts-screen.tsx')).DebtsScreen }));
const Together = lazy(async () => ({ default: (await import('../screens/together/together-screen.tsx')).TogetherScreen }));
const Group = lazy(async () => ({ default: (await import('../screens/together/group-screen.tsx')).GroupScreen }));
const SignedMessages = lazy(async () => ({ default: (await import('../screens/more/messages-screen.tsx')).MessagesScreen }));
const Contacts = lazy(async () => ({ default: (await import('../screens/more/contacts-screen.tsx')).ContactsScreen }));
const Help = lazy(async () => ({ default: (await import('../screens/more/help-screen.tsx')).HelpScreen }));

const Waiting = () => (
  <div aria-busy className="mx-auto grid w-full max-w-xl gap-4 lg:mx-0">
    <Skeleton className="h-7 w-40" />
    <Skeleton className="h-24 w-full" />
    <Skeleton className="h-24 w-full" />
  </div>
);

const Screens = () => (
  <Suspense fallback={<Waiting />}>
    <Switch>
      <Route path={ROUTES.wallet} component={WalletScreen} />
      <Route path={ROUTES.receive} component={Receive} />
      <Route path={ROUTES.send} component={Send} />
      <Route path={ROUTES.review} component={Review} />
      <Route path={ROUTES.activity}>
        <Activity txid={undefined} />
      </Route>
      <Route path={ROUTES.payment}>{({ txid }) => <Activity txid={txid} />}</Route>
      <Route path={ROUTES.network} component={Network} />
      <Route path={ROUTES.more} component={More} />
      <Route path={ROUTES.backup} component={Backup} />
      <Route path={ROUTES.settings} component={Settings} />
      <Route path={ROUTES.coins} component={Coins} />
      <Route path={ROUTES.debts} component={Debts} />
      <Route path={ROUTES.together} component={Together} />
      <Route path={ROUTES.group} component={Group} />
      <Route path={ROUTES.contacts} component={Contacts} />
      <Route path={ROUTES.messages} component={SignedMessages} />
      <Route path={ROUTES.help} component={Help} />
      <Route path={FIRST_ROUTES.create}>
        <Redirect to={ROUTES.wallet} replace />
      </Route>
      <Route path={FIRST_ROUTES.restore}>
        <Redirect to={ROUTES.wallet} replace />
      </Route>
      <Route component={NotFound} />
    </Switch>
  </Suspense>
);

/** The first stop of the keyboard: past the places, to what is there. */
const SkipLink = () => {
  const text = useText().app;
  return (
    <nav aria-label={text.skip} className="absolute">
      <button
        type="button"
        onClick={() => document.getElementById('content')?.focus()}
        className="sr-only z-50 rounded-card bg-sheet p-3 font-bold focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {text.skip}
      </button>
    </nav>
  );
};

/** The unlocked app: places at the left or below, the state of the network above, one screen. */
export const Shell = () => {
  useUnlocked();
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[13.5rem_1fr]">
      <SkipLink />
      <Places />
      <div className="flex min-w-0 flex-col">
        <StatusBar />
        <main id="content" tabIndex={-1} className="flex-1 px-5 pt-2 pb-32 outline-none md:px-8 lg:pb-12">
          <Signals />
          <Screens />
        </main>
      </div>
    </div>
  );
};

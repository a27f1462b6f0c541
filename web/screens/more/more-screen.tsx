import {
  BookUser,
  CalendarClock,
  ChevronRight,
  CircleQuestionMark,
  Coins,
  FilePenLine,
  Lock,
  Settings,
  ShieldCheck,
  Signature,
  UsersRound,
} from 'lucide-react';
import { Link } from 'wouter';
import { ROUTES } from '../../app/routes.ts';
import { useText } from '../../client/text.ts';
import { useClient } from '../../client/use-client.ts';
import { Button } from '../../components/button.tsx';
import { Page } from '../../components/page.tsx';

/** The places that are not in the bar of a phone. */
export const MoreScreen = () => {
  const text = useText();
  const { vault } = useClient();
  const places = [
    { to: ROUTES.backup, name: text.nav.backup, icon: ShieldCheck },
    { to: ROUTES.contacts, name: text.nav.contacts, icon: BookUser },
    { to: ROUTES.coins, name: text.coins.title, icon: Coins },
    { to: ROUTES.debts, name: text.nav.debts, icon: CalendarClock },
    { to: ROUTES.together, name: text.together.title, icon: FilePenLine },
    { to: ROUTES.group, name: text.group.title, icon: UsersRound },
    { to: ROUTES.messages, name: text.messages.title, icon: Signature },
    { to: ROUTES.settings, name: text.nav.settings, icon: Settings },
    { to: ROUTES.help, name: text.nav.help, icon: CircleQuestionMark },
  ];
  return (
    <Page title={text.nav.more}>
      <ul className="divide-y divide-line rounded-card border border-line bg-sheet shadow-low">
        {places.map(({ to, name, icon: Icon }) => (
          <li key={to}>
            <Link href={to} className="flex min-h-14 items-center gap-3 px-4 text-ink no-underline">
              <Icon size={20} aria-hidden className="text-soft" />
              <span className="flex-1">{name}</span>
              <ChevronRight size={18} aria-hidden className="text-soft" />
            </Link>
          </li>
        ))}
      </ul>
      <Button onPress={() => vault.lock()}>
        <Lock size={18} aria-hidden />
        {text.nav.lock}
      </Button>
    </Page>
  );
};

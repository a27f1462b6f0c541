import { ROUTES } from '../../app/routes.ts';
import { useSession } from '../../client/session.ts';
import { useText } from '../../client/text.ts';
import { useChain } from '../../client/use-client.ts';
import { Skeleton } from '../../components/empty.tsx';
import { Page } from '../../components/page.tsx';
import { About } from './about.tsx';
import { Accounts } from './accounts.tsx';
import { Danger } from './danger.tsx';
import { Look } from './look.tsx';
import { Privacy } from './privacy.tsx';
import { Security } from './security.tsx';
import { Storage } from './storage.tsx';

export const SettingsScreen = () => {
  const text = useText().settings;
  const vault = useSession((session) => session.vault);
  const chain = useChain();
  return (
    <Page title={text.title} back={ROUTES.more} width="side">
      <Look />
      {chain === undefined ? <Skeleton className="h-40 w-full" /> : <Privacy mode={chain.privacy} />}
      {vault === undefined ? <Skeleton className="h-40 w-full" /> : <Security vault={vault} />}
      {vault !== undefined && <Accounts accounts={vault.accounts} />}
      <Storage />
      <About />
      <Danger />
    </Page>
  );
};

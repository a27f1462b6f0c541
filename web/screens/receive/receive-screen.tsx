import type { AccountView } from '#workers/rpc/chain-view';
import { isFault } from '#workers/rpc/fault';
import { ROUTES } from '../../app/routes.ts';
import { BACKUP_LIMIT, mustBackUp } from '../../client/backup-limit.ts';
import { useRequest } from '../../client/request.ts';
import { useSession } from '../../client/session.ts';
import { useLanguage, useText } from '../../client/text.ts';
import { useAction } from '../../client/use-action.ts';
import { useAccount, useChain, useClient } from '../../client/use-client.ts';
import { useLoaded } from '../../client/use-loaded.ts';
import { Button } from '../../components/button.tsx';
import { Section } from '../../components/card.tsx';
import { Skeleton } from '../../components/empty.tsx';
import { ButtonLink } from '../../components/link.tsx';
import { FaultNotice, Notice } from '../../components/notice.tsx';
import { Page } from '../../components/page.tsx';
import { amountText, parseAmount } from '../../text/amount-text.ts';
import { AddressCard } from './address-card.tsx';
import { Faucet } from './faucet.tsx';
import { RequestForm } from './request-form.tsx';

const Blocked = () => {
  const text = useText();
  const language = useLanguage();
  return (
    <Notice
      kind="warning"
      title={text.receive.blockedTitle}
      action={
        <ButtonLink to={ROUTES.backup} kind="primary">
          {text.wallet.backupAction}
        </ButtonLink>
      }
    >
      {text.receive.blockedText(amountText(BACKUP_LIMIT, language))}
    </Notice>
  );
};

const Next = ({ account }: { readonly account: number }) => {
  const text = useText().receive;
  const { vault } = useClient();
  const action = useAction();
  return (
    <Section title={text.nextTitle}>
      <p className="text-body text-soft">{text.nextHint}</p>
      <Button isPending={action.busy} onPress={() => action.run(() => vault.nextAddress(account))}>
        {text.next}
      </Button>
      <FaultNotice fault={action.fault} />
    </Section>
  );
};

const Ask = ({ account, faucet }: { readonly account: AccountView; readonly faucet: boolean }) => {
  const { chain } = useClient();
  const request = useRequest();
  const { address } = account.receive;
  const parsed = request.amount.trim() === '' ? undefined : parseAmount(request.amount);
  const amount = typeof parsed === 'bigint' ? parsed : undefined;
  const note = request.note.trim();
  const uri = useLoaded(() => chain.paymentUri(address, amount, note === '' ? undefined : note), [chain, address, amount, note]);
  return (
    <div className="grid grid-cols-1 gap-x-10 gap-y-8 lg:grid-cols-[minmax(0,26rem)_minmax(0,1fr)]">
      <AddressCard account={account} uri={uri} amount={amount} note={note} />
      <div className="grid grid-cols-1 content-start gap-8">
        {faucet && <Faucet account={account.account} />}
        <RequestForm wrong={isFault(parsed) ? parsed.fault : undefined} />
        <Next account={account.account} />
      </div>
    </div>
  );
};

/** Address, QR and link for the one who pays; a backup comes before much money does. @source SPEC WB9 */
export const ReceiveScreen = () => {
  const text = useText().receive;
  const account = useAccount();
  const chain = useChain();
  const vault = useSession((session) => session.vault);
  if (account === undefined || chain === undefined || vault === undefined) return <Skeleton className="h-96 max-w-xl" />;
  return (
    <Page title={text.title} lead={text.lead} back={ROUTES.wallet} width="side">
      {mustBackUp(vault, chain.accounts) ? (
        <div className="grid max-w-xl gap-6">
          <Blocked />
          {chain.faucet && <Faucet account={account.account} />}
        </div>
      ) : (
        <Ask key={account.account} account={account} faucet={chain.faucet} />
      )}
    </Page>
  );
};

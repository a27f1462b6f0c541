import { useState } from 'react';
import { Link } from 'wouter';
import type { AccountView } from '#workers/rpc/chain-view';
import { isFault } from '#workers/rpc/fault';
import { paymentPath, ROUTES } from '../../app/routes.ts';
import { BACKUP_LIMIT, mustBackUp } from '../../client/backup-limit.ts';
import { markState, proofText } from '../../client/proof-state.ts';
import { useSession } from '../../client/session.ts';
import { useLanguage, useText } from '../../client/text.ts';
import { useAction } from '../../client/use-action.ts';
import { useAccount, useChain, useClient } from '../../client/use-client.ts';
import { useLoaded } from '../../client/use-loaded.ts';
import { useNow } from '../../client/use-now.ts';
import { Address } from '../../components/address.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { Skeleton } from '../../components/empty.tsx';
import { useFaultText } from '../../components/fault-text.tsx';
import { Field } from '../../components/field.tsx';
import { ButtonLink } from '../../components/link.tsx';
import { FaultNotice, Notice } from '../../components/notice.tsx';
import { Page } from '../../components/page.tsx';
import { ProofRing } from '../../components/proof-ring.tsx';
import { QrCode } from '../../components/qr-code.tsx';
import { amountText, parseAmount } from '../../text/amount-text.ts';
import { Faucet } from './faucet.tsx';
import { ShareButton } from './share-button.tsx';

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

const Arrived = ({ account }: { readonly account: AccountView }) => {
  const text = useText();
  const language = useLanguage();
  const now = useNow();
  const [known] = useState(() => new Set(account.recent.map(({ txid }) => txid)));
  const arrived = account.recent.find(({ txid, direction }) => direction === 'in' && !known.has(txid));
  return (
    <div role="status" className="text-center text-body text-soft">
      {arrived === undefined ? (
        text.receive.waiting
      ) : (
        <Link href={paymentPath(arrived.txid)} className="flex items-center gap-2 font-bold">
          <ProofRing state={markState(arrived.proof, arrived.finalDepth)} />
          <span>
            {text.receive.arrived(amountText(arrived.change, language))} · {proofText(arrived.proof, now, text.proof, language)}
          </span>
        </Link>
      )}
    </div>
  );
};

const Ask = ({ account }: { readonly account: AccountView }) => {
  const text = useText().receive;
  const { chain, vault } = useClient();
  const faultText = useFaultText();
  const [typed, setTyped] = useState('');
  const [note, setNote] = useState('');
  const action = useAction();
  const { address } = account.receive;
  const parsed = typed.trim() === '' ? undefined : parseAmount(typed);
  const wrong = isFault(parsed) ? parsed : undefined;
  const amount = typeof parsed === 'bigint' ? parsed : undefined;
  const uri = useLoaded(
    () => chain.paymentUri(address, amount, note.trim() === '' ? undefined : note.trim()),
    [chain, address, amount, note],
  );
  return (
    <>
      <Card className="grid justify-items-center gap-5 py-6">
        {uri === undefined ? <Skeleton className="aspect-square w-full max-w-60" /> : <QrCode text={uri} label={text.qr} />}
        <div className="grid justify-items-center gap-1 text-center">
          <h2 className="text-small text-soft">{text.address}</h2>
          <Address address={address} />
        </div>
        <div className="flex flex-wrap justify-center gap-2">
          <CopyButton text={address} kind="primary" />
          {uri !== undefined && <CopyButton text={uri} label={text.link} />}
          {uri !== undefined && <ShareButton text={uri} />}
        </div>
        <Arrived account={account} />
      </Card>
      <Field
        label={text.amount}
        value={typed}
        onChange={setTyped}
        inputMode="decimal"
        error={wrong === undefined ? undefined : faultText(wrong)}
        autoComplete="off"
      />
      <Field label={text.note} value={note} onChange={setNote} maxLength={80} autoComplete="off" />
      <div className="grid gap-1.5">
        <Button isPending={action.busy} onPress={() => action.run(() => vault.nextAddress(account.account))}>
          {text.next}
        </Button>
        <p className="text-small text-soft">{text.nextHint}</p>
      </div>
      <FaultNotice fault={action.fault} />
    </>
  );
};

/** Address, QR and link for the one who pays; a backup comes before much money does. @source SPEC WB9 */
export const ReceiveScreen = () => {
  const text = useText().receive;
  const account = useAccount();
  const chain = useChain();
  const vault = useSession((session) => session.vault);
  if (account === undefined || chain === undefined || vault === undefined) return <Skeleton className="mx-auto h-96 max-w-xl" />;
  return (
    <Page title={text.title} lead={text.lead} back={ROUTES.wallet}>
      {mustBackUp(vault, chain.accounts) ? <Blocked /> : <Ask key={account.account} account={account} />}
      {chain.faucet && <Faucet account={account.account} />}
    </Page>
  );
};

import { type FormEvent, useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { type Fault, fault, isFault } from '#workers/rpc/fault';
import type { ReviewView } from '#workers/rpc/vault-calls';
import { ROUTES } from '../../app/routes.ts';
import { EMPTY_DRAFT, setDraft, setReview, useSending } from '../../client/draft.ts';
import { useText } from '../../client/text.ts';
import { useAction } from '../../client/use-action.ts';
import { useAccount, useChain, useClient } from '../../client/use-client.ts';
import { useLoaded } from '../../client/use-loaded.ts';
import { useOnline } from '../../client/use-online.ts';
import { Button } from '../../components/button.tsx';
import { Skeleton } from '../../components/empty.tsx';
import { FaultNotice, Notice } from '../../components/notice.tsx';
import { Page } from '../../components/page.tsx';
import { parseAmount, plainAmount } from '../../text/amount-text.ts';
import { AmountField } from './amount-field.tsx';
import { CoinControl } from './coin-control.tsx';
import { FeeField } from './fee-field.tsx';
import { LookAlike } from './look-alike.tsx';
import { mayPrepare } from './may-prepare.ts';
import { RecipientField } from './recipient-field.tsx';
import { useRecipient } from './use-recipient.ts';

const useGivenRecipient = (): void => {
  useEffect(() => {
    const given = new URLSearchParams(location.hash.split('?')[1] ?? '').get('to');
    if (given !== null) setDraft({ ...EMPTY_DRAFT, to: given });
  }, []);
};

const SendForm = ({ account, spendable }: { readonly account: number; readonly spendable: bigint }) => {
  const text = useText();
  const { chain, vault } = useClient();
  const [, go] = useLocation();
  const draft = useSending((sending) => sending.draft);
  const online = useOnline();
  const offline = useChain()?.stage === 'offline' || !online;
  const [compared, setCompared] = useState<string>();
  const [tried, setTried] = useState(false);
  const action = useAction();
  const recipient = useRecipient(draft.to);
  const fees = useLoaded(chain.feeChoices, [chain]);
  const asked = recipient.view?.amount;
  const amount = draft.all ? 'all' : parseAmount(draft.amount === '' && asked !== undefined ? plainAmount(asked) : draft.amount);
  const likeness = recipient.view?.lookAlike;
  const fee = fees?.find(({ speed }) => speed === draft.speed);

  const prepare = async (): Promise<ReviewView | Fault> => {
    const view = recipient.view ?? (draft.to.trim() === '' ? fault('recipient-missing') : await chain.parseRecipient(draft.to.trim()));
    if (isFault(view)) return view as Fault;
    if (isFault(amount)) return amount;
    if (fee === undefined) return fault('fee-unknown');
    if (!mayPrepare(view, compared)) return fault('look-alike-not-compared');
    const bytes = await chain.planPayment({ account, to: view.address, amount, feeRate: fee.rate, coins: draft.coins });
    return isFault(bytes) ? (bytes as Fault) : vault.review(bytes as Uint8Array);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (action.busy) return;
    const review = await action.run(prepare);
    if (review === undefined) return;
    setReview(review);
    go(ROUTES.review);
  };

  return (
    <form onSubmit={submit} className="grid gap-5" noValidate>
      <RecipientField recipient={recipient} tried={tried} />
      {recipient.view !== undefined && likeness !== undefined && (
        <LookAlike
          address={recipient.view.address}
          like={likeness}
          compared={compared === recipient.view.address}
          onCompared={(on) => setCompared(on ? recipient.view?.address : undefined)}
        />
      )}
      <AmountField asked={asked} spendable={spendable} tried={tried} />
      <FeeField fees={fees} />
      <CoinControl account={account} />
      {offline && <Notice live>{text.send.offline}</Notice>}
      <FaultNotice fault={action.fault} />
      <Button type="submit" kind="primary" className="min-h-12" isPending={action.busy}>
        {action.busy ? text.send.working : text.send.review}
      </Button>
    </form>
  );
};

/** To whom and how much; the next screen shows what the vault read in the bytes. @source SPEC WB12 */
export const SendScreen = () => {
  useGivenRecipient();
  const text = useText().send;
  const account = useAccount();
  return (
    <Page title={text.title} back={ROUTES.wallet}>
      {account === undefined ? (
        <Skeleton className="h-96 w-full" />
      ) : (
        <SendForm key={account.account} account={account.account} spendable={account.balance.spendable} />
      )}
    </Page>
  );
};

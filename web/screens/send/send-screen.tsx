import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { AccountView } from '#workers/rpc/chain-view';
import { isFault } from '#workers/rpc/fault';
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
import { Outlook } from './outlook.tsx';
import { RecipientField } from './recipient-field.tsx';
import { usePrepare } from './use-prepare.ts';
import { useRecipient } from './use-recipient.ts';

const WRONG = '[aria-invalid="true"]';

const useGivenRecipient = (): void => {
  useEffect(() => {
    const given = new URLSearchParams(location.hash.split('?')[1] ?? '').get('to');
    if (given !== null) setDraft({ ...EMPTY_DRAFT, to: given });
  }, []);
};

/** Once it was tried, the first field that is wrong has the keyboard. */
const useFirstWrong = (tries: number) => {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (tries > 0) form.current?.querySelector<HTMLElement>(WRONG)?.focus();
  }, [tries]);
  return form;
};

const SendForm = ({ account: { account, balance } }: { readonly account: AccountView }) => {
  const text = useText().send;
  const { chain } = useClient();
  const [, go] = useLocation();
  const draft = useSending((sending) => sending.draft);
  const online = useOnline();
  const offline = useChain()?.stage === 'offline' || !online;
  const [compared, setCompared] = useState<string>();
  const [tries, setTries] = useState(0);
  const form = useFirstWrong(tries);
  const action = useAction();
  const prepare = usePrepare();
  const recipient = useRecipient(draft.to);
  const fees = useLoaded(chain.feeChoices, [chain]);
  const asked = recipient.view?.amount;
  const amount = draft.all ? 'all' : parseAmount(draft.amount === '' && asked !== undefined ? plainAmount(asked) : draft.amount);
  const likeness = recipient.view?.lookAlike;
  const fee = fees?.find(({ speed }) => speed === draft.speed);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was said of the former draft is no longer true
  useEffect(action.clear, [draft, compared]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTries(tries + 1);
    if (action.busy || draft.to.trim() === '' || isFault(amount)) return;
    const review = await action.run(() => prepare({ account, draft, recipient, amount, fee, compared }));
    if (review === undefined) return;
    setReview(review);
    go(ROUTES.review);
  };

  return (
    <form
      ref={form}
      onSubmit={submit}
      className="grid grid-cols-1 gap-x-10 gap-y-6 lg:grid-cols-[minmax(0,32rem)_minmax(0,1fr)]"
      noValidate
    >
      <div className="grid grid-cols-1 content-start gap-6">
        <RecipientField recipient={recipient} tried={tries > 0} />
        {recipient.view !== undefined && likeness !== undefined && (
          <LookAlike
            address={recipient.view.address}
            like={likeness}
            compared={compared === recipient.view.address}
            onCompared={(on) => setCompared(on ? recipient.view?.address : undefined)}
          />
        )}
        <AmountField asked={asked} balance={balance} tried={tries > 0} />
        <FeeField fees={fees} />
        <CoinControl account={account} />
      </div>
      <div className="grid grid-cols-1 content-start gap-4 lg:sticky lg:top-20 lg:self-start">
        <Outlook balance={balance} amount={isFault(amount) ? undefined : amount} fee={fee} />
        {offline && <Notice live>{text.offline}</Notice>}
        <FaultNotice fault={action.fault} />
        <Button type="submit" kind="primary" className="min-h-12" isPending={action.busy}>
          {action.busy ? text.working : text.review}
        </Button>
        <p className="text-small text-soft">{text.draft}</p>
      </div>
    </form>
  );
};

/** To whom and how much; the next screen shows what the vault read in the bytes. @source SPEC WB12 */
export const SendScreen = () => {
  useGivenRecipient();
  const text = useText().send;
  const account = useAccount();
  return (
    <Page title={text.title} back={ROUTES.wallet} width="side">
      {account === undefined ? <Skeleton className="h-96 w-full" /> : <SendForm key={account.account} account={account} />}
    </Page>
  );
};

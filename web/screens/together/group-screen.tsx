import type { GroupView, SourceView } from '#workers/rpc/chain-calls';
import { isFault } from '#workers/rpc/fault';
import { ROUTES } from '../../app/routes.ts';
import { useLanguage, useText } from '../../client/text.ts';
import { useAccount, useChain, useClient } from '../../client/use-client.ts';
import { useLoaded } from '../../client/use-loaded.ts';
import { Amount } from '../../components/amount.tsx';
import { Card, Section } from '../../components/card.tsx';
import { Skeleton } from '../../components/empty.tsx';
import { Fact, Facts } from '../../components/facts.tsx';
import { FaultNotice, Notice } from '../../components/notice.tsx';
import { Page } from '../../components/page.tsx';
import { numberText } from '../../text/time-text.ts';
import { GrantForm } from './grant-form.tsx';

const Members = ({ group }: { readonly group: GroupView }) => {
  const text = useText().group;
  const language = useLanguage();
  return (
    <Section title={text.members}>
      <ol className="divide-y divide-line rounded-card border border-line bg-sheet shadow-low">
        {group.members.map(({ publicKey, own }, place) => (
          <li key={publicKey} className="grid gap-0.5 px-4 py-3">
            <span className={`text-body ${own ? 'font-bold' : ''}`}>
              {text.member(place + 1)}
              {own && ` · ${text.you}`}
            </span>
            <span className="font-mono text-small break-all text-soft select-all">{publicKey}</span>
          </li>
        ))}
      </ol>
      <p className="text-small text-soft">{text.proved(numberText(group.recordedAt, language), numberText(group.provedAt, language))}</p>
    </Section>
  );
};

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);

const Sources = ({ group }: { readonly group: GroupView }) => {
  const text = useText().group;
  const nameOf = ({ threshold, keys }: SourceView): string =>
    keys.length === 1 ? text.one(group.members.findIndex(({ publicKey }) => publicKey === keys[0]) + 1) : text.some(threshold, keys.length);
  return (
    <Section title={text.sources} lead={text.sourcesLead}>
      <Card>
        {group.sources.length === 0 ? (
          <p className="text-body text-soft">{text.noSources}</p>
        ) : (
          <Facts>
            {group.sources.map((source) => (
              <Fact key={`${source.threshold} ${source.keys.join(' ')}`} name={nameOf(source)}>
                <span className="text-small text-soft">{text.upTo}</span>
                <Amount units={sum(source.amounts)} hue="credit" size="row" />
              </Fact>
            ))}
          </Facts>
        )}
      </Card>
    </Section>
  );
};

const Group = ({ group, account }: { readonly group: GroupView; readonly account: number }) => {
  const text = useText().group;
  return (
    <>
      <Members group={group} />
      <Sources group={group} />
      {group.members.length < group.least ? <Notice>{text.small(group.least)}</Notice> : <GrantForm account={account} />}
    </>
  );
};

/** Who may grant credit and out of what, proved in this browser, and the start of a grant. @source SPEC WB23 */
export const GroupScreen = () => {
  const text = useText().group;
  const { chain } = useClient();
  const account = useAccount()?.account ?? 0;
  const stage = useChain()?.stage;
  const answer = useLoaded(() => chain.group(), [chain, stage]);
  return (
    <Page title={text.title} lead={text.lead} back={ROUTES.more}>
      {answer === undefined && <Skeleton className="h-60 w-full" />}
      {isFault(answer) && <FaultNotice fault={answer} />}
      {answer !== undefined && !isFault(answer) && <Group group={answer as GroupView} account={account} />}
    </Page>
  );
};

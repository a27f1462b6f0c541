import type { NetworkView } from '#workers/rpc/chain-view';
import { useLanguage, useText } from '../../client/text.ts';
import { useChain, useClient } from '../../client/use-client.ts';
import { useLoaded } from '../../client/use-loaded.ts';
import { useNow } from '../../client/use-now.ts';
import { Card, Section } from '../../components/card.tsx';
import { Skeleton } from '../../components/empty.tsx';
import { Fact, Facts } from '../../components/facts.tsx';
import { Page } from '../../components/page.tsx';
import { ProofMark } from '../../components/proof-mark.tsx';
import { shorten } from '../../text/address-text.ts';
import { outsideText } from '../../text/outside-text.ts';
import { agoText, numberText, sizeText } from '../../text/time-text.ts';
import { Economy } from './economy.tsx';
import { Peers } from './peers.tsx';

const Tips = ({ network }: { readonly network: NetworkView }) => {
  const text = useText().network;
  const language = useLanguage();
  const now = useNow();
  const chain = useChain();
  const tips = [
    { name: text.tip, tip: network.tip },
    { name: text.bitcoin, tip: network.bitcoin },
  ];
  return (
    <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      {tips.map(({ name, tip }) => (
        <Card key={name}>
          <p className="flex min-h-6 items-center justify-between gap-2 text-small text-soft">
            {name}
            {tip !== undefined && <ProofMark proof={tip.proof} of={name} />}
          </p>
          <p className="figures text-title font-bold">{tip === undefined ? '—' : numberText(tip.height, language)}</p>
          <p className="text-small text-soft">{tip === undefined ? text.notYet : agoText(tip.time, now, language)}</p>
          <p className="font-mono text-tiny text-soft">{tip !== undefined && shorten(tip.hash, 5)}</p>
        </Card>
      ))}
      <Card>
        <p className="flex min-h-6 items-center text-small text-soft">{text.agreement}</p>
        <p className="figures text-title font-bold">{chain === undefined ? '—' : `${chain.agreeing}/${chain.peers}`}</p>
        <p className="text-small text-soft">{chain === undefined ? '' : text.agree(chain.agreeing, chain.peers)}</p>
      </Card>
      <Card>
        <p className="flex min-h-6 items-center text-small text-soft">{text.received}</p>
        <p className="figures text-title font-bold">{sizeText(network.bytesReceived, language)}</p>
        <p className="text-small text-soft">{text.receivedHint}</p>
      </Card>
    </div>
  );
};

const Identity = ({ network, name }: { readonly network: NetworkView; readonly name: string }) => {
  const text = useText().network;
  return (
    <Section title={text.identity}>
      <Card>
        <Facts>
          <Fact name={text.name}>{outsideText(name, 20)}</Fact>
          <Fact name={text.genesis}>
            <span className="font-mono text-small break-all">{network.genesis}</span>
          </Fact>
          <Fact name={text.config}>
            <span className="font-mono text-small break-all">{network.config}</span>
          </Fact>
        </Facts>
      </Card>
    </Section>
  );
};

/** The network as this browser has checked it. */
export const NetworkScreen = () => {
  const text = useText().network;
  const { chain } = useClient();
  const view = useChain();
  const network = useLoaded(chain.network, [chain, view?.tip?.hash, view?.peers, view?.agreeing, view?.alarms.length]);
  return (
    <Page title={text.title} lead={text.lead} width="wide">
      {network === undefined ? (
        <Skeleton className="h-96 w-full" />
      ) : (
        <>
          <Tips network={network} />
          <Economy points={network.economy} />
          <Peers peers={network.peers} />
          <Identity network={network} name={view?.network ?? ''} />
        </>
      )}
      <Section title={text.trustTitle}>
        <p className="max-w-[72ch] text-body text-soft">{text.trust}</p>
      </Section>
    </Page>
  );
};

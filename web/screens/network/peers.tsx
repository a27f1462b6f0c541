import type { PeerView } from '#workers/rpc/chain-view';
import { useLanguage, useText } from '../../client/text.ts';
import { Card, Section } from '../../components/card.tsx';
import { Empty } from '../../components/empty.tsx';
import { useFaultText } from '../../components/fault-text.tsx';
import { ProofRing } from '../../components/proof-ring.tsx';
import { shorten } from '../../text/address-text.ts';
import { outsideText } from '../../text/outside-text.ts';
import { numberText } from '../../text/time-text.ts';
import { hostOf } from './peer-host.ts';

const MARKS = {
  connecting: 'claimed',
  agrees: 'verified',
  behind: 'stale',
  disagrees: 'in-block',
  banned: 'refused',
  stale: 'refused',
  lost: 'stale',
} as const;

const Served = ({ peer }: { readonly peer: PeerView }) => {
  const text = useText().network;
  const language = useLanguage();
  if (peer.served.length === 0) return <span className="text-soft">{text.servedNothing}</span>;
  return (
    <ul aria-label={text.serves} className="flex flex-wrap gap-1.5">
      {peer.served.map(({ kind, count }) => (
        <li key={kind} className="figures rounded-small bg-sunk px-2 py-0.5 text-small whitespace-nowrap">
          {text.kinds[kind]} <span className="text-soft">{numberText(count, language)}</span>
        </li>
      ))}
    </ul>
  );
};

const Peer = ({ peer }: { readonly peer: PeerView }) => {
  const text = useText().network;
  const language = useLanguage();
  const sentence = useFaultText();
  return (
    <li className="grid gap-x-6 gap-y-2 py-3 md:grid-cols-[minmax(0,17rem)_minmax(0,1fr)_auto] md:items-center">
      <div className="flex min-w-0 items-start gap-3">
        <span className="mt-0.5">
          <ProofRing state={{ stage: MARKS[peer.state], arc: 0 }} />
        </span>
        <div className="min-w-0">
          <p className={`text-body ${peer.state === 'banned' || peer.state === 'stale' ? 'font-bold text-alarm' : ''}`}>
            {text.states[peer.state]}
          </p>
          <p className="truncate font-mono text-small text-soft" title={outsideText(peer.address, 200)}>
            {outsideText(hostOf(peer.address))} · {shorten(outsideText(peer.id, 64), 4)}
          </p>
          {peer.reason !== undefined && <p className="text-small text-soft">{sentence(peer.reason)}</p>}
        </div>
      </div>
      <Served peer={peer} />
      <dl className="figures flex gap-6 text-small md:justify-end md:text-right">
        <div className="flex gap-1.5 md:block md:w-16">
          <dt className="text-soft">{text.height}</dt>
          <dd className="text-body">{peer.tipHeight === undefined ? '—' : numberText(peer.tipHeight, language)}</dd>
        </div>
        <div className="flex gap-1.5 md:block md:w-16">
          <dt className="text-soft">{text.delay}</dt>
          <dd className="text-body">{peer.latency === undefined ? '—' : text.ms(numberText(Math.round(peer.latency), language))}</dd>
        </div>
      </dl>
    </li>
  );
};

/** Who is asked, what each has served here, and whether it agrees. */
export const Peers = ({ peers }: { readonly peers: readonly PeerView[] }) => {
  const text = useText().network;
  return (
    <Section title={text.peers} lead={text.peersLead}>
      {peers.length === 0 ? (
        <Empty title={text.noPeersTitle} text={text.noPeers} />
      ) : (
        <Card className="py-0.5">
          <ul aria-label={text.peers} className="divide-y divide-line">
            {peers.map((peer) => (
              <Peer key={peer.id} peer={peer} />
            ))}
          </ul>
        </Card>
      )}
    </Section>
  );
};

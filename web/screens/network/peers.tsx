import type { PeerView } from '#workers/rpc/chain-view';
import { useLanguage, useText } from '../../client/text.ts';
import { Section } from '../../components/card.tsx';
import { useFaultText } from '../../components/fault-text.tsx';
import { ProofRing } from '../../components/proof-ring.tsx';
import { shorten } from '../../text/address-text.ts';
import { outsideText } from '../../text/outside-text.ts';
import { numberText } from '../../text/time-text.ts';

const MARKS = {
  connecting: 'claimed',
  agrees: 'verified',
  behind: 'stale',
  disagrees: 'in-block',
  banned: 'refused',
  lost: 'stale',
} as const;

const Row = ({ peer }: { readonly peer: PeerView }) => {
  const text = useText().network;
  const language = useLanguage();
  const sentence = useFaultText();
  return (
    <tr className="border-t border-line align-top">
      <th scope="row" className="py-2.5 pr-4 text-left font-normal">
        <span className="block font-mono text-small whitespace-nowrap">{shorten(outsideText(peer.id, 64), 6)}</span>
        <span className="hidden text-small break-all text-soft md:block">{outsideText(peer.address)}</span>
      </th>
      <td className="py-2.5 pr-4">
        <span className="flex items-center gap-2">
          <ProofRing state={{ stage: MARKS[peer.state], arc: 0 }} />
          {text.states[peer.state]}
        </span>
        {peer.reason !== undefined && <span className="block text-small text-soft">{sentence(peer.reason)}</span>}
      </td>
      <td className="figures py-2.5 pr-4 text-right">{peer.tipHeight === undefined ? '—' : numberText(peer.tipHeight, language)}</td>
      <td className="hidden py-2.5 pr-4 text-small text-soft md:table-cell">
        {peer.services.map((service) => outsideText(service, 24)).join(', ')}
      </td>
      <td className="figures py-2.5 text-right whitespace-nowrap text-soft">
        {peer.latency === undefined ? '—' : text.ms(numberText(Math.round(peer.latency), language))}
      </td>
    </tr>
  );
};

/** Who is asked, what each serves, and whether it agrees. */
export const Peers = ({ peers }: { readonly peers: readonly PeerView[] }) => {
  const text = useText().network;
  return (
    <Section title={text.peers}>
      {peers.length === 0 ? (
        <p className="text-body text-soft">{text.noPeers}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section className="overflow-x-auto" tabIndex={0} aria-label={text.peers}>
          <table className="w-full text-body">
            <thead>
              <tr className="text-left text-small text-soft">
                <th className="pr-4 pb-1.5 font-normal">{text.peer}</th>
                <th className="pr-4 pb-1.5 font-normal">{text.state}</th>
                <th className="pr-4 pb-1.5 text-right font-normal">{text.height}</th>
                <th className="hidden pr-4 pb-1.5 font-normal md:table-cell">{text.serves}</th>
                <th className="pb-1.5 text-right font-normal">{text.delay}</th>
              </tr>
            </thead>
            <tbody>
              {peers.map((peer) => (
                <Row key={peer.id} peer={peer} />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </Section>
  );
};

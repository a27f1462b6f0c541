import { type Message, type TopicValidatorFn, TopicValidatorResult } from '@libp2p/gossipsub';
import type { PeerId } from '@libp2p/interface';
import { decodeHeader } from '../../block/header-codec.ts';
import { equalBytes } from '../../codec/bytes.ts';
import { decodeField, encodeField } from '../../codec/schema.ts';
import { sha256 } from '../../crypto/hash.ts';
import { type Fault, fault, isFault } from '../../fault.ts';
import { computeEpochHeight } from '../../stake/heights.ts';
import { headerAnnouncement, postAnnouncement, txAnnouncement } from '../../wire/messages.ts';
import { gossipTopic, mailboxTopic } from '../../wire/protocols.ts';
import type { Clock, NodeChain, NodeMailbox, NodeMempool, TipChange } from '../chain/contract.ts';
import type { AnnouncedHeader } from './contract.ts';
import { isLie, isTransactionLie } from './judgement.ts';
import type { NodeLibp2p } from './libp2p-node.ts';
import type { Peer } from './peer.ts';

/** headers older than so many block intervals are no news */
const NEWS_BLOCKS = 10;
const UNASKED_COST = 5;

export interface GossipParts {
  readonly libp2p: NodeLibp2p;
  readonly chain: NodeChain;
  readonly mempool: NodeMempool;
  readonly mailbox: NodeMailbox | undefined;
  readonly mailboxGroup: string | undefined;
  readonly clock: Clock;
  /** seconds, monotonic */
  readonly now: () => number;
  readonly findPeer: (id: string) => Peer | undefined;
  readonly judge: (peer: Peer, reason: Fault) => void;
  readonly penalize: (peer: Peer, points: number, code: string) => void;
  readonly announced: (header: AnnouncedHeader) => void;
  readonly report: (error: unknown) => void;
}

/** Judges an announced header before it is passed on; only one that is new, proved and complete is, and of one kernel no more than the chain takes. @source SPEC NW9, NW10 */
const makeHeaderValidator = (parts: GossipParts): TopicValidatorFn => {
  const reject = (peer: Peer, reason: Fault): TopicValidatorResult => {
    parts.judge(peer, reason);
    return isLie(reason) ? TopicValidatorResult.Reject : TopicValidatorResult.Ignore;
  };
  return async (peerId: PeerId, message: Message) => {
    const peer = parts.findPeer(peerId.toString());
    if (peer === undefined) return TopicValidatorResult.Ignore;
    if (!peer.tryCharge({ headerChecks: 1 }, parts.now())) {
      parts.penalize(peer, UNASKED_COST, 'header-flood');
      return TopicValidatorResult.Ignore;
    }
    const announcement = decodeField(headerAnnouncement, message.data);
    if (isFault(announcement)) return reject(peer, announcement);
    if (announcement.filter === undefined) return TopicValidatorResult.Ignore;
    const claimed = decodeHeader(announcement.header);
    if (isFault(claimed)) return reject(peer, claimed);
    if (!equalBytes(sha256(announcement.filter), claimed.filterHash)) return reject(peer, fault('filter-hash'));
    const verdict = await parts.chain.acceptHeader(announcement.header, announcement.stakeProof);
    if (isFault(verdict)) return reject(peer, verdict);
    parts.announced({ from: peer, announcement, verdict });
    return verdict === 'accepted' ? TopicValidatorResult.Accept : TopicValidatorResult.Ignore;
  };
};

/** Passes on transactions that the own pool took. @source SPEC NW9 */
const makeTxValidator =
  (parts: GossipParts): TopicValidatorFn =>
  async (peerId: PeerId, message: Message) => {
    const peer = parts.findPeer(peerId.toString());
    if (peer === undefined) return TopicValidatorResult.Ignore;
    const announcement = decodeField(txAnnouncement, message.data);
    if (isFault(announcement)) {
      parts.judge(peer, announcement);
      return TopicValidatorResult.Reject;
    }
    if (peer.wait({ transactions: 0 }, parts.now()) > 0) return TopicValidatorResult.Ignore;
    const submitted = await parts.mempool.submit(announcement.transaction);
    if (!isFault(submitted)) return TopicValidatorResult.Accept;
    peer.charge({ transactions: 1 }, parts.now());
    if (!isTransactionLie(submitted)) return TopicValidatorResult.Ignore;
    parts.judge(peer, submitted);
    return TopicValidatorResult.Reject;
  };

/** Keeps and passes on what a node of the same operator was left with. @source SPEC MB6 */
const makePostValidator =
  (parts: GossipParts, mailbox: NodeMailbox): TopicValidatorFn =>
  async (peerId: PeerId, message: Message) => {
    const peer = parts.findPeer(peerId.toString());
    if (peer === undefined) return TopicValidatorResult.Ignore;
    const announcement = decodeField(postAnnouncement, message.data);
    if (isFault(announcement)) {
      parts.judge(peer, announcement);
      return TopicValidatorResult.Reject;
    }
    const { post } = announcement;
    if (!peer.tryCharge({ relayedPosts: 1 }, parts.now())) return TopicValidatorResult.Ignore;
    const posted = await mailbox.post(post);
    if (posted === 'stored') return TopicValidatorResult.Accept;
    if (posted === 'known' || posted.fault !== 'mailbox-signature') return TopicValidatorResult.Ignore;
    parts.judge(peer, posted);
    return TopicValidatorResult.Reject;
  };

/** @source SPEC MB6; spec 08, mailbox */
const startPosts = (parts: GossipParts, guarded: (validate: TopicValidatorFn) => TopicValidatorFn): (() => void)[] => {
  const { mailbox, mailboxGroup, chain, libp2p, report } = parts;
  if (mailbox === undefined || mailboxGroup === undefined) return [];
  const { pubsub } = libp2p.services;
  const topic = mailboxTopic(chain.network, mailboxGroup);
  pubsub.topicValidators.set(topic, guarded(makePostValidator(parts, mailbox)));
  pubsub.subscribe(topic);
  return [mailbox.onStored((post) => void pubsub.publish(topic, encodeField(postAnnouncement, { post })).catch(report))];
};

const announceTip = async ({ libp2p, chain, clock }: GossipParts, { tip }: TipChange): Promise<void> => {
  const { header, hash, bytes } = tip;
  if (header.height === 0 || header.time + NEWS_BLOCKS * chain.parameters.targetSpacing < clock.now()) return;
  const [filter, stakeProof] = await Promise.all([
    chain.filterOf(hash),
    chain.stakeProofFor([tip], computeEpochHeight(header.height, chain.parameters)),
  ]);
  if (filter === undefined || stakeProof === undefined) return;
  await libp2p.services.pubsub.publish(
    gossipTopic(chain.network, 'header'),
    encodeField(headerAnnouncement, { header: bytes, stakeProof, filter }),
  );
};

/** Subscribes to the topics, judges what comes and announces what is new here; the result stops it. */
export const startGossip = (parts: GossipParts): (() => void) => {
  const { pubsub } = parts.libp2p.services;
  const { network } = parts.chain;
  const headers = gossipTopic(network, 'header');
  const transactions = gossipTopic(network, 'tx');
  const guarded =
    (validate: TopicValidatorFn): TopicValidatorFn =>
    async (peer, message) => {
      try {
        return await validate(peer, message);
      } catch (error) {
        parts.report(error);
        return TopicValidatorResult.Ignore;
      }
    };
  pubsub.topicValidators.set(headers, guarded(makeHeaderValidator(parts)));
  pubsub.topicValidators.set(transactions, guarded(makeTxValidator(parts)));
  pubsub.subscribe(headers);
  pubsub.subscribe(transactions);
  const stops = [
    ...startPosts(parts, guarded),
    parts.chain.onTip((change) => void announceTip(parts, change).catch(parts.report)),
    parts.mempool.onAccepted(
      (_txid, bytes) => void pubsub.publish(transactions, encodeField(txAnnouncement, { transaction: bytes })).catch(parts.report),
    ),
  ];
  return () => {
    for (const stop of stops) stop();
  };
};

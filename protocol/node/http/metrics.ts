import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { BitcoinView } from '#protocol/bitcoin/header';
import type { Header } from '#protocol/block/header';
import { equalBytes } from '#protocol/codec/bytes';
import type { Parameters } from '#protocol/params/parameters';
import { POLICY_NAMES } from '../policy/policy-fields.ts';
import type { NodeServices } from './services.ts';

type Reading = readonly [name: string, help: string, read: (services: NodeServices) => number];

const GAUGES: readonly Reading[] = [
  ['vc_height', 'height of the best chain', ({ chain }) => chain.tip().header.height],
  ['vc_tip_time', 'time of the tip, unix seconds', ({ chain }) => chain.tip().header.time],
  ['vc_coins', 'unspent outputs', ({ chain }) => Number(chain.coinCount())],
  ['vc_value', 'unspent value after the tip, base units', ({ chain }) => Number(chain.tip().header.economy.value)],
  ['vc_debt', 'unspent debt after the tip, base units', ({ chain }) => Number(chain.tip().header.economy.debt)],
  ['vc_overdue', 'overdue debt after the tip, base units', ({ chain }) => Number(chain.tip().header.economy.overdue)],
  ['vc_credit', 'circulation credit after the tip, base units', ({ chain }) => Number(chain.tip().header.economy.credit)],
  ['vc_credit_granted', 'credit granted in the last creditPeriod blocks, base units', ({ policy }) => Number(policy.figures().granted)],
  ['vc_mempool_transactions', 'pooled transactions', ({ mempool }) => mempool.pool.size],
  ['vc_mempool_bytes', 'memory of the pool by its estimate', ({ mempool }) => mempool.pool.memory],
  ['vc_mempool_min_fee_rate', 'units per 1,000 virtual bytes to get in', ({ mempool }) => Number(mempool.minFeeRate())],
  ['vc_bitcoin_height', "height of Bitcoin's best header", ({ bitcoin }) => bitcoin.tip().height],
  ['vc_peers_inbound', 'peers that called us', ({ network }) => network.figures().inbound],
  ['vc_peers_outbound', 'peers that we called', ({ network }) => network.figures().outbound],
  ['vc_peers_banned', 'peers banned now', ({ network }) => network.figures().banned],
  ['vc_stakes', 'stakes whose keys this node has', ({ staking }) => staking().stakes],
  ['vc_blocks_made', 'blocks this node made since its start', ({ staking }) => staking().blocksMade],
  ['vc_mailbox_posts', 'posts kept for people who prepare something together', ({ mailbox }) => mailbox.figures().posts],
  ['vc_mailbox_bytes', 'what those posts count as, small ones as 4 KiB', ({ mailbox }) => mailbox.figures().bytes],
  ['vc_mailbox_topics', 'topics that have posts', ({ mailbox }) => mailbox.figures().topics],
  ['vc_punishments_published', 'punishments this node published since its start', ({ punishments }) => punishments()],
  ['vc_deep_rival', '1 while a branch deeper than maxReorg is heavier', ({ chain }) => (chain.deepRival() === undefined ? 0 : 1)],
];

/** @source SPEC MP10 */
const addPolicyCounters = (registers: Registry, { policy }: NodeServices): void => {
  new Counter({
    name: 'vc_policy_refusals_total',
    help: 'transactions that a policy kept out of the pool or a block',
    labelNames: ['policy'],
    registers: [registers],
    collect() {
      this.reset();
      for (const name of POLICY_NAMES) this.inc({ policy: name }, policy.countOf(name));
    },
  });
};

/** Whether a block drew its luck from a Bitcoin header off the best chain: one more try of its maker, to be watched. @source SPEC ND48 */
export const namesStaleBitcoin = (header: Header, bitcoin: Pick<BitcoinView, 'slotHeader'>, { bitcoinLag }: Parameters): boolean => {
  const slot = bitcoin.slotHeader(header.time - bitcoinLag);
  return slot !== undefined && !equalBytes(slot.hash, header.bitcoin);
};

/** Prometheus metrics of the node, read when they are asked for. */
export const makeMetrics = (services: NodeServices): Registry => {
  const registers = new Registry();
  collectDefaultMetrics({ register: registers });
  for (const [name, help, read] of GAUGES)
    new Gauge({
      name,
      help,
      registers: [registers],
      collect() {
        this.set(read(services));
      },
    });
  addPolicyCounters(registers, services);
  const reorganised = new Counter({ name: 'vc_blocks_disconnected_total', help: 'blocks taken back', registers: [registers] });
  const connected = new Counter({ name: 'vc_blocks_connected_total', help: 'blocks connected', registers: [registers] });
  const stale = new Counter({
    name: 'vc_blocks_on_stale_bitcoin_total',
    help: 'connected blocks that name a stale Bitcoin header',
    registers: [registers],
  });
  services.chain.onTip((change) => {
    const { bitcoin, chain } = services;
    stale.inc(change.connected.filter(({ header }) => namesStaleBitcoin(header, bitcoin, chain.parameters)).length);
    connected.inc(change.connected.length);
    reorganised.inc(change.disconnected.length);
  });
  return registers;
};

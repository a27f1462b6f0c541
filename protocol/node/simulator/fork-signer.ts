import type { Block } from '#protocol/block/block';
import { decodeBody } from '#protocol/block/body-codec';
import { decodeHeader } from '#protocol/block/header-codec';
import { ZERO_HASH } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { isFault } from '#protocol/fault';
import { invariant } from '#protocol/invariant';
import type { Parameters } from '#protocol/params/parameters';
import { targetOfBits } from '#protocol/params/target';
import { checkHeader } from '#protocol/stake/check-header';
import type { ChainedHeader, ChainRules, HeaderView, KnownHeader } from '#protocol/stake/header-view';
import { computeEpochHeight } from '#protocol/stake/heights';
import { computeKernel, isKernelBelow } from '#protocol/stake/kernel';
import { computeNextBits } from '#protocol/stake/retarget';
import { computeStakeKey } from '#protocol/stake/stake-leaf';
import { encodeStakeProof } from '#protocol/stake/stake-proof';
import { readStakeProof } from '#protocol/stake/stake-source';
import { connectBlock } from '#protocol/state/connect-block';
import type { Genesis } from '#protocol/state/genesis';
import { MemoryState } from '#protocol/state/memory-state';
import type { ChangeSet } from '#protocol/state/view';
import { findLeaf } from '#protocol/trie/find';
import { proveRanges } from '#protocol/trie/prove';
import { keyRange } from '#protocol/trie/ranges';
import { computeTxid } from '#protocol/tx/identity';
import type { Outpoint } from '#protocol/tx/outpoint';
import type { Transaction } from '#protocol/tx/transaction';
import { fixtureBitcoin } from '../chain/bitcoin-fixture.ts';
import type { NodeBitcoin } from '../chain/contract.ts';
import { fixtureGenesis } from '../chain/genesis-fixture.ts';
import { DevelopmentKeys } from '../devnet/dev-keys.ts';
import { findTicket, makeBlock, type OwnStake, type SignedBlock } from '../staking/make-block.ts';
import type { Participant, SimulatedBlock, VirtualNetwork } from './virtual-network.ts';

interface Known extends KnownHeader {
  readonly block: Block;
  readonly change: ChangeSet;
}

const ownStakes = ({ genesisStakes }: Parameters, genesis: Genesis, only: (index: number) => boolean): readonly OwnStake[] => {
  const keys = new DevelopmentKeys();
  const txid = computeTxid(genesis.block.body.transactions[0] as Transaction);
  return Array.from({ length: genesisStakes }, (_, i) => i)
    .filter(only)
    .map((i) => ({ outpoint: { txid, index: i + 1 }, secret: keys.staker(i).secret }));
};

/**
 * A maker to whom forks cost nothing: in every slot it signs on the tips of the heaviest forks, as many as it is told,
 * and on the best tip's parent besides; what it adds to one fork it adds to all, so lighter ones do not win any more. It
 * judges what it hears by the rules, and moves one state between the tips.
 */
export class ForkSigner implements Participant {
  readonly index: number;
  made = 0;
  private readonly network: VirtualNetwork;
  private readonly forks: number;
  private readonly stakes: readonly OwnStake[];
  private readonly parameters: Parameters;
  private readonly bitcoin: NodeBitcoin;
  private readonly genesis: Genesis;
  private readonly state: MemoryState;
  private readonly known = new Map<string, Known>();
  private readonly tips = new Set<string>();
  private best: Known;

  constructor(network: VirtualNetwork, only: (index: number) => boolean, forks: number) {
    this.forks = forks;
    this.index = network.participants.length;
    this.network = network;
    this.parameters = network.parameters;
    this.bitcoin = fixtureBitcoin(this.parameters);
    this.genesis = fixtureGenesis(undefined, this.parameters);
    this.state = new MemoryState(this.genesis);
    this.stakes = ownStakes(this.parameters, this.genesis, only);
    const { block, change } = this.genesis;
    this.best = { header: change.header, hash: change.hash, block, change };
    this.known.set(encodeHex(change.hash), this.best);
    this.tips.add(encodeHex(change.hash));
    network.participants.push(this);
  }

  private get rules(): ChainRules {
    return { parameters: this.parameters, genesisTime: this.genesis.block.header.time };
  }

  readonly knows = (id: string): boolean => this.known.has(id);
  readonly tip = (): string => encodeHex(this.best.hash);

  private readonly view: HeaderView = {
    findHeader: (hash) => this.known.get(encodeHex(hash)),
    findAncestor: (from, height) => {
      let at: KnownHeader | undefined = from;
      while (at !== undefined && at.header.height > height) at = this.known.get(encodeHex(at.header.previous));
      return at;
    },
    depthOf: () => 0,
  };

  private moveTo(target: Known): void {
    const path: Known[] = [];
    for (let at = target; ; at = this.parentOf(at)) {
      if (at.header.height <= this.state.tip.height && encodeHex(this.state.changeOf(at.header.height).hash) === encodeHex(at.hash)) {
        while (this.state.tip.height > at.header.height) this.state.disconnect();
        break;
      }
      path.push(at);
    }
    for (const { change, block } of path.reverse()) this.state.connect(change, block);
  }

  private parentOf({ header }: KnownHeader): Known {
    const parent = this.known.get(encodeHex(header.previous));
    invariant(parent !== undefined, 'a known block has a known parent');
    return parent;
  }

  private take(block: SimulatedBlock): boolean {
    const parent = this.known.get(block.parent);
    const body = decodeBody(block.body);
    if (parent === undefined || isFault(body)) return false;
    if (this.known.has(block.id)) return true;
    const chained = checkHeader(block.header, { view: this.view, stakes: readStakeProof(block.proof), rules: this.rules });
    if (isFault(chained)) return false;
    this.moveTo(parent);
    return this.connect(chained, { header: block.header, body });
  }

  private connect(chained: ChainedHeader, block: Block): boolean {
    const change = connectBlock(this.state, chained, block, { parameters: this.parameters });
    if (isFault(change)) return false;
    this.state.connect(change, block);
    const known = { header: change.header, hash: change.hash, block, change };
    this.known.set(encodeHex(known.hash), known);
    this.tips.delete(encodeHex(known.header.previous));
    this.tips.add(encodeHex(known.hash));
    if (known.header.weight > this.best.header.weight) this.best = known;
    return true;
  }

  readonly receive = async (block: SimulatedBlock, from: Participant): Promise<void> => {
    if (this.known.has(block.id)) return;
    if (this.take(block)) this.network.relay(block, this);
    else if (!this.known.has(block.parent)) this.network.pull(block, from, this);
  };

  readonly receiveRun = async (blocks: readonly SimulatedBlock[]): Promise<void> => {
    for (const block of blocks) if (!this.take(block)) return;
  };

  readonly slot = async (time: number): Promise<void> => {
    const lowest = this.best.header.height - this.parameters.maxReorg;
    for (const id of this.tips) if ((this.known.get(id) as Known).header.height < lowest) this.tips.delete(id);
    const heaviest = [...this.tips].map((id) => this.known.get(id) as Known).sort((a, b) => (a.header.weight > b.header.weight ? -1 : 1));
    const targets = heaviest.slice(0, this.forks);
    if (this.best.header.height > 0) targets.push(this.parentOf(this.best));
    for (const target of targets) if (this.mayWin(target, time)) this.sign(target, time);
  };

  /** Whether any own stake has luck there, before the state is moved. */
  private mayWin({ header }: Known, time: number): boolean {
    const grandparent = header.height === 0 ? header : this.parentOf({ header, hash: ZERO_HASH }).header;
    const target = targetOfBits(computeNextBits(header, grandparent.time, this.parameters));
    const entry = this.bitcoin.slotHeader(time - this.parameters.bitcoinLag);
    const { amount } = this.genesis.change.stakes[0]?.after ?? { amount: 0n };
    return (
      entry !== undefined &&
      time > header.time &&
      this.stakes.some(({ outpoint }) => isKernelBelow(computeKernel({ bitcoin: entry.hash, outpoint, time }), amount, target))
    );
  }

  private sign(target: Known, time: number): void {
    this.moveTo(target);
    const epoch = computeEpochHeight(target.header.height + 1, this.parameters);
    const { stakes: root } = this.state.rootsAt(epoch);
    const isProvable = (outpoint: Outpoint) => findLeaf(this.state.stakeNodes, root, computeStakeKey(outpoint)) !== undefined;
    const { genesisTime } = this.rules;
    const context = { view: this.state, bitcoin: this.bitcoin, parameters: this.parameters, genesisTime, isProvable };
    const ticket = findTicket(context, this.stakes, time);
    if (ticket === undefined) return;
    const draft = { view: this.state, parameters: this.parameters, config: ZERO_HASH, transactions: [], findRun: () => undefined };
    const made = makeBlock(ticket, draft);
    if (made !== undefined && !this.known.has(encodeHex(made.hash))) this.send(made, this.prove(epoch, ticket.stake.outpoint));
  }

  private prove(epochHeight: number, outpoint: Outpoint): Uint8Array {
    const { coins, records, stakes } = this.state.rootsAt(epochHeight);
    const proved = proveRanges(this.state.stakeNodes, stakes, [keyRange(computeStakeKey(outpoint))]);
    invariant(!isFault(proved), 'a stake of the state can be proved');
    return encodeStakeProof({ epochHeight, coinsRoot: coins, recordsRoot: records, multiproof: proved.proof });
  }

  private send(made: SignedBlock, proof: Uint8Array): void {
    const header = decodeHeader(made.header);
    const body = decodeBody(made.body);
    invariant(!isFault(header) && !isFault(body), 'what was made is in form');
    const chained = checkHeader(header, { view: this.view, stakes: readStakeProof(proof), rules: this.rules });
    invariant(!isFault(chained) && this.connect(chained, { header, body }), 'what was made keeps the rules');
    this.made++;
    this.network.publish(made.header, { hash: made.hash, proof, body: made.body }, this);
  }
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeHex, encodeHex } from '#protocol/codec/hex';
import { type Fault, isFault } from '#protocol/fault';
import { type FixtureNode, openFixtureNode } from '../chain/chain-fixture.ts';
import type { HeaderVerdict, StoredHeader } from '../chain/contract.ts';
import type { Participant, SimulatedBlock, VirtualNetwork } from './virtual-network.ts';

const MAX_TRIES = 10;
const BODIES = 64;
/** @unit seconds */
const PULL_PAUSE = 1;

/** An honest node: the product's own chain, store, pool and staker on the network's clock, its own clock set wrong by `skew`. */
export class SimulatedNode implements Participant {
  readonly index: number;
  readonly node: FixtureNode;
  /** faults of what others sent it */
  readonly refused: string[] = [];
  /** @unit seconds */
  skew = 0;
  deepest = 0;
  private readonly network: VirtualNetwork;
  private readonly tries = new Map<string, number>();
  private readonly made: StoredHeader[];
  private nextPull = 0;
  private paused = false;

  private constructor(index: number, node: FixtureNode, parts: { network: VirtualNetwork; made: StoredHeader[] }) {
    this.index = index;
    this.node = node;
    this.network = parts.network;
    this.made = parts.made;
    node.chain.onTip(({ disconnected }) => {
      this.deepest = Math.max(this.deepest, disconnected.length);
    });
  }

  static async join(network: VirtualNetwork, stakes: (index: number) => boolean): Promise<SimulatedNode> {
    const made: StoredHeader[] = [];
    const folder = mkdtempSync(join(tmpdir(), 'vc-sim-'));
    const node = await openFixtureNode(folder, { parameters: network.parameters, stakes, made: (block) => made.push(block) });
    const joined = new SimulatedNode(network.participants.length, node, { network, made });
    joined.close = async () => {
      await node.close();
      rmSync(folder, { recursive: true, force: true });
    };
    network.participants.push(joined);
    return joined;
  }

  close: () => Promise<void> = async () => undefined;

  readonly tip = (): string => encodeHex(this.node.chain.tip().hash);
  readonly knows = (id: string): boolean => this.node.chain.headerByHash(decodeHex(id) as Uint8Array) !== undefined;

  get height(): number {
    return this.node.chain.tip().header.height;
  }

  /** Makes no more blocks. */
  pause(): void {
    this.paused = true;
  }

  private setClock(): void {
    this.node.setTime(this.network.time + this.skew);
  }

  readonly slot = async (time: number): Promise<void> => {
    this.setClock();
    if (this.paused || this.node.staker.waitsFor() !== undefined) return;
    const { slotLength } = this.network.parameters;
    await this.node.staker.trySlot(Math.floor((time + this.skew) / slotLength) * slotLength);
    for (const stored of this.made.splice(0)) {
      const body = (await this.node.chain.bodyOf(stored.hash)) as Uint8Array;
      this.network.publish(stored.bytes, { hash: stored.hash, proof: await this.node.proofOf(stored), body }, this);
    }
  };

  private accept(block: SimulatedBlock): Promise<HeaderVerdict | Fault> {
    this.setClock();
    return this.node.chain.acceptHeader(block.bytes, block.proof);
  }

  readonly receive = async (block: SimulatedBlock, from: Participant): Promise<void> => {
    const verdict = await this.accept(block);
    if (isFault(verdict)) this.refused.push(verdict.fault);
    else if (verdict === 'unknown-parent') this.pull(block, from);
    else if (verdict === 'early') this.hold(block, from);
    else {
      if (verdict === 'accepted') this.network.relay(block, this);
      await this.takeBodies();
    }
  };

  readonly receiveRun = async (blocks: readonly SimulatedBlock[], from: Participant): Promise<void> => {
    for (const block of blocks) {
      const verdict = await this.accept(block);
      if (isFault(verdict)) this.refused.push(verdict.fault);
      if (verdict === 'early') this.hold(block, from);
      if (isFault(verdict) || verdict === 'early' || verdict === 'unknown-parent') break;
    }
    await this.takeBodies();
  };

  private pull(block: SimulatedBlock, from: Participant): void {
    if (this.network.time < this.nextPull) return;
    this.nextPull = this.network.time + PULL_PAUSE;
    this.network.pull(block, from, this);
  }

  private hold(block: SimulatedBlock, from: Participant): void {
    const tries = (this.tries.get(block.id) ?? 0) + 1;
    this.tries.set(block.id, tries);
    if (tries % MAX_TRIES !== 0) this.network.again(block, from, this);
  }

  private async takeBodies(): Promise<void> {
    for (let wanted = this.node.chain.wantedBodies(BODIES); wanted.length > 0; wanted = this.node.chain.wantedBodies(BODIES))
      for (const { hash } of wanted) {
        const block = this.network.blocks.get(encodeHex(hash)) as SimulatedBlock;
        const verdict = await this.node.chain.acceptBody(hash, block.body);
        if (isFault(verdict)) this.refused.push(verdict.fault);
      }
  }
}

import type { Header } from '#protocol/block/header';
import { decodeHeader } from '#protocol/block/header-codec';
import { encodeHex } from '#protocol/codec/hex';
import { isFault } from '#protocol/fault';
import { invariant } from '#protocol/invariant';
import { DEV_PARAMETERS } from '#protocol/params/networks';
import type { Parameters } from '#protocol/params/parameters';
import { FIXTURE_TIME } from '../chain/genesis-fixture.ts';

/** A block as it travels: header and stake proof first, its body for whoever asks. */
export interface SimulatedBlock {
  readonly id: string;
  readonly parent: string;
  readonly header: Header;
  readonly bytes: Uint8Array;
  readonly proof: Uint8Array;
  readonly body: Uint8Array;
  readonly maker: number;
}

export interface Participant {
  readonly index: number;
  readonly receive: (block: SimulatedBlock, from: Participant) => Promise<void>;
  /** What it asked for: blocks one on the other, oldest first. */
  readonly receiveRun: (blocks: readonly SimulatedBlock[], from: Participant) => Promise<void>;
  /** A slot has begun by the network's clock. */
  readonly slot: (time: number) => Promise<void>;
  readonly knows: (id: string) => boolean;
  readonly tip: () => string;
}

export interface NetworkOptions {
  readonly seed: number;
  readonly parameters?: Parameters;
  /** @unit seconds */
  readonly delay: { readonly least: number; readonly most: number };
}

type Event = () => Promise<void>;

const TICKS = 10;
const STATUS_EVERY = 10;

export const makeRandom = (seed: number): (() => number) => {
  let state = (seed * 2 + 1) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

/** Participants on one virtual clock, with delays between them and links that a test can cut. */
export class VirtualNetwork {
  readonly participants: Participant[] = [];
  readonly blocks = new Map<string, SimulatedBlock>();
  isLinked: (a: number, b: number) => boolean = () => true;
  readonly parameters: Parameters;
  private readonly random: () => number;
  private readonly delay: NetworkOptions['delay'];
  private readonly events = new Map<number, Event[]>();
  private tick = 0;

  constructor({ seed, delay, parameters = DEV_PARAMETERS }: NetworkOptions) {
    this.random = makeRandom(seed);
    this.delay = delay;
    this.parameters = parameters;
  }

  /** @unit unix seconds */
  get time(): number {
    return FIXTURE_TIME + this.tick / TICKS;
  }

  private after(seconds: number, event: Event): void {
    const at = this.tick + Math.max(1, Math.round(seconds * TICKS));
    const due = this.events.get(at);
    if (due === undefined) this.events.set(at, [event]);
    else due.push(event);
  }

  private travel(): number {
    const { least, most } = this.delay;
    return least + this.random() * (most - least);
  }

  private peersOf(index: number): readonly Participant[] {
    return this.participants.filter((other) => other.index !== index && this.isLinked(index, other.index));
  }

  publish(
    bytes: Uint8Array,
    parts: { readonly hash: Uint8Array; readonly proof: Uint8Array; readonly body: Uint8Array },
    by: Participant,
  ): void {
    const header = decodeHeader(bytes);
    invariant(!isFault(header), 'a participant makes headers in form');
    const { proof, body } = parts;
    const block = { id: encodeHex(parts.hash), parent: encodeHex(header.previous), header, bytes, proof, body, maker: by.index };
    this.blocks.set(block.id, block);
    this.relay(block, by);
  }

  relay(block: SimulatedBlock, by: Participant): void {
    for (const peer of this.peersOf(by.index)) this.send(block, by, peer, this.travel());
  }

  private send(block: SimulatedBlock, from: Participant, to: Participant, seconds: number): void {
    this.after(seconds, async () => {
      if (this.isLinked(from.index, to.index)) await to.receive(block, from);
    });
  }

  /** Asks `from` for the block and what `to` lacks below it: there a question and an answer later. */
  pull(block: SimulatedBlock, from: Participant, to: Participant): void {
    const missing: SimulatedBlock[] = [];
    for (let at: SimulatedBlock | undefined = block; at !== undefined && !to.knows(at.id); at = this.blocks.get(at.parent))
      missing.push(at);
    missing.reverse();
    this.after(this.travel() + this.travel(), async () => {
      if (this.isLinked(from.index, to.index)) await to.receiveRun(missing, from);
    });
  }

  again(block: SimulatedBlock, from: Participant, to: Participant): void {
    this.send(block, from, to, 1);
  }

  /** Peers tell each other their tips now and then, whatever got lost. */
  private tellTips(): void {
    for (const from of this.participants) {
      const block = this.blocks.get(from.tip());
      if (block !== undefined) this.relay(block, from);
    }
  }

  private async step(makeBlocks: boolean): Promise<void> {
    this.tick++;
    const due = this.events.get(this.tick) ?? [];
    this.events.delete(this.tick);
    for (const event of due) await event();
    const { slotLength, targetSpacing } = this.parameters;
    if (makeBlocks && this.tick % (TICKS * slotLength) === 0)
      for (const participant of this.participants) await participant.slot(this.time);
    if (this.tick % (TICKS * Math.max(STATUS_EVERY, targetSpacing)) === 0) this.tellTips();
  }

  /** Runs until the condition holds; answers how many seconds that took, or undefined after `most`. @unit most: seconds */
  async runUntil(holds: () => boolean, most: number, makeBlocks = true): Promise<number | undefined> {
    const from = this.tick;
    while (!holds()) {
      if (this.tick - from >= most * TICKS) return undefined;
      await this.step(makeBlocks);
    }
    return (this.tick - from) / TICKS;
  }
}

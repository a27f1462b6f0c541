import { setImmediate as breathe } from 'node:timers/promises';
import { BitcoinChain, type StoredBitcoinEntry } from '#protocol/bitcoin/chain';
import type { BitcoinEntry } from '#protocol/bitcoin/header';
import { hashBitcoinHeader } from '#protocol/bitcoin/header-codec';
import { findCheckpointHeader } from '#protocol/bitcoin/known-headers';
import { buildLocator, listHeadersAfter, listHeadersAround } from '#protocol/bitcoin/serve-headers';
import type { Hash32 } from '#protocol/codec/hash32';
import { type Fault, isFault } from '#protocol/fault';
import { invariant } from '#protocol/invariant';
import type { BitcoinParameters } from '#protocol/params/parameters';
import type { Clock, NodeBitcoin } from '../chain/contract.ts';
import { HeaderLog } from './header-log.ts';

export interface BitcoinHeadersOptions {
  readonly parameters: BitcoinParameters;
  /** path of the file that keeps the headers */
  readonly file: string;
  readonly clock: Clock;
}

const READ_AT_ONCE = 2_000;

/** Bitcoin's headers of this node: judged, kept in a file, and served. @source SPEC NW14; spec 03 */
export class BitcoinHeaders implements NodeBitcoin {
  private readonly chain: BitcoinChain;
  private readonly log: HeaderLog;
  private readonly clock: Clock;
  private readonly listeners = new Set<(tip: BitcoinEntry) => void>();
  readonly findHeader: NodeBitcoin['findHeader'];
  readonly slotHeader: NodeBitcoin['slotHeader'];
  readonly isSlotHeader: NodeBitcoin['isSlotHeader'];

  constructor(chain: BitcoinChain, log: HeaderLog, clock: Clock) {
    this.chain = chain;
    this.log = log;
    this.clock = clock;
    this.findHeader = chain.findHeader;
    this.slotHeader = chain.slotHeader;
    this.isSlotHeader = chain.isSlotHeader;
  }

  tip = (): StoredBitcoinEntry => this.chain.tip;

  locator = (): readonly Hash32[] => buildLocator(this.chain);

  headersAfter: NodeBitcoin['headersAfter'] = (locator, count) => listHeadersAfter(this.chain, locator, count);

  headersAround: NodeBitcoin['headersAround'] = (hash, before, after) => listHeadersAround(this.chain, hash, before, after);

  accept = async (headers: readonly Uint8Array[]): Promise<{ readonly added: number; readonly moved: boolean } | Fault> => {
    const before = this.chain.tip;
    const fresh = headers.filter((bytes) => bytes.length === 80 && this.chain.findHeader(hashBitcoinHeader(bytes)) === undefined);
    const result = this.chain.accept(headers, this.clock.now());
    const kept = fresh.filter((bytes) => this.chain.findHeader(hashBitcoinHeader(bytes)) !== undefined);
    if (kept.length > 0) await this.log.append(kept);
    const moved = this.chain.tip !== before;
    if (moved) for (const listener of this.listeners) listener(this.chain.tip);
    return isFault(result) ? result : { added: kept.length, moved };
  };

  onTip = (listener: (tip: BitcoinEntry) => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  close = (): Promise<void> => this.log.close();
}

/** Opens the headers kept in a file; those that break a rule, and all after them, are cut off. */
export const openBitcoinHeaders = async ({ parameters, file, clock }: BitcoinHeadersOptions): Promise<BitcoinHeaders> => {
  const checkpoint = findCheckpointHeader(parameters);
  invariant(checkpoint !== undefined, 'the checkpoint of every network is built in');
  const chain = BitcoinChain.start(parameters, checkpoint);
  invariant(!isFault(chain), 'the built-in checkpoint is a header');
  const { log, headers } = await HeaderLog.open(file);
  for (let read = 0; read < headers.length; read += READ_AT_ONCE) {
    const part = headers.slice(read, read + READ_AT_ONCE);
    if (isFault(chain.accept(part, clock.now()))) {
      const good = part.findIndex((bytes) => chain.findHeader(hashBitcoinHeader(bytes)) === undefined);
      await log.cut(read + Math.max(0, good));
      break;
    }
    await breathe();
  }
  return new BitcoinHeaders(chain, log, clock);
};

import type { BitcoinEntry } from '../../protocol/bitcoin/header.ts';
import type { Header } from '../../protocol/block/header.ts';
import { computeHeaderHash, decodeHeader, encodeHeader } from '../../protocol/block/header-codec.ts';
import { equalBytes } from '../../protocol/codec/bytes.ts';
import { asHash32, type Hash32, ZERO_HASH } from '../../protocol/codec/hash32.ts';
import { encodeHex } from '../../protocol/codec/hex.ts';
import { sha256 } from '../../protocol/crypto/hash.ts';
import { fault, isFault } from '../../protocol/fault.ts';
import type { NodeBitcoin, NodeChain, NodeMempool, StoredHeader, TipChange } from '../../protocol/node/chain/contract.ts';
import { DEV_PARAMETERS } from '../../protocol/params/networks.ts';

const FILTER = Uint8Array.of(0);
/** A body of this one byte fits its header and breaks a rule. */
export const INVALID_BODY = 0xbb;
const EPOCH_PROOF = (height: number): Uint8Array => Uint8Array.of(height & 0xff, (height >> 8) & 0xff, 0, 0, 7);

export const makeHeader = (
  parent: StoredHeader | undefined,
  body: Uint8Array,
  time: number,
  changes: Partial<Header> = {},
): StoredHeader => {
  const height = parent === undefined ? 0 : parent.header.height + 1;
  const header: Header = {
    version: 1,
    height,
    previous: parent?.hash ?? ZERO_HASH,
    time,
    bits: 0x1d00ffff,
    bitcoin: ZERO_HASH,
    config: ZERO_HASH,
    txRoot: sha256(body),
    witnessRoot: ZERO_HASH,
    stateRoot: ZERO_HASH,
    historyRoot: ZERO_HASH,
    filterHash: sha256(FILTER),
    versionsRoot: ZERO_HASH,
    economy: { value: 0n, locked: 0n, credit: 0n, debt: 0n, overdue: 0n, fees: 0n },
    weight: BigInt(height),
    right:
      height === 0
        ? { kind: 'none' }
        : { kind: 'stake', outpoint: { txid: sha256(body), index: time & 0xffff }, amount: 1n, key: new Uint8Array(32).fill(3) },
    signature: new Uint8Array(64),
    ...changes,
  };
  return { header, hash: computeHeaderHash(header), bytes: encodeHeader(header) };
};

/**
 * The contract of a chain over real headers and bodies with the shortest rules that can be broken: a link, a proof's
 * bytes, a body's hash. For tests of what stands around a chain.
 */
export class SmallChain {
  readonly headers = new Map<string, StoredHeader>();
  readonly bodies = new Map<string, Uint8Array>();
  readonly best: StoredHeader[];
  readonly listeners = new Set<(change: TipChange) => void>();
  readonly refused: string[] = [];
  accepted = 0;
  private readonly children = new Map<string, StoredHeader[]>();
  private readonly whole = new Set<string>();
  private heaviest: StoredHeader;
  private heaviestWhole: StoredHeader;
  private wanted: StoredHeader[] | undefined;

  constructor(genesisTime: number) {
    const body = Uint8Array.of(0);
    const genesis = makeHeader(undefined, body, genesisTime);
    this.best = [genesis];
    this.heaviest = genesis;
    this.heaviestWhole = genesis;
    this.whole.add(encodeHex(genesis.hash));
    this.contract = this.makeContract(genesis.hash);
    this.headers.set(encodeHex(genesis.hash), genesis);
    this.bodies.set(encodeHex(genesis.hash), body);
  }

  get tip(): StoredHeader {
    return this.best.at(-1) as StoredHeader;
  }

  /** Makes a block on the tip here. */
  async extend(body: Uint8Array, time: number): Promise<StoredHeader> {
    const made = makeHeader(this.tip, body, time);
    await this.contract.acceptHeader(made.bytes, EPOCH_PROOF(this.epoch(made)));
    await this.contract.acceptBody(made.hash, body);
    return made;
  }

  private epoch({ header }: StoredHeader): number {
    const { stakeMaturity, stakeEpoch } = DEV_PARAMETERS;
    return Math.max(0, Math.floor((header.height - stakeMaturity) / stakeEpoch) * stakeEpoch);
  }

  private accept(bytes: Uint8Array, proof: Uint8Array) {
    const header = decodeHeader(bytes);
    if (isFault(header)) return header;
    const stored = { header, hash: computeHeaderHash(header), bytes: bytes.slice() };
    const key = encodeHex(stored.hash);
    if (this.headers.has(key)) return 'known' as const;
    if (!this.headers.has(encodeHex(header.previous))) return 'unknown-parent' as const;
    if (!equalBytes(proof, EPOCH_PROOF(this.epoch(stored)))) {
      this.refused.push(key);
      return fault('stake-missing');
    }
    this.headers.set(key, stored);
    const parentKey = encodeHex(header.previous);
    this.children.set(parentKey, [...(this.children.get(parentKey) ?? []), stored]);
    if (header.weight > this.heaviest.header.weight) this.heaviest = stored;
    this.wanted = undefined;
    this.accepted++;
    return 'accepted' as const;
  }

  private branch(tip: StoredHeader): StoredHeader[] {
    const branch: StoredHeader[] = [];
    for (
      let at: StoredHeader | undefined = tip;
      at !== undefined && !this.isBest(at.hash);
      at = this.headers.get(encodeHex(at.header.previous))
    )
      branch.unshift(at);
    return branch;
  }

  private isBest(hash: Uint8Array): boolean {
    const known = this.headers.get(encodeHex(hash));
    return known !== undefined && this.best[known.header.height] === known;
  }

  /** A header whose body and all bodies before it are here; its children may now be complete too. */
  private complete(header: StoredHeader): void {
    const parts = [header];
    for (let at = parts.pop(); at !== undefined; at = parts.pop()) {
      const key = encodeHex(at.hash);
      if (!this.bodies.has(key)) continue;
      this.whole.add(key);
      if (at.header.weight > this.heaviestWhole.header.weight) this.heaviestWhole = at;
      parts.push(...(this.children.get(key) ?? []));
    }
  }

  private condemn(key: string): void {
    this.headers.delete(key);
    this.heaviest = [...this.headers.values()].reduce((a, b) => (b.header.weight > a.header.weight ? b : a));
    this.wanted = undefined;
  }

  private advance(): void {
    if (this.heaviestWhole.header.weight <= this.tip.header.weight) return;
    const connected = this.branch(this.heaviestWhole);
    const disconnected = this.best.splice((connected[0] as StoredHeader).header.height);
    this.best.push(...connected);
    this.wanted = undefined;
    for (const listener of this.listeners) listener({ tip: this.tip, connected, disconnected });
  }

  readonly contract: NodeChain;

  private readonly makeContract = (genesis: Hash32): NodeChain => ({
    parameters: DEV_PARAMETERS,
    network: 'dev',
    genesis,
    configHash: ZERO_HASH,
    tip: () => this.tip,
    coinCount: () => 7n,
    headerByHash: (hash) => this.headers.get(encodeHex(hash)),
    headerAt: (height) => this.best[height],
    isBest: (hash) => this.isBest(hash),
    stakeProofFor: async (_headers, epochHeight) => EPOCH_PROOF(epochHeight),
    filterOf: async (hash) => (this.bodies.has(encodeHex(hash)) ? FILTER : undefined),
    bodyOf: async (hash) => this.bodies.get(encodeHex(hash)),
    findTransaction: async () => undefined,
    proveState: async () => fault('unknown-block'),
    proveHistory: async (_tip, heights) => heights.map(() => [ZERO_HASH]),
    proveConsistency: async () => [ZERO_HASH],
    proofsFrom: () => 0,
    epochsFrom: () => 0,
    acceptHeader: async (bytes, proof) => this.accept(bytes, proof),
    acceptHeaders: async (headers, proofs) => {
      let taken = 0;
      for (const bytes of headers) {
        const header = decodeHeader(bytes);
        if (isFault(header)) return header;
        const epoch = this.epoch({ header, hash: ZERO_HASH, bytes });
        const proof = proofs.find((candidate) => equalBytes(candidate, EPOCH_PROOF(epoch)));
        const verdict = this.accept(bytes, proof ?? new Uint8Array());
        if (isFault(verdict)) return verdict;
        if (verdict !== 'accepted' && verdict !== 'known') return { taken, verdict };
        taken++;
      }
      return { taken, verdict: 'accepted' };
    },
    wantedBodies: (limit) => {
      this.wanted ??= this.branch(this.heaviest).filter(({ hash }) => !this.bodies.has(encodeHex(hash)));
      return this.wanted.slice(0, limit);
    },
    acceptBody: async (hash, bytes) => {
      const key = encodeHex(hash);
      const header = this.headers.get(key);
      if (header === undefined) return 'unknown-header';
      if (this.bodies.has(key)) return 'known';
      if (!equalBytes(sha256(bytes), header.header.txRoot)) return fault('tx-root');
      if (bytes.length === 1 && bytes[0] === INVALID_BODY) {
        this.condemn(key);
        return fault('value-created');
      }
      this.bodies.set(key, bytes.slice());
      this.wanted = this.wanted?.filter(({ hash: other }) => other !== header.hash);
      if (this.whole.has(encodeHex(header.header.previous))) this.complete(header);
      this.advance();
      return this.isBest(hash) ? 'connected' : 'stored';
    },
    onTip: (listener) => {
      this.listeners.add(listener);
      return () => this.listeners.delete(listener);
    },
    deepRival: () => undefined,
    close: async () => undefined,
  });
}

/** A pool that takes every transaction whose first byte is not zero, once. */
export const makeSmallPool = () => {
  const pool = new Map<string, Uint8Array>();
  const listeners = new Set<(txid: Hash32, bytes: Uint8Array) => void>();
  const contract: NodeMempool = {
    submit: async (bytes) => {
      if (bytes[0] === 0) return fault('form');
      const txid = sha256(bytes);
      if (pool.has(encodeHex(txid))) return fault('tx-known');
      pool.set(encodeHex(txid), bytes.slice());
      for (const listener of listeners) listener(txid, bytes);
      return { txid };
    },
    has: (txid) => pool.has(encodeHex(txid)),
    get: () => undefined,
    onAccepted: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return { pool, contract };
};

const NO_BITCOIN: BitcoinEntry = {
  header: { version: 1, previous: ZERO_HASH, merkleRoot: ZERO_HASH, time: 0, bits: 0, nonce: 0 },
  hash: asHash32(new Uint8Array(32).fill(1)),
  height: 0,
  medianTime: 0,
  latestTime: 0,
  work: 0n,
};

export const NO_BITCOIN_HEADERS: NodeBitcoin = {
  tip: () => NO_BITCOIN,
  headersAfter: () => ({ height: 1, headers: [] }),
  headersAround: () => undefined,
  accept: async () => ({ added: 0 }),
  onTip: () => () => undefined,
  findHeader: () => undefined,
  slotHeader: () => undefined,
  isSlotHeader: () => false,
};

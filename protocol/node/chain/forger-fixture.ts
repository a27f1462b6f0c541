import { signSchnorr, xOnlyPointFromScalar } from 'tiny-secp256k1';
import type { Header } from '#protocol/block/header';
import { computeHeaderHash, encodeHeader } from '#protocol/block/header-codec';
import { asHash32, type Hash32 } from '#protocol/codec/hash32';
import { encodeBytes } from '#protocol/codec/writer';
import { sha256 } from '#protocol/crypto/hash';
import { isFault } from '#protocol/fault';
import { DEV_PARAMETERS } from '#protocol/params/networks';
import { computeNextWeight } from '#protocol/stake/check-weight';
import { computeEpochHeight } from '#protocol/stake/heights';
import { computeNextBits } from '#protocol/stake/retarget';
import { computeStakeKey } from '#protocol/stake/stake-leaf';
import { encodeStakeProof } from '#protocol/stake/stake-proof';
import { keyRange } from '#protocol/trie/ranges';
import type { Outpoint } from '#protocol/tx/outpoint';
import type { FixtureNode } from './chain-fixture.ts';
import type { StoredHeader } from './contract.ts';

export interface ForgedHeader {
  readonly bytes: Uint8Array;
  readonly hash: Hash32;
  readonly outpoint: Outpoint;
}

export type Forged = Partial<Header> & { readonly outpoint?: Outpoint };

const numbered = (n: number): Hash32 => sha256(encodeBytes((writer) => writer.u32(n)));

/**
 * An attacker without stake: headers that keep every rule which can be judged without a stake proof, each its own, on any
 * block of a node's chain.
 */
export class Forger {
  private readonly node: Pick<FixtureNode, 'chain'>;
  private readonly secret: Uint8Array;
  private readonly key: Hash32;

  constructor(node: Pick<FixtureNode, 'chain'>, secret: Uint8Array = numbered(0)) {
    this.node = node;
    this.secret = secret;
    this.key = asHash32(xOnlyPointFromScalar(secret));
  }

  /** @shape outpoint: the stake that it says makes it */
  header(parent: number, n: number, { outpoint = { txid: numbered(n), index: 0 }, ...change }: Forged = {}): ForgedHeader {
    const { chain } = this.node;
    const base = chain.headerAt(parent) as StoredHeader;
    const before = chain.headerAt(parent - 1) as StoredHeader;
    const bits = computeNextBits(base.header, before.header.time, DEV_PARAMETERS);
    const unsigned: Omit<Header, 'signature'> = {
      ...base.header,
      height: parent + 1,
      previous: base.hash,
      time: base.header.time + DEV_PARAMETERS.slotLength * (1 + (n % 8)),
      bits,
      weight: computeNextWeight(base.header, bits),
      right: { kind: 'stake', outpoint, amount: 10n ** 12n, key: this.key },
      ...change,
    };
    const hash = computeHeaderHash(unsigned);
    const signature = signSchnorr(hash, this.secret, this.secret);
    return { bytes: encodeHeader({ ...unsigned, signature }), hash, outpoint };
  }

  /** The true proof, in the state that the header's height asks for, that its stake is not there. */
  async absence({ outpoint }: ForgedHeader, parent: number): Promise<Uint8Array> {
    const epochHeight = computeEpochHeight(parent + 1, DEV_PARAMETERS);
    const { hash } = this.node.chain.headerAt(epochHeight) as StoredHeader;
    const proved = await this.node.chain.proveState(hash, 'stakes', [keyRange(computeStakeKey(outpoint))]);
    if (isFault(proved)) throw new Error(proved.fault);
    const [coinsRoot, recordsRoot] = proved.otherRoots;
    return encodeStakeProof({ epochHeight, coinsRoot, recordsRoot, multiproof: proved.proof });
  }
}

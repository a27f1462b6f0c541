import { schnorr, secp256k1 } from '@noble/curves/secp256k1.js';
import type { Block } from '../block/block.ts';
import { computeHeaderHash } from '../block/header-codec.ts';
import type { Hash32 } from '../codec/hash32.ts';
import { encodeHex } from '../codec/hex.ts';
import { sha256 } from '../crypto/hash.ts';
import { isFault } from '../fault.ts';
import type { Coin } from '../ledger/coin.ts';
import { DEV_PARAMETERS } from '../params/networks.ts';
import type { Parameters } from '../params/parameters.ts';
import { targetOfBits } from '../params/target.ts';
import { buildKeyHashCheck } from '../script/forms/key-check.ts';
import { buildMultisigInOrder } from '../script/forms/multisig.ts';
import { buildPayToKey } from '../script/forms/pay-to-key.ts';
import { buildStakeScript } from '../script/forms/stake.ts';
import { computeSighash, SIGHASH_ALL, sighashSourceOf } from '../script/sighash.ts';
import { checkHeader } from '../stake/check-header.ts';
import { isStalled } from '../stake/check-rest.ts';
import type { ChainedHeader, KnownHeader } from '../stake/header-view.ts';
import { isBurnHeight } from '../stake/heights.ts';
import { computeKernel, isKernelBelow } from '../stake/kernel.ts';
import { computeNextBits } from '../stake/retarget.ts';
import type { StakeLeaf } from '../stake/stake-leaf.ts';
import { encodeAmountField } from '../tx/amount-field.ts';
import { computeTxid } from '../tx/identity.ts';
import type { Transaction, TransactionOutput } from '../tx/transaction.ts';
import { assembleBlock } from './assemble-block.ts';
import { connectBlock } from './connect-block.ts';
import { buildGenesis, type Genesis } from './genesis.ts';
import { MemoryState } from './memory-state.ts';
import type { ChangeSet } from './view.ts';

export const VC = 100_000_000n;

const numberBytes = (value: number): Uint8Array => Uint8Array.of(value & 255, (value >> 8) & 255, (value >> 16) & 255, 1);

interface TestKey {
  readonly secret: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly xOnly: Uint8Array;
  readonly script: Uint8Array;
}

const deriveTestKey = (value: number): TestKey => {
  const secret = sha256(numberBytes(value));
  const publicKey = secp256k1.getPublicKey(secret, true);
  return { secret, publicKey, xOnly: publicKey.slice(1), script: buildPayToKey(publicKey) };
};

const derived = new Map<number, TestKey>();

/** A key made from a number: chains made for tests are the same at every run. */
export const testKey = (value: number): TestKey => {
  const known = derived.get(value);
  if (known !== undefined) return known;
  const key = deriveTestKey(value);
  derived.set(value, key);
  return key;
};

export const GENESIS_TIME = 1_800_000_000;

const paid = (amount: bigint, script: Uint8Array): TransactionOutput => ({ element: 'value', amount, script });

export const testGenesis = (parameters: Parameters = DEV_PARAMETERS, payees = 8): Genesis =>
  buildGenesis(
    {
      name: parameters.name,
      time: GENESIS_TIME,
      stakes: Array.from({ length: 64 }, (_, i) =>
        paid(10_000n * VC, buildStakeScript({ key: testKey(i).xOnly, share: 1_000, ownerScript: testKey(1_000 + i).script })),
      ),
      sources: Array.from({ length: 4 }, (_, i) => ({
        element: 'credit' as const,
        amount: VC << BigInt(i),
        script: buildMultisigInOrder({ threshold: 1, keys: [testKey(5_000).publicKey] }),
      })),
      circulation: Array.from({ length: payees }, (_, i) => paid(100n * VC, testKey(2_000 + i).script)),
      members: [testKey(5_000).publicKey],
    },
    parameters,
  );

/** Signs every input of a transaction that spends the P2WPKH coins of these test keys. */
export const signTransaction = (transaction: Transaction, coins: readonly Coin[], keys: readonly number[]): Transaction => {
  const source = sighashSourceOf(transaction);
  const inputs = transaction.inputs.map((input, index) => {
    const coin = coins[index] as Coin;
    const { secret, publicKey } = testKey(keys[index] as number);
    const scriptCode = buildKeyHashCheck(coin.script.subarray(2));
    const digest = computeSighash(source, { index, scriptCode, amountField: encodeAmountField(coin.element, coin.amount) }, SIGHASH_ALL);
    const signature = secp256k1.sign(digest, secret, { prehash: false, lowS: true, format: 'der' });
    return { ...input, witness: [Uint8Array.of(...signature, SIGHASH_ALL), publicKey] };
  });
  return { ...transaction, inputs };
};

export const payment = (coin: Coin, key: number, outputs: readonly TransactionOutput[]): Transaction =>
  signTransaction(
    { layer: 0, type: 0, inputs: [{ outpoint: coin.outpoint, sequence: 0xffff_fffd, witness: [] }], outputs, lockTime: 0 },
    [coin],
    [key],
  );

/** A real chain in memory: every block is assembled, signed, and judged by the rules of headers and bodies. */
export class TestChain {
  readonly state: MemoryState;
  readonly parameters: Parameters;
  readonly genesis: Genesis;
  /** the Bitcoin header that blocks of a slot name */
  bitcoinOf: (time: number) => Hash32 = (time) => sha256(numberBytes(time));
  config: Hash32 = sha256(numberBytes(7));
  /** winning slots that the next block leaves unused: how a branch goes its own way */
  skip = 0;
  /** whose stakes make its blocks: all do if nobody says otherwise */
  mayMake: (stake: StakeLeaf) => boolean = () => true;

  constructor(genesis: Genesis = testGenesis(), parameters: Parameters = DEV_PARAMETERS) {
    this.genesis = genesis;
    this.parameters = parameters;
    this.state = new MemoryState(genesis);
  }

  private known(height: number): KnownHeader {
    const { header, hash } = this.state.changeOf(height);
    return { header, hash };
  }

  private bits(): number {
    const { tip } = this.state;
    const grandparent = tip.height === 0 ? tip : this.state.headerAt(tip.height - 1);
    return computeNextBits(tip, grandparent.time, this.parameters);
  }

  private findSlot(bits: number): { time: number; stake: StakeLeaf; bitcoin: Hash32 } {
    const { tip } = this.state;
    const height = tip.height + 1;
    const wait = isBurnHeight(height, this.parameters)
      ? this.parameters.burnTimeout * this.parameters.slotLength
      : this.parameters.slotLength;
    for (let time = tip.time + wait; ; time += this.parameters.slotLength) {
      const bitcoin = this.bitcoinOf(time);
      for (const stake of this.state.allStakes) {
        if (!this.mayMake(stake) || (stake.eligibleFrom > height && !isStalled({ time }, tip, this.parameters))) continue;
        if (!isKernelBelow(computeKernel({ bitcoin, outpoint: stake.outpoint, time }), stake.amount, targetOfBits(bits))) continue;
        if (this.skip === 0) return { time, stake, bitcoin };
        this.skip--;
      }
    }
  }

  private secretOf(stake: StakeLeaf): Uint8Array {
    for (let i = 0; i < 64; i++) if (encodeHex(testKey(i).xOnly) === encodeHex(stake.key)) return testKey(i).secret;
    throw new Error('a stake of this chain has a test key');
  }

  make(transactions: readonly Transaction[] = []): Block {
    const bits = this.bits();
    const { time, stake, bitcoin } = this.findSlot(bits);
    const unsigned = assembleBlock(
      this.state,
      { time, bits, bitcoin, config: this.config, stake, transactions },
      { parameters: this.parameters },
    );
    if (isFault(unsigned))
      throw new Error(`${unsigned.fault} ${JSON.stringify(unsigned.detail, (_, v) => (typeof v === 'bigint' ? String(v) : v))}`);
    const signature = schnorr.sign(computeHeaderHash(unsigned.header), this.secretOf(stake), new Uint8Array(32));
    return { header: { ...unsigned.header, signature }, body: unsigned.body };
  }

  chain(block: Block): ChainedHeader {
    const view = {
      findHeader: (hash: Hash32) => {
        for (let h = this.state.tip.height; h >= 0; h--) if (encodeHex(this.known(h).hash) === encodeHex(hash)) return this.known(h);
        return undefined;
      },
      findAncestor: (_: KnownHeader, height: number) => this.known(height),
      depthOf: () => 0,
    };
    const stakes = {
      findStake: (_: unknown, outpoint: StakeLeaf['outpoint']) => this.state.findStake(outpoint) as StakeLeaf,
    };
    const chained = checkHeader(block.header, { view, stakes, rules: { parameters: this.parameters, genesisTime: GENESIS_TIME } });
    if ('fault' in chained) throw new Error(chained.fault);
    return chained;
  }

  connect(block: Block): ChangeSet {
    const change = connectBlock(this.state, this.chain(block), block, { parameters: this.parameters });
    if (isFault(change)) throw new Error(`${change.fault} ${String(change.detail.transaction)}`);
    this.state.connect(change, block);
    return change;
  }

  grow(count: number, transactions: readonly Transaction[] = []): void {
    for (let i = 0; i < count; i++) this.connect(this.make(i === 0 ? transactions : []));
  }

  /** The output of genesis stake `index` spent by its owner: from the next block on it stakes nothing. */
  withdrawal(index: number): Transaction {
    const owner = 1_000 + index;
    const outpoint = { txid: computeTxid(this.genesis.block.body.transactions[0] as Transaction), index: index + 1 };
    const coin = this.state.findCoin(outpoint);
    if (coin === undefined) throw new Error('that stake is registered');
    const { script } = testKey(owner);
    const outputs = [paid(coin.amount - 1_000n, script)];
    const input = { outpoint, sequence: 0xffff_fffd, witness: [] };
    return signTransaction({ layer: 1, type: 0, inputs: [input], outputs, lockTime: 0 }, [{ ...coin, script }], [owner]);
  }

  coinOf(key: number): Coin {
    const { script } = testKey(key);
    for (const coin of this.state.coins.values()) if (encodeHex(coin.script) === encodeHex(script)) return coin;
    throw new Error('that key has a coin');
  }
}

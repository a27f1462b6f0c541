import { encodeReversedHex } from '#protocol/codec/hash32';
import { type Fault, fault, isFault } from '#protocol/fault';
import type { Coin } from '#protocol/ledger/coin';
import { decodeCoin } from '#protocol/ledger/coin-codec';
import { computeOwnerRange } from '#protocol/ledger/coin-key';
import { decodeAddress } from '#protocol/script/address';
import { buildPayToKey } from '#protocol/script/forms/pay-to-key';
import { computeScriptTag } from '#protocol/script/owner-tag';
import { collectRange } from '#protocol/trie/collect';
import { UNITS_PER_VC } from '#protocol/tx/amount';
import type { Transaction } from '#protocol/tx/transaction';
import { encodeTransaction } from '#protocol/tx/transaction-codec';
import type { Chain } from '../chain/chain.ts';
import type { Clock } from '../chain/contract.ts';
import type { FaucetGrant } from '../http/services.ts';
import type { Mempool } from '../mempool/mempool.ts';
import { FAUCET_OUTPUTS } from './dev-genesis.ts';
import { DevelopmentKeys, type SecretKey } from './dev-keys.ts';
import { signKeySpends } from './sign-key-spend.ts';

export const FAUCET_GRANT = 10n * UNITS_PER_VC;
const FEE = 500n;
/** @unit seconds */
const PAUSE = 60;
const MAX_REMEMBERED = 10_000;
const REPLACEABLE = 0xffff_fffd;

export interface FaucetOptions {
  readonly chain: Chain;
  readonly mempool: Mempool;
  readonly clock: Clock;
  /** which of the three nodes' outputs */
  readonly node: number;
}

/**
 * Gives test money from the node's own outputs, once per address and minute.
 *
 * @source SPEC ND41; spec 10, faucet
 */
export class Faucet {
  private readonly options: FaucetOptions;
  private readonly row: { readonly at: (index: number) => SecretKey };
  private readonly keys = new Map<number, { readonly key: SecretKey; readonly script: Uint8Array }>();
  private readonly given = new Map<string, number>();
  private next = 0;

  constructor(options: FaucetOptions) {
    this.options = options;
    this.row = new DevelopmentKeys().faucet(options.node);
  }

  private keyAt(index: number): { readonly key: SecretKey; readonly script: Uint8Array } {
    const known = this.keys.get(index);
    if (known !== undefined) return known;
    const key = this.row.at(index);
    const made = { key, script: buildPayToKey(key.publicKey) };
    this.keys.set(index, made);
    return made;
  }

  private coinOf(script: Uint8Array): Coin | undefined {
    const { chain, mempool } = this.options;
    const view = chain.view();
    for (const { value } of collectRange(view.coinNodes, view.roots.coins, computeOwnerRange(computeScriptTag(script)))) {
      const coin = decodeCoin(value);
      if (isFault(coin) || coin.element !== 'value' || coin.layer !== 0 || coin.amount < FAUCET_GRANT + FEE) continue;
      if (mempool.pool.spenderOf(coin.outpoint) === undefined) return coin;
    }
    return undefined;
  }

  private build(script: Uint8Array): Transaction | undefined {
    for (let tried = 0; tried < FAUCET_OUTPUTS; tried++) {
      const index = this.next;
      this.next = (this.next + 1) % FAUCET_OUTPUTS;
      const own = this.keyAt(index);
      const coin = this.coinOf(own.script);
      if (coin === undefined) continue;
      const change = coin.amount - FAUCET_GRANT - FEE;
      const outputs = [
        { element: 'value', amount: FAUCET_GRANT, script },
        ...(change > 0n ? [{ element: 'value', amount: change, script: own.script } as const] : []),
      ] as const;
      const input = { outpoint: coin.outpoint, sequence: REPLACEABLE, witness: [] };
      return signKeySpends({ layer: 0, type: 0, inputs: [input], outputs, lockTime: 0 }, [{ coin, ...own.key }]);
    }
    return undefined;
  }

  /** @fault those of addresses; `faucet-wait` with the seconds left; `faucet-empty`; the pool's */
  readonly give = async (text: string): Promise<FaucetGrant | Fault> => {
    const { chain, mempool, clock } = this.options;
    const address = decodeAddress(text, chain.parameters.addressPrefix);
    if (isFault(address)) return address;
    const now = clock.now();
    const last = this.given.get(text.toLowerCase());
    if (last !== undefined && now - last < PAUSE) return fault('faucet-wait', { seconds: Math.ceil(PAUSE - (now - last)) });
    const transaction = this.build(address.script);
    if (transaction === undefined) return fault('faucet-empty');
    const submitted = await mempool.submit(encodeTransaction(transaction));
    if (isFault(submitted)) return submitted;
    this.remember(text.toLowerCase(), now);
    return { txid: encodeReversedHex(submitted.txid), amount: FAUCET_GRANT };
  };

  private remember(address: string, now: number): void {
    for (const [key, time] of this.given) if (now - time >= PAUSE || this.given.size >= MAX_REMEMBERED) this.given.delete(key);
    this.given.set(address, now);
  }
}

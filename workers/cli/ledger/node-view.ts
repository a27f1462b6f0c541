import { setTimeout as sleep } from 'node:timers/promises';
import { decodeGroup, type GroupMembers } from '#protocol/admission/group';
import { encodeReversedHex } from '#protocol/codec/hash32';
import { decodeHex, encodeHex } from '#protocol/codec/hex';
import type { DebtPlace } from '#protocol/debt/plan-term';
import { Failure } from '#protocol/failure';
import { type Fault, isFault } from '#protocol/fault';
import type { Coin } from '#protocol/ledger/coin';
import { decodeCoin } from '#protocol/ledger/coin-codec';
import { askNode, type LocalNode } from '#protocol/node/cli/ask-node';
import { decodeNetworkFile } from '#protocol/params/network-file';
import type { Parameters } from '#protocol/params/parameters';
import { ADMISSION_KEY, GROUP_TABLE } from '#protocol/records/tables';
import { parseAmount } from '#protocol/tx/amount-text';
import { computeTxid } from '#protocol/tx/identity';
import type { Outpoint } from '#protocol/tx/outpoint';
import type { Transaction } from '#protocol/tx/transaction';
import { encodeTransaction } from '#protocol/tx/transaction-codec';

export interface ShownCoin {
  readonly coin: string;
  readonly spentinpool: boolean;
}

export interface ShownRecord {
  readonly table: string;
  readonly key: string;
  readonly value: string;
  readonly height: number;
}

export interface ShownDebt extends ShownCoin {
  readonly txid: string;
  readonly vout: number;
  readonly amount: string;
  readonly layer: number;
  readonly due?: { readonly kind: 'height' | 'time'; readonly due: number };
  readonly overdue: boolean;
}

/** @throws Failure with the code and the detail of a fault */
export const orFail = <T>(result: T): Exclude<T, Fault> => {
  if (!isFault(result)) return result as Exclude<T, Fault>;
  const detail = Object.entries(result.detail).map(([name, value]) => [name, typeof value === 'bigint' ? value.toString() : value]);
  throw new Failure(result.fault, Object.fromEntries(detail));
};

const POLL = 500;

/** A node of one's own, whose word is taken: commands plan on what it says. */
export class NodeView {
  readonly parameters: Parameters;
  private readonly node: LocalNode;

  private constructor(node: LocalNode, parameters: Parameters) {
    this.node = node;
    this.parameters = parameters;
  }

  /** Failures: `node-unreachable`; `network-other`: the node is of another network than was asked for */
  static async open(node: LocalNode, network: string): Promise<NodeView> {
    const answer = await fetch(`http://127.0.0.1:${node.port}/network.json`).catch((cause: unknown) => {
      throw new Failure('node-unreachable', cause);
    });
    const file = orFail(decodeNetworkFile(new Uint8Array(await answer.arrayBuffer())));
    if (file.name !== network) throw new Failure('network-other', { network: file.name, wanted: network });
    return new NodeView(node, file.parameters);
  }

  ask<T>(method: string, ...params: readonly unknown[]): Promise<T> {
    return askNode(this.node, method, params) as Promise<T>;
  }

  private decode(shown: readonly ShownCoin[]): Coin[] {
    return shown.filter(({ spentinpool }) => !spentinpool).map(({ coin }) => orFail(decodeCoin(orFail(decodeHex(coin)))));
  }

  async coinsOf(script: Uint8Array): Promise<readonly Coin[]> {
    const { unspents } = await this.ask<{ unspents: readonly ShownCoin[] }>('scantxoutset', 'start', [`raw(${encodeHex(script)})`]);
    return this.decode(unspents);
  }

  async sources(): Promise<readonly Coin[]> {
    return this.decode(await this.ask<readonly ShownCoin[]>('listcreditsources'));
  }

  debtsOf(tag: Uint8Array): Promise<readonly ShownDebt[]> {
    return this.ask('listdebts', `tag(${encodeHex(tag)})`);
  }

  record(table: Uint8Array, key: Uint8Array): Promise<ShownRecord | null> {
    return this.ask('getrecord', new TextDecoder().decode(table), encodeHex(key));
  }

  async members(): Promise<GroupMembers> {
    const record = await this.record(GROUP_TABLE, ADMISSION_KEY);
    return record === null ? [] : orFail(decodeGroup(orFail(decodeHex(record.value)), this.parameters));
  }

  async place(): Promise<DebtPlace> {
    const { blocks, mediantime } = await this.ask<{ blocks: number; mediantime: number }>('getblockchaininfo');
    return { height: blocks, medianTime: mediantime };
  }

  async feeRate(): Promise<bigint> {
    const { mempoolminfee } = await this.ask<{ mempoolminfee: string }>('getmempoolinfo');
    return orFail(parseAmount(mempoolminfee));
  }

  /** The coin as block or pool has it. */
  async output({ txid, index }: Outpoint): Promise<{ element: string; layer: number; value: string; script: string } | undefined> {
    const id = encodeReversedHex(txid);
    type Shown = { element: string; layer: number; value: string; scriptPubKey: { hex: string } } | null;
    const shown = await this.ask<Shown>('gettxout', id, index);
    return shown === null ? undefined : { ...shown, script: shown.scriptPubKey.hex };
  }

  async confirmations(transaction: Transaction): Promise<number | undefined> {
    try {
      const shown = await this.ask<{ confirmations?: number }>('getrawtransaction', encodeReversedHex(computeTxid(transaction)), true);
      return shown.confirmations ?? 0;
    } catch (error) {
      if (error instanceof Failure && error.code.startsWith('No such mempool')) return undefined;
      throw error;
    }
  }

  send(transaction: Transaction): Promise<string> {
    return this.ask('sendrawtransaction', encodeHex(encodeTransaction(transaction)));
  }

  /** Failure `not-confirmed`: not so many blocks deep in that time */
  async waitFor(transaction: Transaction, depth: number, seconds: number): Promise<void> {
    for (const end = performance.now() + seconds * 1_000; performance.now() < end; await sleep(POLL))
      if (((await this.confirmations(transaction)) ?? 0) >= depth) return;
    throw new Failure('not-confirmed', { seconds });
  }
}

import type { Block } from '../block/block.ts';
import { computeTxRoot, computeWitnessRoot } from '../block/body-roots.ts';
import { makeCoinbase } from '../block/coinbase.ts';
import { encodeFilter } from '../block/filter.ts';
import type { Economy, Header } from '../block/header.ts';
import { computeHeaderHash, NO_SIGNATURE } from '../block/header-codec.ts';
import { computeStateRoot } from '../block/state-root.ts';
import { ZERO_HASH } from '../codec/hash32.ts';
import { encodeUtf8 } from '../codec/utf8.ts';
import { sha256 } from '../crypto/hash.ts';
import type { Coin } from '../ledger/coin.ts';
import { encodeCoin } from '../ledger/coin-codec.ts';
import { computeCoinKey } from '../ledger/coin-key.ts';
import { appendPeak } from '../merkle/peaks.ts';
import { hashLeaf } from '../merkle/tree.ts';
import type { Parameters } from '../params/parameters.ts';
import { admissionRecord, computeRecordKey, encodeRecord } from '../records/record-leaf.ts';
import { buildDataScript, isDataOutput } from '../script/forms/data-output.ts';
import { computeOwnerTag } from '../script/owner-tag.ts';
import { computeInitialBits } from '../stake/retarget.ts';
import { MemoryNodes } from '../trie/memory-nodes.ts';
import { updateTrie } from '../trie/update.ts';
import { computeTxid } from '../tx/identity.ts';
import { CIRCULATION, DEBT_LAYER, type Layer, MANAGEMENT } from '../tx/layer.ts';
import type { Transaction, TransactionOutput } from '../tx/transaction.ts';
import { computeFilterElements } from './filter-elements.ts';
import { computeStakeChanges, toStakeTrieChanges } from './stake-changes.ts';
import type { ChangeSet } from './view.ts';

/** What a network begins with. @shape members: of the admission group, 33 bytes each @unit time: unix seconds */
export interface GenesisPlan {
  readonly name: string;
  readonly time: number;
  readonly stakes: readonly TransactionOutput[];
  readonly sources: readonly TransactionOutput[];
  readonly circulation: readonly TransactionOutput[];
  readonly members: readonly Uint8Array[];
}

export interface Genesis {
  readonly block: Block;
  readonly change: ChangeSet;
}

/** @source SPEC HD5, CN10; spec 01, coinbase; spec 02, header */
const buildTransactions = ({ name, stakes, sources, circulation }: GenesisPlan): Transaction[] => {
  const mark: TransactionOutput = { element: 'value', amount: 0n, script: buildDataScript(encodeUtf8(`VC${name}`)) };
  const at = (layer: Layer, outputs: readonly TransactionOutput[]): Transaction => makeCoinbase(0, [mark, ...outputs], layer);
  return [at(DEBT_LAYER, stakes), at(MANAGEMENT, sources), at(CIRCULATION, circulation)];
};

const coinsOf = (transaction: Transaction, medianTime: number): Coin[] =>
  transaction.outputs.flatMap((output, index) =>
    isDataOutput(output)
      ? []
      : [
          {
            ...output,
            outpoint: { txid: computeTxid(transaction), index },
            layer: transaction.layer,
            type: transaction.type,
            height: 0,
            medianTime,
          },
        ],
  );

const sum = (coins: readonly Coin[], wanted: (coin: Coin) => boolean): bigint =>
  coins.filter(wanted).reduce((total, { amount }) => total + amount, 0n);

const computeFirstEconomy = (coins: readonly Coin[]): Economy => ({
  value: sum(coins, ({ element }) => element === 'value'),
  locked: sum(coins, ({ element, layer }) => element === 'value' && layer === DEBT_LAYER),
  credit: sum(coins, ({ element, layer }) => element === 'credit' && layer === CIRCULATION),
  debt: 0n,
  overdue: 0n,
  fees: 0n,
});

const NO_NODES = new MemoryNodes();

/** Builds the first block of a network and everything it brings into being. @source SPEC CN10 */
export const buildGenesis = (plan: GenesisPlan, parameters: Parameters): Genesis => {
  const { time } = plan;
  const body = { transactions: buildTransactions(plan), versions: [] };
  const coins = body.transactions.flatMap((transaction) => coinsOf(transaction, time));
  const stakes = computeStakeChanges(
    { created: coins, spent: [] },
    undefined,
    { height: 0, time },
    { parameters, findStake: () => undefined },
  );
  const group = admissionRecord(plan.members, 0);
  const leaves = coins.map((coin) => ({ key: computeCoinKey(computeOwnerTag(coin, parameters), coin.outpoint), value: encodeCoin(coin) }));
  const tries = {
    coins: updateTrie(NO_NODES, ZERO_HASH, leaves),
    records: updateTrie(
      NO_NODES,
      ZERO_HASH,
      plan.members.length === 0 ? [] : [{ key: computeRecordKey(group), value: encodeRecord(group) }],
    ),
    stakes: updateTrie(NO_NODES, ZERO_HASH, toStakeTrieChanges(stakes)),
  };
  const roots = { coins: tries.coins.root, records: tries.records.root, stakes: tries.stakes.root };
  const txRoot = computeTxRoot(body);
  const filter = encodeFilter(computeFilterElements(coins, [], parameters), txRoot.subarray(0, 16));
  const header: Header = {
    version: 1,
    height: 0,
    previous: ZERO_HASH,
    time,
    bits: computeInitialBits(
      stakes.reduce((total, { after }) => total + (after?.amount ?? 0n), 0n),
      parameters,
    ),
    bitcoin: ZERO_HASH,
    config: ZERO_HASH,
    txRoot,
    witnessRoot: computeWitnessRoot(body),
    stateRoot: computeStateRoot(roots),
    historyRoot: ZERO_HASH,
    filterHash: sha256(filter),
    versionsRoot: ZERO_HASH,
    economy: computeFirstEconomy(coins),
    weight: 0n,
    right: { kind: 'none' },
    signature: NO_SIGNATURE,
  };
  const hash = computeHeaderHash(header);
  const before = { roots: { coins: ZERO_HASH, records: ZERO_HASH, stakes: ZERO_HASH }, historyPeaks: [] };
  const after = { roots, historyPeaks: appendPeak([], 0, hashLeaf(hash, header.filterHash)).peaks };
  const change = {
    header,
    hash,
    before,
    after,
    createdCoins: coins,
    spentCoins: [],
    stakes,
    due: [],
    liabilities: [],
    records: plan.members.length === 0 ? [] : [{ table: group.table, key: group.key, before: undefined, after: group }],
    tries,
    filter,
    economy: header.economy,
  };
  return { block: { header, body }, change };
};

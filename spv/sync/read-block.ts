import type { BlockBody } from '#protocol/block/block';
import { decodeBody } from '#protocol/block/body-codec';
import { computeTxRoot, computeWitnessRoot } from '#protocol/block/body-roots';
import { filterKey, matchFilter } from '#protocol/block/filter';
import type { Header } from '#protocol/block/header';
import { equalBytes } from '#protocol/codec/bytes';
import { type Fault, fault, isFault } from '#protocol/fault';
import { isDataOutput } from '#protocol/script/forms/data-output';
import type { ChainedHeader } from '#protocol/stake/header-view';
import { computeTxid } from '#protocol/tx/identity';
import { outpointKey } from '#protocol/tx/outpoint';
import type { Transaction } from '#protocol/tx/transaction';
import type { BlockEffect, OwnTransaction } from '../coins/block-effect.ts';
import type { HeldCoin } from '../coins/coin-ledger.ts';
import { indexOwners, type WatchSet } from '../coins/watch-set.ts';
import { ask, isUnanswered, type Task, type Unanswered } from '../task.ts';

const nothing = ({ hash, header }: ChainedHeader): BlockEffect => ({
  hash,
  height: header.height,
  time: header.time,
  created: [],
  spent: [],
  transactions: [],
});

/**
 * Verifies that a body is the one its verified header commits to, witnesses included.
 *
 * @fault `tx-root`, `witness-root`; the codec's
 * @source SPEC LC6; attack P9
 */
export const verifyBody = (bytes: Uint8Array, { header }: ChainedHeader): BlockBody | Fault => {
  const body = decodeBody(bytes);
  if (isFault(body)) return body;
  if (!equalBytes(computeTxRoot(body), header.txRoot)) return fault('tx-root', { height: header.height });
  if (!equalBytes(computeWitnessRoot(body), header.witnessRoot)) return fault('witness-root', { height: header.height });
  return body;
};

/** Whose coins are looked for in a block, and what is known beside it. */
export interface BlockReader {
  readonly watched: WatchSet;
  /** keys of outpoints that are the owners' so far */
  readonly held: ReadonlySet<string>;
  /** of the block's parents; undefined where they are not held @unit unix seconds */
  readonly medianTime: number | undefined;
}

const createdCoins = (transaction: Transaction, { height, time }: Header, medianTime: number | undefined): readonly HeldCoin[] => {
  const txid = computeTxid(transaction);
  const { layer, type } = transaction;
  return transaction.outputs
    .map((output, index) => ({ ...output, outpoint: { txid, index }, layer, type, height, time, medianTime }))
    .filter((coin) => !isDataOutput(coin));
};

/**
 * Computes what a verified body does to the watched owners: coins created for their scripts, outpoints consumed.
 *
 * @source SPEC LC6
 */
export const computeEffect = (chained: ChainedHeader, body: BlockBody, { watched, held, medianTime }: BlockReader): BlockEffect => {
  const ownerOf = indexOwners(watched);
  const own = new Set(held);
  const created: { owner: string; coin: HeldCoin }[] = [];
  const spent: string[] = [];
  const transactions: OwnTransaction[] = [];
  for (const transaction of body.transactions) {
    const inputs = transaction.inputs.map((input) => outpointKey(input.outpoint));
    const taken = inputs.filter((key) => own.has(key));
    const given = createdCoins(transaction, chained.header, medianTime)
      .map((coin) => ({ owner: ownerOf(coin), coin }))
      .filter((entry): entry is { owner: string; coin: HeldCoin } => entry.owner !== undefined);
    for (const { coin } of given) own.add(outpointKey(coin.outpoint));
    created.push(...given);
    spent.push(...taken);
    if (taken.length + given.length > 0) transactions.push({ txid: computeTxid(transaction), transaction });
  }
  return { ...nothing(chained), created, spent, transactions };
};

/**
 * Reads one verified block for the watched owners: by its filter alone where that says nothing is in it, else by its body
 * from `peer`, so that nobody is told why.
 *
 * @shape filter: verified against the header
 * @fault those of `matchFilter` and `verifyBody`; `answer-to-another-question`
 * @source SPEC LC6; spec 07, following
 */
export function* readBlock(
  peer: string,
  chained: ChainedHeader,
  filter: Uint8Array | undefined,
  reader: BlockReader,
): Task<BlockEffect | Unanswered | Fault> {
  const tags = [...reader.watched.values()].map((owner) => owner.tag);
  const matches = filter === undefined ? true : matchFilter(filter, filterKey(chained.header.txRoot), tags);
  if (isFault(matches)) return matches;
  if (!matches) return nothing(chained);
  const answer = yield* ask(peer, 'blocks', { hashes: [chained.hash] });
  if (isUnanswered(answer) || isFault(answer)) return answer;
  const [bytes] = answer.bodies;
  if (bytes === undefined) return { unanswered: 'no-body' };
  if (answer.bodies.length > 1) return fault('answer-to-another-question');
  const body = verifyBody(bytes, chained);
  return isFault(body) ? body : computeEffect(chained, body, reader);
}

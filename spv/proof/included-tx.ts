import type { Brand } from '#protocol/brand';
import { equalBytes } from '#protocol/codec/bytes';
import type { Hash32 } from '#protocol/codec/hash32';
import { type Fault, fault, isFault } from '#protocol/fault';
import { verifyInclusion } from '#protocol/merkle/inclusion';
import { hashLeaf } from '#protocol/merkle/tree';
import { computeTxid } from '#protocol/tx/identity';
import type { Transaction, Txid } from '#protocol/tx/transaction';
import { decodeTransaction } from '#protocol/tx/transaction-codec';
import { findHeader, isBest, type LightChain } from '../headers/light-chain.ts';
import { openHistory } from '../sync/open-history.ts';
import { ask, type Given, isUnanswered, type Task, type Unanswered } from '../task.ts';

/** A transaction in a block of the verified chain. */
export type IncludedTx = Brand<
  {
    readonly txid: Txid;
    readonly transaction: Transaction;
    readonly block: Hash32;
    readonly height: number;
    /** unix seconds, of its block */
    readonly time: number;
  },
  'IncludedTx'
>;

type Found = Extract<Given<'tx'>, { readonly kind: 'found' }>;

/** The header an answer names, verified or opened under the tip's history. */
function* openBlock(chain: LightChain, peer: string, found: Found) {
  const known = findHeader(chain, found.block);
  if (known !== undefined && isBest(chain, known.hash, known.header.height)) return known;
  if (found.height >= chain.base || found.height >= chain.tip.header.height) return { unanswered: 'other-branch' };
  const opened = yield* openHistory(peer, chain.tip, [found.height]);
  return isUnanswered(opened) || isFault(opened) ? opened : (opened.get(found.height) ?? { unanswered: 'other-branch' });
}

/**
 * Proves that a transaction is in a block of the verified chain.
 *
 * @fault `txid`: another transaction; `block`: another header stands at that height; those of the inclusion proof
 * @source SPEC LC12; spec 07, what it verifies
 */
export function* proveTransaction(chain: LightChain, peer: string, txid: Txid): Task<IncludedTx | Unanswered | Fault> {
  const answer = yield* ask(peer, 'tx', { kind: 'find', txid });
  if (isUnanswered(answer) || isFault(answer)) return answer;
  if (answer.kind !== 'found') return { unanswered: 'not-in-a-block' };
  const transaction = decodeTransaction(answer.transaction);
  if (isFault(transaction)) return transaction;
  if (!equalBytes(computeTxid(transaction), txid)) return fault('txid');
  const block = yield* openBlock(chain, peer, answer);
  if (isUnanswered(block) || isFault(block)) return block;
  if (!equalBytes(block.hash, answer.block)) return fault('block', { height: answer.height });
  const place = { index: answer.index, size: answer.size };
  const included = verifyInclusion(hashLeaf(txid), place, answer.branch, block.header.txRoot);
  if (included !== true) return included;
  return { txid, transaction, block: block.hash, height: block.header.height, time: block.header.time } as IncludedTx;
}

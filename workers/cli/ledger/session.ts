import type { Draft } from '#protocol/draft/draft';
import type { DraftFile } from '#protocol/draft/draft-text';
import type { Funding } from '#protocol/draft/fund-draft';
import { Failure } from '#protocol/failure';
import type { Coin } from '#protocol/ledger/coin';
import { installNodeCrypto } from '#protocol/node/crypto/node-crypto';
import { readKeys, type SigningKey, scriptOfKey } from './keys.ts';
import { NodeView } from './node-view.ts';
import { type KeyFlags, type NodeFlags, nodeOf, type SendFlags } from './options.ts';

/** What a command works with: the node, the keys, and whose money pays. */
export interface Session {
  readonly node: NodeView;
  readonly keys: readonly SigningKey[];
  readonly payer: SigningKey;
  readonly payerScript: Uint8Array;
}

export const openNode = (flags: NodeFlags): Promise<NodeView> => {
  installNodeCrypto();
  return NodeView.open(nodeOf(flags), flags.network);
};

/** Failure `keys-missing`: neither words nor a published key were named */
export const openSession = async (flags: NodeFlags & KeyFlags): Promise<Session> => {
  const node = await openNode(flags);
  const keys = await readKeys(flags, node.parameters);
  const [payer] = keys;
  if (payer === undefined) throw new Failure('keys-missing');
  return { node, keys, payer, payerScript: scriptOfKey(payer) };
};

export const feeRateOf = async (node: NodeView, { feeRate }: Pick<SendFlags, 'feeRate'>): Promise<bigint> => feeRate ?? node.feeRate();

export const fundingOf = async ({ node, payerScript }: Session, flags: SendFlags, coins?: readonly Coin[]): Promise<Funding> => ({
  coins: coins ?? (await node.coinsOf(payerScript)),
  changeScript: payerScript,
  feeRate: await feeRateOf(node, flags),
  parameters: node.parameters,
});

export const fileOf = ({ parameters }: NodeView, draft: Draft, before: readonly Uint8Array[] = []): DraftFile => ({
  network: parameters.name,
  before,
  draft,
});

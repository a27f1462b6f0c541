import type { NodeBitcoin, NodeChain, NodeMailbox, NodeMempool } from '../../chain/contract.ts';

/** What the services answer from. */
export interface NodeParts {
  readonly chain: NodeChain;
  readonly mempool: NodeMempool;
  readonly bitcoin: NodeBitcoin;
  /** undefined: this node keeps no posts */
  readonly mailbox: NodeMailbox | undefined;
}

export const refused = (code: string) => ({ kind: 'refused', code: code.slice(0, 48) }) as const;

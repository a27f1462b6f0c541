import type { FeeChoice, RecipientView } from '#workers/rpc/chain-calls';
import { type Fault, fault, isFault } from '#workers/rpc/fault';
import type { ReviewView } from '#workers/rpc/vault-calls';
import type { Draft } from '../../client/draft.ts';
import { useClient } from '../../client/use-client.ts';
import { mayPrepare } from './may-prepare.ts';
import type { Recipient } from './use-recipient.ts';

export interface Preparation {
  readonly account: number;
  readonly draft: Draft;
  readonly recipient: Recipient;
  readonly amount: bigint | 'all' | Fault;
  readonly fee: FeeChoice | undefined;
  /** address that was compared with the one it looks like */
  readonly compared: string | undefined;
}

/** Has the payment planned by the chain worker, and read anew from its bytes by the vault worker. @source SPEC WB12, WB14 */
export const usePrepare = (): ((preparation: Preparation) => Promise<ReviewView | Fault>) => {
  const { chain, vault } = useClient();
  return async ({ account, draft, recipient, amount, fee, compared }) => {
    const typed = draft.to.trim();
    const view = recipient.view ?? (typed === '' ? fault('recipient-missing') : await chain.parseRecipient(typed));
    if (isFault(view)) return view as Fault;
    if (isFault(amount)) return amount;
    if (fee === undefined) return fault('fee-unknown');
    const { address } = view as RecipientView;
    if (!mayPrepare(view as RecipientView, compared)) return fault('look-alike-not-compared');
    const bytes = await chain.planPayment({ account, to: address, amount, feeRate: fee.rate, coins: draft.coins });
    return isFault(bytes) ? (bytes as Fault) : vault.review(bytes as Uint8Array);
  };
};

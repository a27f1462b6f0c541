import type { RecipientView } from '#workers/rpc/chain-calls';

/** Whether a payment may be prepared: an address that only looks like a known one must have been compared. @source SPEC WB12 */
export const mayPrepare = (recipient: RecipientView, compared: string | undefined): boolean =>
  recipient.lookAlike === undefined || compared === recipient.address;

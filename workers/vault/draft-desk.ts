import { encodeDraftFile } from '#protocol/draft/draft-text';
import { finishDraft } from '#protocol/draft/sign-draft';
import { type Fault, fault, isFault } from '#protocol/fault';
import type { Parameters } from '#protocol/params/parameters';
import { encodeTransaction } from '#protocol/tx/transaction-codec';
import type { DraftView } from '../rpc/draft-view.ts';
import type { ChainForVault } from '../rpc/vault-chain-port.ts';
import { type ReviewedDraft, reviewDraft, signReviewed } from './review-draft.ts';
import type { Secrets } from './secrets.ts';

const MAX_DRAFTS = 16;

/** Drafts that were read and may be signed or sent: only what was shown is signed. @source SPEC VT12 */
export class DraftDesk {
  private readonly chain: ChainForVault;
  private readonly parameters: Parameters;
  private readonly drafts = new Map<number, ReviewedDraft>();
  private next = 1;

  constructor({ chain, parameters }: { readonly chain: ChainForVault; readonly parameters: Parameters }) {
    this.chain = chain;
    this.parameters = parameters;
  }

  has(id: number): boolean {
    return this.drafts.has(id);
  }

  /** @unit now: unix seconds @fault those of `reviewDraft` */
  async read(text: string, secrets: Secrets, now: number): Promise<DraftView | Fault> {
    const { chain, parameters } = this;
    const reviewed = await reviewDraft(text, { secrets, chain, parameters, now });
    if (isFault(reviewed)) return reviewed;
    const id = this.next++;
    this.drafts.set(id, reviewed);
    for (const old of this.drafts.keys()) if (this.drafts.size > MAX_DRAFTS) this.drafts.delete(old);
    return { ...reviewed.view, id };
  }

  /** Signs what was read, and reads it anew. @unit now: unix seconds @fault `review-missing`; those of `signReviewed` */
  async sign(id: number, secrets: Secrets, now: number): Promise<DraftView | Fault> {
    const reviewed = this.drafts.get(id);
    if (reviewed === undefined) return fault('review-missing');
    const signed = signReviewed(reviewed, secrets);
    if (isFault(signed)) return signed;
    this.drafts.delete(id);
    return this.read(encodeDraftFile(signed), secrets, now);
  }

  /** @fault `review-missing`; `draft-incomplete`; those of the chain worker */
  async send(id: number): Promise<{ readonly txid: string } | Fault> {
    const reviewed = this.drafts.get(id);
    if (reviewed === undefined) return fault('review-missing');
    const transaction = finishDraft(reviewed.file.draft);
    if (isFault(transaction)) return transaction;
    const sent = await this.chain.relayTogether([...reviewed.file.before, encodeTransaction(transaction)]);
    if (!isFault(sent)) this.drafts.delete(id);
    return sent;
  }

  clear(): void {
    this.drafts.clear();
  }
}

import type { ProofView } from '#workers/rpc/proof-view';
import type { Language } from '../text/language.ts';
import type { Messages } from '../text/messages.ts';
import { agoText, numberText } from '../text/time-text.ts';

export interface MarkState {
  readonly stage: ProofView['stage'];
  /** 0 to 1: how far the thin arc of depth is closed; only where verified */
  readonly arc: number;
}

/** The one shape in which a proof is shown, whatever it proves. @source SPEC WB5 */
export const markState = (proof: ProofView, finalDepth = 1): MarkState => ({
  stage: proof.stage,
  arc: proof.stage === 'verified' ? Math.min(1, Math.max(0, proof.depth) / Math.max(1, finalDepth)) : 0,
});

/** The same in words: for screen readers, titles and lists. @source SPEC WB5 */
export const proofText = (proof: ProofView, now: number, text: Messages['proof'], language: Language): string => {
  const height = proof.height === undefined ? '?' : numberText(proof.height, language);
  switch (proof.stage) {
    case 'claimed':
      return text.claimed;
    case 'in-block':
      return text.inBlock(height);
    case 'verified':
      return text.verified(height);
    case 'stale':
      return proof.checkedAt === undefined ? text.staleNever : text.stale(agoText(proof.checkedAt, now, language));
    case 'refused':
      return text.refused;
  }
};

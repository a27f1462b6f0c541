import type { Fault } from '#protocol/fault';
import type { ProvedRanges } from '#protocol/trie/prove';
import type { ProofQuestion } from './proof-port.ts';

/** What crosses to the proof thread and back. */
export interface ProofTask {
  readonly id: number;
  readonly question: ProofQuestion;
}

export type ProofVerdict =
  | { readonly id: number; readonly proved: ProvedRanges | Fault }
  | { readonly id: number; readonly failed: string };

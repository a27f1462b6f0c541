/** How well something shown is proved; the same five everywhere. */
export type ProofStage = 'claimed' | 'in-block' | 'verified' | 'stale' | 'refused';

export type ProofCheck =
  | 'header-chain'
  | 'signature'
  | 'kernel'
  | 'stake-proof'
  | 'bitcoin-header'
  | 'economy'
  | 'history'
  | 'inclusion'
  | 'unspent-complete'
  | 'filter';

/**
 * @unit checkedAt: unix seconds; depth: blocks on top and itself, 0 when not in a block
 */
export interface ProofView {
  readonly stage: ProofStage;
  readonly height: number | undefined;
  readonly depth: number;
  readonly headerHash: string | undefined;
  readonly peers: number;
  readonly checkedAt: number | undefined;
  readonly checks: readonly ProofCheck[];
  /** a fault's code where the stage is `refused` */
  readonly reason: string | undefined;
}

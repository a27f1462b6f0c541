import type { Hash32 } from '../codec/hash32.ts';

/** A network that has parameters here. */
export type NetworkName = 'dev' | 'test' | 'main';

export interface BitcoinParameters {
  readonly network: 'regtest' | 'main';
  /** First header that is taken as given; everything after it is checked. */
  readonly checkpoint: { readonly height: number; readonly hash: Hash32 };
  readonly retargets: boolean;
  readonly limitBits: number;
  /** seconds between headers that a source of our own mines; 0: headers come from Bitcoin's network */
  readonly sourceInterval: number;
}

/** How a change of configuration is decided: share of the blocks of a window. */
export interface VoteParameters {
  /** blocks */
  readonly window: number;
  /** percent */
  readonly threshold: number;
  readonly by: 'count' | 'stake';
}

/** Every parameter of a network, checked on load. @source SPEC PA1; spec 06, parameters */
export interface Parameters {
  readonly name: NetworkName;
  /** seconds */
  readonly slotLength: number;
  /** seconds */
  readonly targetSpacing: number;
  /** seconds */
  readonly maxDrift: number;
  /** blocks */
  readonly retargetWindow: number;
  readonly maxTarget: bigint;
  /** blocks */
  readonly stakeMaturity: number;
  /** blocks */
  readonly stakeEpoch: number;
  /** blocks */
  readonly maxReorg: number;
  /** seconds */
  readonly judgeWindow: number;
  readonly judgeMargin: number;
  /** blocks */
  readonly coinbaseMaturity: number;
  /** seconds */
  readonly stallTime: number;
  readonly genesisStakes: number;
  /** base units */
  readonly minStake: bigint;
  /** blocks */
  readonly burnEvery: number;
  /** slots */
  readonly burnTimeout: number;
  /** satoshi */
  readonly minBurn: bigint;
  /** Bitcoin blocks */
  readonly burnWindow: number;
  readonly bitcoin: BitcoinParameters;
  /** seconds */
  readonly bitcoinLag: number;
  /** Bitcoin blocks */
  readonly bitcoinStale: number;
  /** weight units */
  readonly maxBlockWeight: number;
  readonly maxBlockChecks: number;
  /** bytes */
  readonly maxStateGrowth: number;
  /** base units */
  readonly minOutput: bigint;
  /** base units */
  readonly minDebt: bigint;
  /** blocks */
  readonly recordDelay: number;
  /** blocks */
  readonly badDebtAge: number;
  /** blocks */
  readonly creditPeriod: number;
  readonly groupMin: number;
  readonly groupMax: number;
  /** base units */
  readonly maxFrozenFee: bigint;
  /** confirmations a wallet shows as final, for amounts up to and above `finalAbove` */
  readonly final: { readonly small: number; readonly large: number; readonly above: bigint };
  /** headers a light client checks at its start */
  readonly suffix: number;
  readonly vote: VoteParameters;
  readonly coinType: number;
  readonly addressPrefix: { readonly plain: string; readonly realName: string };
}

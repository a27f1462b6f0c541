import { decodeReversedHex } from '../codec/hash32.ts';
import { isFault } from '../fault.ts';
import { invariant } from '../invariant.ts';
import { UNITS_PER_VC } from '../tx/amount.ts';
import type { BitcoinParameters, NetworkName, Parameters } from './parameters.ts';
import { TARGET_RANGE } from './target.ts';

const bitcoinHash = (text: string): BitcoinParameters['checkpoint']['hash'] => {
  const hash = decodeReversedHex(text);
  invariant(!isFault(hash), 'a built-in checkpoint is a hash');
  return hash;
};

/** @source Bitcoin Core, regtest: genesis block, powLimit, no retargeting */
const REGTEST: BitcoinParameters = {
  network: 'regtest',
  checkpoint: { height: 0, hash: bitcoinHash('0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206') },
  retargets: false,
  limitBits: 0x207f_ffff,
  sourceInterval: 2,
};

/** 832,608 = 413 × 2,016: a checkpoint begins a retarget period. @source Bitcoin's main chain */
const BITCOIN_MAIN: BitcoinParameters = {
  network: 'main',
  checkpoint: { height: 832_608, hash: bitcoinHash('00000000000000000001e529aa1b6b7433794e9b33723be85daeab7fdaabf1c0') },
  retargets: true,
  limitBits: 0x1d00_ffff,
  sourceInterval: 0,
};

const HOUR = 3_600;
const LARGE_PAYMENT = 1_000n * UNITS_PER_VC;

export const DEV_PARAMETERS: Parameters = {
  name: 'dev',
  slotLength: 1,
  targetSpacing: 4,
  maxDrift: 1,
  retargetWindow: 16,
  maxTarget: TARGET_RANGE / UNITS_PER_VC,
  stakeMaturity: 20,
  stakeEpoch: 10,
  maxReorg: 10,
  judgeWindow: 40,
  judgeMargin: 2,
  coinbaseMaturity: 10,
  stallTime: 12,
  genesisStakes: 64,
  minStake: UNITS_PER_VC,
  burnEvery: 99,
  burnTimeout: 8,
  minBurn: 546n,
  burnWindow: 20,
  bitcoin: REGTEST,
  bitcoinLag: 24,
  bitcoinStale: 6,
  maxBlockWeight: 1_000_000,
  maxBlockChecks: 5_000,
  maxStateGrowth: 1_048_576,
  minOutput: 1n,
  minDebt: 1_000n,
  recordDelay: 1,
  badDebtAge: 200,
  creditPeriod: 20,
  groupMin: 1,
  groupMax: 20,
  maxFrozenFee: 1_000n,
  final: { small: 1, large: 1, above: LARGE_PAYMENT },
  suffix: 40,
  vote: { window: 100, threshold: 60, by: 'count' },
  coinType: 1,
  addressPrefix: { plain: 'dvc', realName: 'dvcr' },
};

export const TEST_PARAMETERS: Parameters = {
  name: 'test',
  slotLength: 16,
  targetSpacing: 64,
  maxDrift: 15,
  retargetWindow: 64,
  maxTarget: TARGET_RANGE / (10n * UNITS_PER_VC),
  stakeMaturity: 400,
  stakeEpoch: 100,
  maxReorg: 144,
  judgeWindow: 12_800,
  judgeMargin: 8,
  coinbaseMaturity: 144,
  stallTime: 640,
  genesisStakes: 1_000,
  minStake: 10n * UNITS_PER_VC,
  burnEvery: 99,
  burnTimeout: 40,
  minBurn: 1_000n,
  burnWindow: 144,
  bitcoin: BITCOIN_MAIN,
  bitcoinLag: 2 * HOUR,
  bitcoinStale: 6,
  maxBlockWeight: 1_000_000,
  maxBlockChecks: 5_000,
  maxStateGrowth: 65_536,
  minOutput: 1_000n,
  minDebt: UNITS_PER_VC,
  recordDelay: 12,
  badDebtAge: 10_000,
  creditPeriod: 2_700,
  groupMin: 3,
  groupMax: 20,
  maxFrozenFee: 10_000n,
  final: { small: 12, large: 12, above: LARGE_PAYMENT },
  suffix: 144,
  vote: { window: 2_016, threshold: 75, by: 'stake' },
  coinType: 1,
  addressPrefix: { plain: 'tvc', realName: 'tvcr' },
};

export const MAIN_PARAMETERS: Parameters = {
  ...TEST_PARAMETERS,
  name: 'main',
  maxTarget: TARGET_RANGE / (100n * UNITS_PER_VC),
  stakeMaturity: 720,
  maxReorg: 720,
  judgeWindow: 23_040,
  judgeMargin: 10,
  coinbaseMaturity: 720,
  genesisStakes: 2_000,
  minStake: 100n * UNITS_PER_VC,
  minBurn: 10_000n,
  badDebtAge: 65_535,
  creditPeriod: 40_500,
  final: { small: 12, large: 120, above: LARGE_PAYMENT },
  vote: { window: 40_500, threshold: 80, by: 'stake' },
  coinType: 22_083,
  addressPrefix: { plain: 'vc', realName: 'vcr' },
};

/** The parameters built in, by network. @source SPEC PA1; spec 06, parameters */
export const PARAMETERS: Readonly<Record<NetworkName, Parameters>> = {
  dev: DEV_PARAMETERS,
  test: TEST_PARAMETERS,
  main: MAIN_PARAMETERS,
};

import { decodeReversedHex, encodeReversedHex, type Hash32 } from '../codec/hash32.ts';
import { MAX_AMOUNT } from '../tx/amount.ts';
import { amount, bytesText, choice, compact, type Fields, group, integer, target, text, truth } from './field.ts';
import type { BitcoinParameters, Parameters, VoteParameters } from './parameters.ts';
import { TARGET_RANGE } from './target.ts';

const DAY = 86_400;
const U16 = 65_535;
const MANY_BLOCKS = 10_000_000;
const MAX_BITCOIN = 2_100_000_000_000_000n;
const PREFIX = /^[a-z]{2,10}$/;

export const bitcoinHashText = bytesText<Hash32>(encodeReversedHex, decodeReversedHex);

const bitcoin = group<BitcoinParameters>({
  network: choice('regtest', 'main'),
  checkpoint: group({ height: integer('bitcoin-blocks', 0, MANY_BLOCKS), hash: bitcoinHashText }),
  retargets: truth,
  limitBits: compact,
  sourceInterval: integer('s', 0, DAY),
});

const vote = group<VoteParameters>({
  window: integer('blocks', 1, MANY_BLOCKS),
  threshold: integer('percent', 1, 100),
  by: choice('count', 'stake'),
});

/** Type, unit and range of every parameter but the network's name. @source SPEC PA1; spec 06, parameters */
export const PARAMETER_FIELDS: Fields<Omit<Parameters, 'name'>> = {
  slotLength: integer('s', 1, 3_600),
  targetSpacing: integer('s', 1, DAY),
  maxDrift: integer('s', 0, 3_600),
  retargetWindow: integer('blocks', 2, 10_000),
  maxTarget: target(1n << 160n, TARGET_RANGE - 1n),
  stakeMaturity: integer('blocks', 1, U16),
  stakeEpoch: integer('blocks', 1, U16),
  maxReorg: integer('blocks', 1, U16),
  judgeWindow: integer('s', 1, 30 * DAY),
  judgeMargin: integer('count', 1, 10_000),
  coinbaseMaturity: integer('blocks', 1, U16),
  stallTime: integer('s', 1, DAY),
  genesisStakes: integer('count', 1, 100_000),
  minStake: amount('units', 1n, MAX_AMOUNT),
  burnEvery: integer('blocks', 2, MANY_BLOCKS),
  burnTimeout: integer('slots', 1, 10_000),
  minBurn: amount('sat', 1n, MAX_BITCOIN),
  burnWindow: integer('bitcoin-blocks', 1, 2_016),
  bitcoin,
  bitcoinLag: integer('s', 0, 7 * DAY),
  bitcoinStale: integer('bitcoin-blocks', 0, 144),
  maxBlockWeight: integer('weight', 4_000, 4_000_000),
  maxBlockChecks: integer('checks', 5, 100_000),
  maxStateGrowth: integer('bytes', 1_024, 4_194_304),
  minOutput: amount('units', 1n, MAX_AMOUNT),
  minDebt: amount('units', 1n, MAX_AMOUNT),
  recordDelay: integer('blocks', 1, U16),
  badDebtAge: integer('blocks', 1, U16),
  creditPeriod: integer('blocks', 1, MANY_BLOCKS),
  groupMin: integer('count', 1, 20),
  groupMax: integer('count', 1, 20),
  maxFrozenFee: amount('units', 0n, MAX_AMOUNT),
  final: group({
    small: integer('blocks', 1, U16),
    large: integer('blocks', 1, U16),
    above: amount('units', 0n, MAX_AMOUNT),
  }),
  suffix: integer('headers', 11, 512),
  vote,
  coinType: integer('count', 0, 0x7fff_ffff),
  addressPrefix: group({ plain: text(PREFIX), realName: text(PREFIX) }),
};

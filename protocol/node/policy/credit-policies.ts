import { type Fault, fault } from '#protocol/fault';
import { type MakerPolicies, POLICY_NAMES, type PolicyName } from './policy-fields.ts';

/**
 * The economy that a grant is held against.
 *
 * @unit base units; debtTime: Σ amount × time of unpaid debt; medianTime: unix seconds, of the tip; granted: in the period,
 * and what is to come into the same block
 */
export interface CreditFigures {
  readonly circulating: bigint;
  readonly credit: bigint;
  readonly overdue: bigint;
  readonly debt: bigint;
  readonly debtTime: bigint;
  readonly medianTime: number;
  readonly granted: bigint;
  /** of `granted`, what the tip does not have yet */
  readonly pending: bigint;
}

/** Somebody who is to have credit, as the records have him. @unit base units; granted: in the period, what is pending included */
export interface Recipient {
  readonly amount: bigint;
  readonly granted: bigint;
  /** undefined: no agent on record */
  readonly quota: bigint | undefined;
  readonly suspended: boolean;
}

/** Credit that a transaction lets in, or lets somebody draw. @unit base units; interest: fee and free outputs */
export interface CreditQuestion {
  readonly kind: 'grant' | 'draw';
  readonly granted: bigint;
  readonly interest: bigint;
  readonly recipients: readonly Recipient[];
}

type Check<P extends PolicyName> = (settings: MakerPolicies[P], question: CreditQuestion, figures: CreditFigures) => Fault | undefined;

const WHOLE = 10_000n;

const shareOf = (basisPoints: number, amount: bigint): bigint => (BigInt(basisPoints) * amount) / WHOLE;

/** @fault `emergency-stop` @source SPEC MP6 */
const checkEmergencyStop: Check<'emergency-stop'> = () => fault('emergency-stop');

/**
 * @fault `agent-suspended`; `agent-unlisted`; `agent-quota`
 * @source SPEC MP8
 */
const checkAgents: Check<'agents'> = ({ unlisted }, { kind, recipients }) => {
  if (recipients.some(({ suspended }) => suspended)) return fault('agent-suspended');
  if (kind === 'draw') return undefined;
  if (!unlisted && recipients.some(({ quota }) => quota === undefined)) return fault('agent-unlisted');
  const over = recipients.find(({ amount, granted, quota }) => quota !== undefined && granted + amount > quota);
  return over?.quota === undefined
    ? undefined
    : fault('agent-quota', { wanted: over.amount, left: over.quota > over.granted ? over.quota - over.granted : 0n });
};

/** @fault `credit-rate` @source SPEC MP2 */
const checkCreditRate: Check<'credit-rate'> = ({ share, maximum }, { granted }, figures) => {
  const rising = shareOf(share, figures.circulating);
  const bound = rising < BigInt(maximum) ? rising : BigInt(maximum);
  return figures.granted + granted > bound ? fault('credit-rate', { wanted: granted, granted: figures.granted, bound }) : undefined;
};

/** @fault `credit-reserve` @source SPEC MP3 */
const checkCreditReserve: Check<'credit-reserve'> = ({ share }, { granted }, { credit, pending, circulating }) => {
  const bound = shareOf(share, circulating);
  const outstanding = credit + pending;
  return outstanding + granted > bound ? fault('credit-reserve', { wanted: granted, outstanding, bound }) : undefined;
};

/** @fault `debt-age` @source SPEC MP4 */
const checkDebtAge: Check<'debt-age'> = ({ maximum }, _question, { debt, debtTime, medianTime }) => {
  const age = debt * BigInt(medianTime) - debtTime;
  return age > debt * BigInt(maximum) ? fault('debt-age', { seconds: age / debt, bound: maximum }) : undefined;
};

/** @fault `bad-debt` @source SPEC MP5 */
const checkBadDebt: Check<'bad-debt'> = ({ share }, _question, { overdue, circulating }) => {
  const bound = shareOf(share, circulating);
  return overdue > bound ? fault('bad-debt', { overdue, bound }) : undefined;
};

/** @fault `minimum-interest` @source SPEC MP7 */
const checkMinimumInterest: Check<'minimum-interest'> = ({ rate }, { granted, interest }) => {
  const wanted = (BigInt(rate) * granted + WHOLE - 1n) / WHOLE;
  return interest < wanted ? fault('minimum-interest', { interest, wanted }) : undefined;
};

const CHECKS: { readonly [P in PolicyName]: Check<P> } = {
  'emergency-stop': checkEmergencyStop,
  agents: checkAgents,
  'credit-rate': checkCreditRate,
  'credit-reserve': checkCreditReserve,
  'debt-age': checkDebtAge,
  'bad-debt': checkBadDebt,
  'minimum-interest': checkMinimumInterest,
};

export interface PolicyRefusal {
  readonly policy: PolicyName;
  readonly reason: Fault;
}

const askedAbout = (name: PolicyName, { kind }: CreditQuestion): boolean => kind === 'grant' || name === 'agents';

/** The first policy that refuses; a draw is asked about suspensions alone. @source SPEC MP1 */
export const judgeCredit = (policies: MakerPolicies, question: CreditQuestion, figures: CreditFigures): PolicyRefusal | undefined => {
  for (const policy of POLICY_NAMES) {
    if (!policies[policy].enabled || !askedAbout(policy, question)) continue;
    const reason = (CHECKS[policy] as Check<PolicyName>)(policies[policy], question, figures);
    if (reason !== undefined) return { policy, reason };
  }
  return undefined;
};

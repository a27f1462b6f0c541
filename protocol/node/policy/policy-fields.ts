import { type Fault, fault, isFault } from '#protocol/fault';
import { MAX_AMOUNT } from '#protocol/tx/amount';

interface FlagField {
  readonly kind: 'flag';
  readonly initial: boolean;
}

interface WholeField {
  readonly kind: 'whole';
  readonly initial: number;
  readonly maximum: number;
  readonly unit: string;
}

const flag = (initial: boolean): FlagField => ({ kind: 'flag', initial });
const whole = (initial: number, maximum: number, unit: string): WholeField => ({ kind: 'whole', initial, maximum, unit });

const LARGEST = Number(MAX_AMOUNT);
const DAY = 86_400;

/**
 * Every policy of a maker with its parameters, what they are at first, and their bounds.
 *
 * @source SPEC MP1; spec 04, maker's policies
 */
export const POLICY_FIELDS = {
  'emergency-stop': { enabled: flag(false) },
  agents: { enabled: flag(true), unlisted: flag(true) },
  'credit-rate': {
    enabled: flag(true),
    share: whole(1_000, 10_000, 'basis points of circulating value'),
    maximum: whole(100_000_000_000_000, LARGEST, 'base units'),
  },
  'credit-reserve': { enabled: flag(true), share: whole(1_000, 10_000, 'basis points of circulating value') },
  'debt-age': { enabled: flag(true), maximum: whole(30 * DAY, 100 * 365 * DAY, 'seconds') },
  'bad-debt': { enabled: flag(true), share: whole(500, 10_000, 'basis points of circulating value') },
  'minimum-interest': { enabled: flag(true), rate: whole(0, 10_000, 'basis points of granted credit') },
} as const;

export type PolicyName = keyof typeof POLICY_FIELDS;

/** In the order in which they are asked. */
export const POLICY_NAMES = Object.keys(POLICY_FIELDS) as PolicyName[];

type Setting<F> = F extends FlagField ? boolean : number;
type Settings<P extends PolicyName> = { readonly [K in keyof (typeof POLICY_FIELDS)[P]]: Setting<(typeof POLICY_FIELDS)[P][K]> };

/** What an operator set. @unit shares and rate: basis points; amounts: base units; ages: seconds */
export type MakerPolicies = { readonly [P in PolicyName]: Settings<P> };

type Fields = Readonly<Record<string, FlagField | WholeField>>;

const initialOf = (fields: Fields) => Object.fromEntries(Object.entries(fields).map(([name, { initial }]) => [name, initial]));

export const INITIAL_POLICIES = Object.fromEntries(POLICY_NAMES.map((name) => [name, initialOf(POLICY_FIELDS[name])])) as MakerPolicies;

const isValid = (field: FlagField | WholeField, value: unknown): boolean =>
  field.kind === 'flag'
    ? typeof value === 'boolean'
    : Number.isInteger(value) && (value as number) >= 0 && (value as number) <= field.maximum;

export type PolicyFault = Fault<'policy-unknown' | 'policy-parameter' | 'policy-value' | 'policy-form'>;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The policies with some parameters of one of them set anew.
 *
 * @fault `policy-unknown`; `policy-parameter`: it has no such parameter; `policy-value`: another type, or beyond its bound;
 * `policy-form`: no parameters at all
 * @source SPEC MP9
 */
export const changePolicy = (policies: MakerPolicies, name: string, changes: unknown): MakerPolicies | PolicyFault => {
  if (!Object.hasOwn(POLICY_FIELDS, name)) return fault('policy-unknown');
  if (!isRecord(changes) || Object.keys(changes).length === 0) return fault('policy-form', { policy: name });
  const fields: Fields = POLICY_FIELDS[name as PolicyName];
  for (const [parameter, value] of Object.entries(changes)) {
    const field = Object.hasOwn(fields, parameter) ? fields[parameter] : undefined;
    if (field === undefined) return fault('policy-parameter', { policy: name });
    if (!isValid(field, value)) return fault('policy-value', { policy: name, parameter });
  }
  return { ...policies, [name]: { ...policies[name as PolicyName], ...changes } };
};

/** @shape one JSON object; what it does not name is as at first @fault as `changePolicy` @source SPEC MP9 */
export const decodePolicies = (text: string): MakerPolicies | PolicyFault => {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return fault('policy-form');
  }
  if (!isRecord(read)) return fault('policy-form');
  let policies: MakerPolicies | PolicyFault = INITIAL_POLICIES;
  for (const [name, settings] of Object.entries(read)) {
    policies = changePolicy(policies, name, settings);
    if (isFault(policies)) return policies;
  }
  return policies;
};

export const encodePolicies = (policies: MakerPolicies): string => `${JSON.stringify(policies, undefined, 2)}\n`;

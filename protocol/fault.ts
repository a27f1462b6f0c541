export type FaultValue = string | number | bigint | boolean;

/** Outside data broke a rule: a stable public code and the numbers and names that concern it, never prose. */
export interface Fault<Code extends string = string> {
  readonly fault: Code;
  readonly detail: Readonly<Record<string, FaultValue>>;
}

/** Makes a fault; its code is public and stable. */
export const fault = <const Code extends string>(code: Code, detail: Readonly<Record<string, FaultValue>> = {}): Fault<Code> => ({
  fault: code,
  detail,
});

/** Whether a result is a fault and no value. */
export const isFault = <T>(value: T): value is Extract<T, Fault> =>
  typeof value === 'object' && value !== null && 'fault' in value && typeof value.fault === 'string';

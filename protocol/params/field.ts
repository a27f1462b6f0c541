import { isFault } from '../fault.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * One parameter: its unit, its range and its one text.
 *
 * `read` answers undefined for what is not that text; `holds` says whether a value is in range.
 */
export interface ParameterField<T> {
  readonly write: (value: T) => Json;
  readonly read: (json: Json | undefined) => T | undefined;
  readonly holds: (value: T) => boolean;
}

export type Unit =
  | 's'
  | 'blocks'
  | 'slots'
  | 'units'
  | 'sat'
  | 'bytes'
  | 'weight'
  | 'checks'
  | 'headers'
  | 'percent'
  | 'count'
  | 'bitcoin-blocks';

const readNumber = (json: Json | undefined, unit: Unit): bigint | undefined => {
  const match = typeof json === 'string' ? /^(0|[1-9][0-9]{0,18}) ([a-z-]+)$/.exec(json) : null;
  return match !== null && match[2] === unit ? BigInt(match[1] ?? '') : undefined;
};

/** @shape "4 s": the number in decimal, a space, the unit */
export const integer = (unit: Unit, minimum: number, maximum: number): ParameterField<number> => ({
  write: (value) => `${value} ${unit}`,
  read: (json) => {
    const value = readNumber(json, unit);
    return value === undefined || value > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(value);
  },
  holds: (value) => Number.isInteger(value) && value >= minimum && value <= maximum,
});

export const amount = (unit: Unit, minimum: bigint, maximum: bigint): ParameterField<bigint> => ({
  write: (value) => `${value} ${unit}`,
  read: (json) => readNumber(json, unit),
  holds: (value) => value >= minimum && value <= maximum,
});

/** @shape 64 hexadecimal digits, big-endian */
export const target = (minimum: bigint, maximum: bigint): ParameterField<bigint> => ({
  write: (value) => value.toString(16).padStart(64, '0'),
  read: (json) => (typeof json === 'string' && /^[0-9a-f]{64}$/.test(json) ? BigInt(`0x${json}`) : undefined),
  holds: (value) => value >= minimum && value <= maximum,
});

export const compact: ParameterField<number> = {
  write: (value) => value.toString(16).padStart(8, '0'),
  read: (json) => (typeof json === 'string' && /^[0-9a-f]{8}$/.test(json) ? Number.parseInt(json, 16) : undefined),
  holds: (value) => Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff,
};

export const choice = <const T extends string>(...values: readonly T[]): ParameterField<T> => ({
  write: (value) => value,
  read: (json) => values.find((value) => value === json),
  holds: (value) => values.includes(value),
});

export const truth: ParameterField<boolean> = {
  write: (value) => value,
  read: (json) => (typeof json === 'boolean' ? json : undefined),
  holds: () => true,
};

export const text = (pattern: RegExp): ParameterField<string> => ({
  write: (value) => value,
  read: (json) => (typeof json === 'string' ? json : undefined),
  holds: (value) => pattern.test(value),
});

/** @shape hash: bytes to its text and back, which may refuse */
export const bytesText = <T extends object>(encode: (value: T) => string, decode: (text: string) => T | object): ParameterField<T> => ({
  write: encode,
  read: (json) => {
    if (typeof json !== 'string') return undefined;
    const value = decode(json);
    return isFault(value) ? undefined : (value as T);
  },
  holds: () => true,
});

export type Fields<T> = { readonly [K in keyof T]-?: ParameterField<T[K]> };

export const isJsonRecord = (json: Json | undefined): json is { readonly [key: string]: Json } =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

/** The first field that is out of range, by its name. */
export const findOutOfRange = <T extends object>(fields: Fields<T>, value: T): string | undefined =>
  (Object.keys(fields) as (keyof T & string)[]).find((name) => !fields[name].holds(value[name]));

/** An object with exactly these keys, in this order. */
export const group = <T extends object>(fields: Fields<T>): ParameterField<T> => {
  const names = Object.keys(fields) as (keyof T & string)[];
  return {
    write: (value) => Object.fromEntries(names.map((name) => [name, fields[name].write(value[name])])),
    read: (json) => {
      if (!isJsonRecord(json) || Object.keys(json).length !== names.length) return undefined;
      const value: Partial<T> = {};
      for (const name of names) {
        if (!Object.hasOwn(json, name)) return undefined;
        const part = fields[name].read(json[name]);
        if (part === undefined) return undefined;
        value[name] = part as T[typeof name];
      }
      return value as T;
    },
    holds: (value) => findOutOfRange(fields, value) === undefined,
  };
};

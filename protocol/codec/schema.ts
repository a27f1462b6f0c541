import { asHash32, type Hash32 } from './hash32.ts';
import { type ByteReader, type CodecFault, decodeBytes } from './reader.ts';
import { type ByteWriter, encodeBytes } from './writer.ts';

/** A field with its type and its maximum, declared once; reading is strict and takes no memory before its bound is checked. */
export interface Field<T> {
  readonly read: (reader: ByteReader) => T;
  readonly write: (writer: ByteWriter, value: T) => void;
  /** fewest bytes one value can take */
  readonly least: number;
}

export type FieldValue<F> = F extends Field<infer T> ? T : never;

export const u8: Field<number> = { read: (r) => r.u8(), write: (w, v) => w.u8(v), least: 1 };
export const u16: Field<number> = { read: (r) => r.u16(), write: (w, v) => w.u16(v), least: 2 };
export const u32: Field<number> = { read: (r) => r.u32(), write: (w, v) => w.u32(v), least: 4 };
export const u64: Field<bigint> = { read: (r) => r.u64(), write: (w, v) => w.u64(v), least: 8 };

export const flag: Field<boolean> = {
  read: (r) => {
    const value = r.u8();
    return value > 1 ? r.refuse('form', { flag: value }) : value === 1;
  },
  write: (w, v) => w.u8(v ? 1 : 0),
  least: 1,
};

export const hash: Field<Hash32> = { read: (r) => asHash32(r.take(32).slice()), write: (w, v) => w.bytes(v), least: 32 };

/** @shape exactly `length` bytes */
export const bytes = (length: number): Field<Uint8Array> => ({
  read: (r) => r.take(length).slice(),
  write: (w, v) => w.bytes(v),
  least: length,
});

/** @shape at most `maximum` bytes */
export const varBytes = (maximum: number): Field<Uint8Array> => ({
  read: (r) => r.varBytes(maximum).slice(),
  write: (w, v) => w.varBytes(v),
  least: 1,
});

const isPlainAscii = (value: number): boolean => value >= 0x20 && value < 0x7f;

/** @shape at most `maximum` printable ASCII characters: names and codes, never prose */
export const ascii = (maximum: number): Field<string> => ({
  read: (r) => {
    const text = r.varBytes(maximum);
    if (!text.every(isPlainAscii)) r.refuse('form', { ascii: false });
    return String.fromCharCode(...text);
  },
  write: (w, v) => w.varBytes(Uint8Array.from(v, (c) => c.charCodeAt(0))),
  least: 1,
});

export const list = <T>(maximum: number, item: Field<T>): Field<readonly T[]> => ({
  read: (r) => r.list(maximum, item.least, item.read),
  write: (w, v) => w.list(v, item.write),
  least: 1,
});

export const optional = <T>(item: Field<T>): Field<T | undefined> => ({
  read: (r) => (flag.read(r) ? item.read(r) : undefined),
  write: (w, v) => {
    flag.write(w, v !== undefined);
    if (v !== undefined) item.write(w, v);
  },
  least: 1,
});

/** @shape one byte: the place of the name in `names` */
export const oneOf = <const N extends string>(names: readonly N[]): Field<N> => ({
  read: (r) => {
    const index = r.u8();
    return names[index] ?? r.refuse('form', { choice: index });
  },
  write: (w, v) => w.u8(names.indexOf(v)),
  least: 1,
});

type Fields = Readonly<Record<string, Field<never>>>;
type Values<F> = { readonly [K in keyof F]: FieldValue<F[K]> };

/** Fields in the order of their declaration; nothing unknown fits between them. */
export const struct = <F extends { readonly [K in keyof F]: Field<FieldValue<F[K]>> }>(fields: F): Field<Values<F>> => {
  const entries = Object.entries(fields as unknown as Fields);
  return {
    read: (r) => {
      const value: Record<string, unknown> = {};
      for (const [name, field] of entries) value[name] = field.read(r);
      return value as Values<F>;
    },
    write: (w, v) => {
      for (const [name, field] of entries) field.write(w, v[name as keyof F] as never);
    },
    least: entries.reduce((sum, [, field]) => sum + field.least, 0),
  };
};

type Cases = Readonly<Record<string, Field<never>>>;
type Variant<C> = { readonly [K in keyof C]: { readonly kind: K } & FieldValue<C[K]> }[keyof C];

/** @shape one byte (the place of the case) ‖ its struct */
export const variant = <C extends { readonly [K in keyof C]: Field<FieldValue<C[K]>> }>(cases: C): Field<Variant<C>> => {
  const entries = Object.entries(cases as unknown as Cases);
  return {
    read: (r) => {
      const index = r.u8();
      const entry = entries[index] ?? r.refuse('form', { choice: index });
      return { kind: entry[0], ...(entry[1].read(r) as object) } as Variant<C>;
    },
    write: (w, v) => {
      const index = entries.findIndex(([name]) => name === v.kind);
      w.u8(index);
      entries[index]?.[1].write(w, v as never);
    },
    least: 1 + Math.min(...entries.map(([, field]) => field.least)),
  };
};

export const encodeField = <T>(field: Field<T>, value: T): Uint8Array => encodeBytes((writer) => field.write(writer, value));

/** @fault every codec fault: `short`, `trailing`, `varint`, `size`, `form` */
export const decodeField = <T>(field: Field<T>, data: Uint8Array): T | CodecFault => decodeBytes(data, field.read);

import type { Brand } from '../brand.ts';
import { type ByteReader, decodeBytes } from '../codec/reader.ts';
import { encodeBytes } from '../codec/writer.ts';
import { SipHash } from '../crypto/siphash.ts';
import { type Fault, fault, isFault } from '../fault.ts';
import { invariant } from '../invariant.ts';
import { GolombReader, GolombWriter, REMAINDER_BITS } from './golomb.ts';

/** @source SPEC FI1; BIP158: one false match in 784,931 */
const FALSE_POSITIVE_RANGE = 784_931;

/** Above it the products below would lose bits: 2^20 × 784,931 < 2^40. */
const MAX_ELEMENTS = 2 ** 20;

/** @shape 16 bytes: the first half of the block's txRoot @source SPEC FI2 */
export const filterKey = (txRoot: Uint8Array): Uint8Array => txRoot.subarray(0, 16);

/**
 * floor(hash × range / 2^64) without loss: with range = h·2^20 + l, every product stays below 2^53.
 *
 * @shape range: below 2^40
 */
const scale = (high: number, low: number, range: number): number => {
  const rangeHigh = Math.floor(range / 0x10_0000);
  const rangeLow = range % 0x10_0000;
  const at20 = low * rangeHigh + Math.floor((low * rangeLow) / 0x10_0000);
  const at32 = high * rangeLow + Math.floor(at20 / 0x1000);
  const at52 = high * rangeHigh + Math.floor(at32 / 0x10_0000);
  return Math.floor(at52 / 0x1000);
};

const placesOf = (elements: readonly Uint8Array[], key: Uint8Array, count: number): Float64Array => {
  const sip = new SipHash(key);
  const range = count * FALSE_POSITIVE_RANGE;
  const places = new Float64Array(elements.length);
  elements.forEach((element, i) => {
    const { high, low } = sip.hash(element);
    places[i] = scale(high, low, range);
  });
  return places.sort();
};

/**
 * BIP158's coded set over the elements.
 *
 * @shape elements: distinct, any order; key: 16 bytes; none gives one zero byte
 * @source SPEC FI1, FI2
 */
export const encodeFilter = (elements: readonly Uint8Array[], key: Uint8Array): Uint8Array => {
  const count = elements.length;
  invariant(count < MAX_ELEMENTS, 'a block has fewer filter elements than 2^20');
  const writer = new GolombWriter(
    encodeBytes((w) => w.compactSize(count)),
    count,
  );
  let last = 0;
  for (const place of placesOf(elements, key, count)) {
    writer.write(place - last);
    last = place;
  }
  return writer.finish();
};

/** A filter whose every bit was read: ascending places of its elements. */
export type Filter = Brand<{ readonly count: number; readonly places: Float64Array }, 'Filter'>;

export type FilterFault = Fault<'short' | 'trailing' | 'varint' | 'size' | 'form' | 'padding' | 'filter-range'>;

const readCount = (reader: ByteReader): { readonly count: number; readonly offset: number } => {
  const count = reader.compactSize(MAX_ELEMENTS - 1);
  const { offset } = reader;
  if (count * (REMAINDER_BITS + 1) > reader.remaining * 8) reader.refuse('short', { count });
  reader.take(reader.remaining);
  return { count, offset };
};

/**
 * @fault `varint`, `short`, `trailing`; `size`: 2^20 elements or more; `padding`: a bit set behind the last code;
 * `filter-range`: a place at or above count × 784,931
 * @source SPEC FI3
 */
export const decodeFilter = (bytes: Uint8Array): Filter | FilterFault => {
  const head = decodeBytes(bytes, readCount);
  if (isFault(head)) return head;
  const { count, offset } = head;
  const reader = new GolombReader(bytes, offset);
  const places = new Float64Array(count);
  let place = 0;
  for (let i = 0; i < count; i++) {
    place += reader.read();
    places[i] = place;
  }
  if (reader.isShort) return fault('short', { count });
  if (reader.bytesLeft > 0) return fault('trailing', { extra: reader.bytesLeft });
  if (!reader.isPadded) return fault('padding');
  if (count > 0 && place >= count * FALSE_POSITIVE_RANGE) return fault('filter-range', { count });
  return { count, places } as Filter;
};

const intersects = (a: Float64Array, b: Float64Array): boolean => {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const [left, right] = [a[i] as number, b[j] as number];
    if (left === right) return true;
    if (left < right) i++;
    else j++;
  }
  return false;
};

/**
 * Whether one of the elements may be in the block. The whole filter is read first, so that a filter that is broken
 * anywhere is a fault whatever is looked for.
 *
 * @fault those of `decodeFilter`
 * @source SPEC FI3, FI4
 */
export const matchFilter = (bytes: Uint8Array, key: Uint8Array, elements: readonly Uint8Array[]): boolean | FilterFault => {
  const filter = decodeFilter(bytes);
  if (isFault(filter)) return filter;
  return filter.count > 0 && elements.length > 0 && intersects(filter.places, placesOf(elements, key, filter.count));
};

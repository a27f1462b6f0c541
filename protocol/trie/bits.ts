/** Bits are counted from the most significant bit of byte 0. */
export const bitAt = (key: Uint8Array, bit: number): number => ((key[bit >> 3] as number) >> (7 - (bit & 7))) & 1;

/** First bit in which two keys of 32 bytes differ; 256 when they are equal. */
export const firstDifference = (a: Uint8Array, b: Uint8Array): number => {
  for (let i = 0; i < 32; i++) {
    const difference = (a[i] as number) ^ (b[i] as number);
    if (difference !== 0) return i * 8 + Math.clz32(difference) - 24;
  }
  return 256;
};

/** The first `bits` bits of a key, the rest zero. */
export const prefixOf = (key: Uint8Array, bits: number): Uint8Array => {
  const prefix = new Uint8Array(32);
  prefix.set(key.subarray(0, (bits + 7) >> 3));
  clearFrom(prefix, bits);
  return prefix;
};

/** Sets bit `bits` and all after it to zero, in place. */
export const clearFrom = (key: Uint8Array, bits: number): void => {
  const byte = bits >> 3;
  if (byte >= key.length) return;
  key[byte] = (key[byte] as number) & (0xff00 >> (bits & 7));
  key.fill(0, byte + 1);
};

/** Sets bit `bits` and all after it to one, in place. */
export const fillFrom = (key: Uint8Array, bits: number): void => {
  const byte = bits >> 3;
  if (byte >= key.length) return;
  key[byte] = (key[byte] as number) | (0xff >> (bits & 7));
  key.fill(0xff, byte + 1);
};

/** Compares the first `bits` bits of two keys. */
export const comparePrefix = (a: Uint8Array, b: Uint8Array, bits: number): number => {
  const whole = bits >> 3;
  for (let i = 0; i < whole; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  const rest = bits & 7;
  return rest === 0 ? 0 : ((a[whole] as number) >> (8 - rest)) - ((b[whole] as number) >> (8 - rest));
};

const read32 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24)) >>> 0;

/** A hash of 64 bits in two halves. @shape high and low: 0 to 2^32 − 1 */
export interface SipDigest {
  high: number;
  low: number;
}

/**
 * SipHash-2-4 under one key; each 64-bit lane is held in two halves, low before high. The digest given back is the same
 * object each time: read it before the next call.
 *
 * @source SPEC FI2; SipHash: a fast short-input PRF (Aumasson, Bernstein 2012)
 */
export class SipHash {
  private readonly k0l: number;
  private readonly k0h: number;
  private readonly k1l: number;
  private readonly k1h: number;
  private readonly digest: SipDigest = { high: 0, low: 0 };
  private readonly lanes = new Int32Array(8);

  /** @shape key: 16 bytes */
  constructor(key: Uint8Array) {
    this.k0l = read32(key, 0);
    this.k0h = read32(key, 4);
    this.k1l = read32(key, 8);
    this.k1h = read32(key, 12);
  }

  hash(data: Uint8Array): SipDigest {
    const v = this.lanes;
    v[0] = this.k0l ^ 0x70736575;
    v[1] = this.k0h ^ 0x736f6d65;
    v[2] = this.k1l ^ 0x6e646f6d;
    v[3] = this.k1h ^ 0x646f7261;
    v[4] = this.k0l ^ 0x6e657261;
    v[5] = this.k0h ^ 0x6c796765;
    v[6] = this.k1l ^ 0x79746573;
    v[7] = this.k1h ^ 0x74656462;
    const whole = data.length & ~7;
    for (let at = 0; at < whole; at += 8) compress(v, read32(data, at), read32(data, at + 4));
    compress(v, tail(data, whole, 0), tail(data, whole, 4) | ((data.length & 0xff) << 24));
    v[4] = (v[4] as number) ^ 0xff;
    rounds(v, 4);
    const { digest } = this;
    digest.low = ((v[0] as number) ^ (v[2] as number) ^ (v[4] as number) ^ (v[6] as number)) >>> 0;
    digest.high = ((v[1] as number) ^ (v[3] as number) ^ (v[5] as number) ^ (v[7] as number)) >>> 0;
    return digest;
  }
}

/** Up to four of the bytes left over, beginning `skip` bytes behind the last whole word. */
const tail = (data: Uint8Array, whole: number, skip: number): number => {
  let word = 0;
  const from = whole + skip;
  const end = Math.min(data.length, from + 4);
  for (let at = from; at < end; at++) word |= (data[at] as number) << (8 * (at - from));
  return word;
};

const compress = (v: Int32Array, low: number, high: number): void => {
  v[6] = (v[6] as number) ^ low;
  v[7] = (v[7] as number) ^ high;
  rounds(v, 2);
  v[0] = (v[0] as number) ^ low;
  v[1] = (v[1] as number) ^ high;
};

const carry = (a: number, b: number): number => (((a >>> 0) + (b >>> 0)) / 0x1_0000_0000) | 0;

const rounds = (v: Int32Array, count: number): void => {
  let al = v[0] as number;
  let ah = v[1] as number;
  let bl = v[2] as number;
  let bh = v[3] as number;
  let cl = v[4] as number;
  let ch = v[5] as number;
  let dl = v[6] as number;
  let dh = v[7] as number;
  for (let i = 0; i < count; i++) {
    ah = (ah + bh + carry(al, bl)) | 0;
    al = (al + bl) | 0;
    ch = (ch + dh + carry(cl, dl)) | 0;
    cl = (cl + dl) | 0;
    let low = ((bl << 13) | (bh >>> 19)) ^ al;
    bh = ((bh << 13) | (bl >>> 19)) ^ ah;
    bl = low;
    low = ((dl << 16) | (dh >>> 16)) ^ cl;
    dh = ((dh << 16) | (dl >>> 16)) ^ ch;
    dl = low;
    low = ah;
    ah = al;
    al = low;
    ch = (ch + bh + carry(cl, bl)) | 0;
    cl = (cl + bl) | 0;
    ah = (ah + dh + carry(al, dl)) | 0;
    al = (al + dl) | 0;
    low = ((bl << 17) | (bh >>> 15)) ^ cl;
    bh = ((bh << 17) | (bl >>> 15)) ^ ch;
    bl = low;
    low = ((dl << 21) | (dh >>> 11)) ^ al;
    dh = ((dh << 21) | (dl >>> 11)) ^ ah;
    dl = low;
    low = ch;
    ch = cl;
    cl = low;
  }
  v[0] = al;
  v[1] = ah;
  v[2] = bl;
  v[3] = bh;
  v[4] = cl;
  v[5] = ch;
  v[6] = dl;
  v[7] = dh;
};

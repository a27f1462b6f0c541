import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asHash32 } from '../codec/hash32.ts';
import { type Outpoint, outpointKey, packOutpoint } from './outpoint.ts';

const outpoints = fc.record({
  txid: fc.uint8Array({ minLength: 32, maxLength: 32 }).map(asHash32),
  index: fc.integer({ min: 0, max: 0xffff_ffff }),
});

test('TX5 the two names of an outpoint are equal for the same outpoints', () => {
  fc.assert(
    fc.property(outpoints, outpoints, fc.nat(31), fc.nat(7), (one, other, byte, bit) => {
      const flipped: Outpoint = { ...one, txid: asHash32(one.txid.map((value, at) => (at === byte ? value ^ (1 << bit) : value))) };
      const moved: Outpoint = { ...one, index: (one.index ^ (1 << (byte & 31))) >>> 0 };
      for (const each of [{ ...one, txid: asHash32(one.txid.slice()) }, other, flipped, moved])
        expect(packOutpoint(each) === packOutpoint(one)).toBe(outpointKey(each) === outpointKey(one));
      expect(packOutpoint(flipped)).not.toBe(packOutpoint(one));
      expect(packOutpoint(moved)).not.toBe(packOutpoint(one));
    }),
  );
});

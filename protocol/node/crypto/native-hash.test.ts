import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NOBLE_HASH } from '../../crypto/backend.ts';
import { NATIVE_HASH } from './native-hash.ts';

const inputs = [0, 1, 55, 56, 63, 64, 65, 99, 119, 120, 128, 1_000, 70_000].map((length) => Uint8Array.from({ length }, (_, i) => i * 7));

test.each(['sha256', 'hash256', 'ripemd160'] as const)('ND1 %s of the host equals the reference', (name) => {
  for (const input of inputs) expect(NATIVE_HASH[name](input)).toEqual(NOBLE_HASH[name](input));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (input) => void expect(NATIVE_HASH[name](input)).toEqual(NOBLE_HASH[name](input))),
  );
});

test('ND1 a digest is memory of its own', () => {
  const first = NATIVE_HASH.sha256(Uint8Array.of(1));
  const kept = first.slice();
  NATIVE_HASH.sha256(Uint8Array.of(2));
  expect(first).toEqual(kept);
  expect(first.constructor).toBe(Uint8Array);
});

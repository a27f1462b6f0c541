import { expect, test } from 'vitest';
import { decodeExtendedKey, deriveMasterKey } from './hd-key.ts';

test('HK1 reads no key of another network', () => {
  const key = deriveMasterKey(new Uint8Array(32).fill(7), 'test').toBase58();
  expect(key.startsWith('tprv')).toBe(true);
  expect(decodeExtendedKey(key, 'main')).toMatchObject({ fault: 'extended-key' });
  expect(decodeExtendedKey(key, 'test')).not.toHaveProperty('fault');
});

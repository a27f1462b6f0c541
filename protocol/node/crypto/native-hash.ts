import { hash } from 'node:crypto';
import { type HashBackend, NOBLE_HASH } from '#protocol/crypto/backend';

const asPlain = ({ buffer, byteOffset, length }: Uint8Array): Uint8Array => new Uint8Array(buffer, byteOffset, length);

const sha256 = (data: Uint8Array): Uint8Array => asPlain(hash('sha256', data, 'buffer'));

const nativeRipemd160 = (data: Uint8Array): Uint8Array => asPlain(hash('ripemd160', data, 'buffer'));

/** Some builds of OpenSSL leave ripemd160 out. */
const hasRipemd160 = (): boolean => {
  try {
    return nativeRipemd160(new Uint8Array(0)).length === 20;
  } catch {
    return false;
  }
};

/** Node's own OpenSSL. */
export const NATIVE_HASH: HashBackend = {
  name: 'node',
  sha256,
  hash256: (data) => sha256(hash('sha256', data, 'buffer')),
  ripemd160: hasRipemd160() ? nativeRipemd160 : NOBLE_HASH.ripemd160,
};

import { hash } from 'node:crypto';
import { type HashBackend, NOBLE_HASH } from '#protocol/crypto/backend';

/** A digest as text of one byte a character is had in a third of the time of a Buffer, whose memory is outside the heap. */
const readDigest = (digest: string, into: Uint8Array): Uint8Array => {
  for (let i = 0; i < into.length; i++) into[i] = digest.charCodeAt(i);
  return into;
};

const sha256 = (data: Uint8Array): Uint8Array => readDigest(hash('sha256', data, 'binary'), new Uint8Array(32));

const first = new Uint8Array(32);

const nativeRipemd160 = (data: Uint8Array): Uint8Array => readDigest(hash('ripemd160', data, 'binary'), new Uint8Array(20));

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
  hash256: (data) => sha256(readDigest(hash('sha256', data, 'binary'), first)),
  ripemd160: hasRipemd160() ? nativeRipemd160 : NOBLE_HASH.ripemd160,
};

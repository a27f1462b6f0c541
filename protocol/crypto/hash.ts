import { concatBytes } from '../codec/bytes.ts';
import { asHash32, type Hash32 } from '../codec/hash32.ts';
import { encodeUtf8 } from '../codec/utf8.ts';
import { currentHash } from './backend.ts';

/** SHA-256 of the chosen backend. */
export const sha256 = (data: Uint8Array): Hash32 => asHash32(currentHash().sha256(data));

/** Double SHA-256, as Bitcoin's. */
export const hash256 = (data: Uint8Array): Hash32 => asHash32(currentHash().hash256(data));

export const ripemd160 = (data: Uint8Array): Uint8Array => currentHash().ripemd160(data);

/** RIPEMD-160 of SHA-256, as Bitcoin's. @shape result: 20 bytes */
export const hash160 = (data: Uint8Array): Uint8Array => ripemd160(sha256(data));

/** @source BIP340 tagged hashes; SPEC vocabulary: every tag begins with `VC/` */
export const makeTagged = (tag: string): ((...parts: readonly Uint8Array[]) => Hash32) => {
  let prefix: Uint8Array | undefined;
  return (...parts) => {
    if (prefix === undefined) {
      const tagHash = sha256(encodeUtf8(`VC/${tag}`));
      prefix = concatBytes(tagHash, tagHash);
    }
    return sha256(concatBytes(prefix, ...parts));
  };
};

import { digest } from '@chainsafe/as-sha256';
import { type HashBackend, NOBLE_HASH } from '#protocol/crypto/backend';

/** SHA-256 in WebAssembly: several times faster than JavaScript for the short messages of tries and transactions. */
export const WASM_HASH: HashBackend = {
  name: 'as-sha256',
  sha256: digest,
  hash256: (data) => digest(digest(data)),
  ripemd160: NOBLE_HASH.ripemd160,
};

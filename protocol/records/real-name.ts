import { concatBytes } from '../codec/bytes.ts';
import { isZeroHash } from '../codec/hash32.ts';
import { type CodecFault, decodeBytes } from '../codec/reader.ts';
import { encodeBytes } from '../codec/writer.ts';
import { hash160 } from '../crypto/hash.ts';
import { derivePublicPath, isPublicPrefix } from '../crypto/hd-key.ts';
import { isCurvePoint } from '../crypto/key.ts';

const XPUB_BYTES = 78;
const COMMITMENT_BYTES = 32;
export const ACCOUNT_ID_BYTES = 20;
const DEPTH_OFFSET = 4;
const CHAIN_CODE_OFFSET = 13;
const KEY_OFFSET = 45;

/**
 * A registered real-name account.
 *
 * @shape xpub: 78 bytes, BIP32's serialisation without checksum; commitment: 32 bytes, salted, to the identity file kept
 * outside; parent: 20 bytes, zero for none
 * @source SPEC RC7; spec 04, real-name accounts
 */
export interface RealName {
  readonly xpub: Uint8Array;
  readonly commitment: Uint8Array;
  readonly parent: Uint8Array;
}

/** @shape 33 bytes, compressed, shares memory with the xpub */
export const masterKeyOf = (xpub: Uint8Array): Uint8Array => xpub.subarray(KEY_OFFSET);

const chainCodeOf = (xpub: Uint8Array): Uint8Array => xpub.subarray(CHAIN_CODE_OFFSET, KEY_OFFSET);

/** @shape hash160(chain code ‖ master public key): 20 bytes @source SPEC RC7 */
export const computeAccountId = (xpub: Uint8Array): Uint8Array => hash160(concatBytes(chainCodeOf(xpub), masterKeyOf(xpub)));

/** The owner tag of a key below an account. @shape path: indices below 2^31; result: 20 bytes @source SPEC RC8; BIP32 */
export const computeAccountTag = (xpub: Uint8Array, path: readonly number[]): Uint8Array =>
  hash160(derivePublicPath({ chainCode: chainCodeOf(xpub), publicKey: masterKeyOf(xpub) }, path));

/** @source SPEC RC7 */
export const encodeRealName = ({ xpub, commitment, parent }: RealName): Uint8Array =>
  encodeBytes((writer) => writer.bytes(xpub).bytes(commitment).bytes(parent));

/** Bitcoin's prefix, a key on the curve, and no parent where the depth is 0. @source BIP32 */
const isXpub = (xpub: Uint8Array): boolean =>
  isPublicPrefix(xpub.subarray(0, DEPTH_OFFSET)) &&
  isCurvePoint(masterKeyOf(xpub)) &&
  (xpub[DEPTH_OFFSET] !== 0 || isZeroHash(xpub.subarray(DEPTH_OFFSET, CHAIN_CODE_OFFSET)));

/** @fault the codec's; `form`: no extended public key @source SPEC RC7 */
export const decodeRealName = (value: Uint8Array): RealName | CodecFault =>
  decodeBytes(value, (reader) => {
    const xpub = reader.take(XPUB_BYTES);
    if (!isXpub(xpub)) reader.refuse('form');
    return { xpub, commitment: reader.take(COMMITMENT_BYTES), parent: reader.take(ACCOUNT_ID_BYTES) };
  });

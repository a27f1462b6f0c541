import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { concatBytes } from '#protocol/codec/bytes';
import { decodeBytes } from '#protocol/codec/reader';
import { encodeBytes } from '#protocol/codec/writer';
import { type Fault, fault } from '#protocol/fault';
import { deriveKey, isKdfParameters, type KdfParameters } from './password-key.ts';

/** Vault in the browser and backup in a person's hands have one form and differ in their first four bytes. */
export type SealedKind = 'vault' | 'backup';

const MAGIC: Readonly<Record<SealedKind, string>> = { vault: 'VCV1', backup: 'VCB1' };
const HEADER_BYTES = 4 + 4 + 4 + 1 + 16 + 24;
const TAG_BYTES = 16;
const MAX_FILE_BYTES = 1024 * 1024;

/** What a sealed file says of itself without a password. @unit memory: KiB */
export interface SealedHeader {
  readonly kind: SealedKind;
  readonly kdf: KdfParameters;
  readonly salt: Uint8Array;
  readonly nonce: Uint8Array;
  readonly sealedBytes: number;
}

export type SealedFault = Fault<'not-a-sealed-file' | 'sealed-file-size' | 'kdf-parameters'>;

const encodeHeader = (kind: SealedKind, kdf: KdfParameters, salt: Uint8Array, nonce: Uint8Array): Uint8Array =>
  encodeBytes((writer) => {
    for (const letter of MAGIC[kind]) writer.u8(letter.charCodeAt(0));
    writer.u32(kdf.memory).u32(kdf.passes).u8(kdf.lanes).bytes(salt).bytes(nonce);
  });

const readKind = (file: Uint8Array): SealedKind | undefined => {
  const magic = String.fromCharCode(...file.subarray(0, 4));
  return magic === MAGIC.vault ? 'vault' : magic === MAGIC.backup ? 'backup' : undefined;
};

/**
 * Reads the part of a sealed file that is in clear, and judges it before any key is derived.
 *
 * @shape magic 4 ‖ memory u32 ‖ passes u32 ‖ lanes u8 ‖ salt 16 ‖ nonce 24 ‖ sealed content and tag
 * @fault `not-a-sealed-file`: other first bytes; `sealed-file-size`: truncated or above 1 MiB; `kdf-parameters`: cheaper than
 * the floor or dearer than this device should be asked for
 * @source SPEC VT1, VT2
 */
export const decodeSealedHeader = (file: Uint8Array): SealedHeader | SealedFault => {
  const kind = readKind(file);
  if (kind === undefined) return fault('not-a-sealed-file');
  if (file.length < HEADER_BYTES + TAG_BYTES || file.length > MAX_FILE_BYTES) return fault('sealed-file-size', { bytes: file.length });
  const header = decodeBytes(file.subarray(4, HEADER_BYTES), (reader) => ({
    kind,
    kdf: { memory: reader.u32(), passes: reader.u32(), lanes: reader.u8() },
    salt: reader.take(16).slice(),
    nonce: reader.take(24).slice(),
    sealedBytes: file.length - HEADER_BYTES,
  }));
  if ('fault' in header) return fault('sealed-file-size', { bytes: file.length });
  return isKdfParameters(header.kdf) ? header : fault('kdf-parameters', { memory: header.kdf.memory, passes: header.kdf.passes });
};

/** The key of one sealed file, so that it can be sealed anew without its password; wiped when the vault locks. */
export interface SealingKey {
  readonly kdf: KdfParameters;
  readonly salt: Uint8Array;
  readonly key: Uint8Array;
}

/** Derives the key of a new file. @source SPEC VT1 */
export const makeSealingKey = async (password: string, kdf: KdfParameters, salt: Uint8Array): Promise<SealingKey> => ({
  kdf,
  salt,
  key: await deriveKey(password, salt, kdf),
});

/** Seals `content`; everything in clear is authenticated with it. @shape nonce: 24 fresh random bytes @source SPEC VT1 */
export const sealFile = (kind: SealedKind, content: Uint8Array, { kdf, salt, key }: SealingKey, nonce: Uint8Array): Uint8Array => {
  const header = encodeHeader(kind, kdf, salt, nonce);
  return concatBytes(header, xchacha20poly1305(key, nonce, header).encrypt(content));
};

export interface OpenedFile {
  readonly content: Uint8Array;
  readonly sealing: SealingKey;
}

/**
 * Opens a sealed file.
 *
 * @fault `wrong-password`: the password is another, or a byte of the file was changed: the two cannot be told apart
 * @source SPEC VT1
 */
export const openFile = async (file: Uint8Array, password: string): Promise<OpenedFile | SealedFault | Fault<'wrong-password'>> => {
  const header = decodeSealedHeader(file);
  if ('fault' in header) return header;
  if (password === '') return fault('wrong-password');
  const sealing = await makeSealingKey(password, header.kdf, header.salt);
  try {
    const content = xchacha20poly1305(sealing.key, header.nonce, file.subarray(0, HEADER_BYTES)).decrypt(file.subarray(HEADER_BYTES));
    return { content, sealing };
  } catch {
    sealing.key.fill(0);
    return fault('wrong-password');
  }
};

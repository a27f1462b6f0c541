import { utf8ToBytes } from '@noble/hashes/utils.js';

export const encodeUtf8 = (text: string): Uint8Array => utf8ToBytes(text);

import { equalBytes } from '../codec/bytes.ts';
import { decodeHex } from '../codec/hex.ts';
import type { BitcoinParameters } from '../params/parameters.ts';
import { hashBitcoinHeader } from './header-codec.ts';

/** Regtest's genesis, and the first header of the period at 832,608 on the main chain. @source Bitcoin */
const KNOWN_HEADERS = [
  '0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4adae5494dffff7f2002000000',
  '0060d82ff55e6dd124f5df33004d1e34889b47b9d13838c82b0e01000000000000000000dbd0fb726f812f5f83b0fd7a5a8fce9937f9f05f172f58cdf6a0f9317cce09183125e165128c03177451c042',
];

/** The checkpoint's own 80 bytes, where they are built in. @source SPEC BT4 */
export const findCheckpointHeader = ({ checkpoint }: BitcoinParameters): Uint8Array | undefined =>
  KNOWN_HEADERS.map((text) => decodeHex(text) as Uint8Array).find((bytes) => equalBytes(hashBitcoinHeader(bytes), checkpoint.hash));

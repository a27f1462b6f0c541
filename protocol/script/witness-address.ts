import { bech32 } from '@scure/base';
import { type Fault, fault } from '../fault.ts';
import { type Bech32Fault, type Bech32Text, type Bech32Variant, decodeBech32, encodeBech32 } from './bech32-text.ts';
import type { WitnessProgram } from './witness-program.ts';

const MAX_VERSION = 16;
const MIN_PROGRAM = 2;
const MAX_PROGRAM = 40;

/** @shape prefix: lower case */
export interface WitnessAddress extends WitnessProgram {
  readonly prefix: string;
}

export type WitnessAddressFault = Bech32Fault | Fault<'address-version' | 'address-variant' | 'address-padding' | 'address-program-length'>;

const variantOf = (version: number): Bech32Variant => (version === 0 ? 'bech32' : 'bech32m');

const isProgramLength = (version: number, length: number): boolean =>
  version === 0 ? length === 20 || length === 32 : length >= MIN_PROGRAM && length <= MAX_PROGRAM;

const decodeProgram = ({ prefix, words, variant }: Bech32Text): WitnessAddress | WitnessAddressFault => {
  const [version, ...rest] = words;
  if (version === undefined || version > MAX_VERSION) return fault('address-version', { version: version ?? -1 });
  if (variant !== variantOf(version)) return fault('address-variant', { version, variant });
  const program = bech32.fromWordsUnsafe(rest);
  if (!(program instanceof Uint8Array)) return fault('address-padding');
  if (!isProgramLength(version, program.length)) return fault('address-program-length', { version, length: program.length });
  return { prefix, version, program };
};

/**
 * Reads a segregated-witness address of any network and version.
 *
 * @fault those of bech32; `address-version`: above 16 or missing; `address-variant`: bech32 is for version 0, bech32m for
 * all others; `address-padding`: bits left over; `address-program-length`: 20 or 32 in version 0, else 2 to 40
 * @source SPEC AD1; BIP173, BIP350
 */
export const decodeWitnessAddress = (text: string): WitnessAddress | WitnessAddressFault => {
  const decoded = decodeBech32(text);
  return 'fault' in decoded ? decoded : decodeProgram(decoded);
};

/** @source SPEC AD1; BIP350 */
export const encodeWitnessAddress = ({ prefix, version, program }: WitnessAddress): string =>
  encodeBech32({ prefix, words: [version, ...bech32.toWords(program)], variant: variantOf(version) });

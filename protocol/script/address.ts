import { concatBytes } from '../codec/bytes.ts';
import { type Fault, fault } from '../fault.ts';
import { decodeBech32 } from './bech32-text.ts';
import { OP } from './opcodes.ts';
import { decodeWitnessAddress, encodeWitnessAddress, type WitnessAddressFault } from './witness-address.ts';
import { matchWitnessProgram, type WitnessProgram } from './witness-program.ts';

const KEY_HASH_BYTES = 20;
const SCRIPT_HASH_BYTES = 32;

/** The human parts of a network's addresses: a network's parameters hold them. */
export interface AddressPrefix {
  readonly plain: string;
  readonly realName: string;
}

/** @shape script: what an output to this address carries */
export interface Address {
  readonly kind: 'key' | 'script' | 'collective';
  readonly script: Uint8Array;
}

export type AddressFault = WitnessAddressFault | Fault<'address-network' | 'address-real-name'>;

const toKind = ({ version, program }: WitnessProgram): Address['kind'] | undefined => {
  if (version === 0 && program.length === KEY_HASH_BYTES) return 'key';
  if (program.length !== SCRIPT_HASH_BYTES) return undefined;
  return version === 0 ? 'script' : version === 2 ? 'collective' : undefined;
};

const encodeProgram = ({ version, program }: WitnessProgram): Uint8Array =>
  concatBytes(Uint8Array.of(version === 0 ? OP.FALSE : OP.TRUE + version - 1, program.length), program);

const toAddress = (decoded: WitnessProgram): Address | AddressFault => {
  const kind = toKind(decoded);
  if (kind !== undefined) return { kind, script: encodeProgram(decoded) };
  return decoded.version === 2
    ? fault('address-program-length', { version: 2, length: decoded.program.length })
    : fault('address-version', { version: decoded.version });
};

/**
 * Reads an address of one network: a key, a script, or a collective.
 *
 * @fault those of bech32 and of witness addresses; `address-network`: of another network; `address-real-name`: one that points
 * to an account, whose record has to be proved first
 * @source SPEC AD1, AD2, AD3
 */
export const decodeAddress = (text: string, prefix: AddressPrefix): Address | AddressFault => {
  const outer = decodeBech32(text);
  if ('fault' in outer) return outer;
  if (outer.prefix === prefix.realName) return fault('address-real-name');
  if (outer.prefix !== prefix.plain) return fault('address-network', { prefix: outer.prefix, wanted: prefix.plain });
  const decoded = decodeWitnessAddress(text);
  return 'fault' in decoded ? decoded : toAddress(decoded);
};

/** The address that pays to a script; undefined where a script has none. @source SPEC AD3 */
export const encodeAddress = (script: Uint8Array, prefix: AddressPrefix): string | undefined => {
  const program = matchWitnessProgram(script);
  return program === undefined || toKind(program) === undefined ? undefined : encodeWitnessAddress({ prefix: prefix.plain, ...program });
};

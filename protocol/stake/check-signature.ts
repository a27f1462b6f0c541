import type { Header } from '../block/header.ts';
import type { Hash32 } from '../codec/hash32.ts';
import { verifySchnorr } from '../crypto/signature.ts';
import { type Fault, fault } from '../fault.ts';

/**
 * The staker key of the header's own right signed this header.
 *
 * @fault `signature`
 * @source SPEC HD11; spec 02, header; BIP340
 */
export const checkSignature = (header: Header, hash: Hash32): true | Fault<'signature'> =>
  header.right.kind !== 'none' && verifySchnorr(header.signature, hash, header.right.key)
    ? true
    : fault('signature', { height: header.height });

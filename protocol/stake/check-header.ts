import type { Header } from '../block/header.ts';
import { computeHeaderHash, decodeHeader } from '../block/header-codec.ts';
import type { CodecFault } from '../codec/reader.ts';
import { type Fault, isFault } from '../fault.ts';
import { checkBits } from './check-bits.ts';
import { checkEconomyIdentity } from './check-economy.ts';
import { checkKernel } from './check-kernel.ts';
import { checkParent } from './check-parent.ts';
import { checkRest } from './check-rest.ts';
import { checkRight } from './check-right.ts';
import { checkSignature } from './check-signature.ts';
import { checkStake, type StakeFault } from './check-stake.ts';
import { checkTime } from './check-time.ts';
import { checkWeight } from './check-weight.ts';
import { asChainedHeader, type ChainedHeader, type ChainRules, type HeaderView } from './header-view.ts';
import type { StakeSource } from './stake-source.ts';

type Refusal<F> = F extends (...args: never[]) => infer R ? Extract<R, Fault> : never;

export type HeaderFault =
  | CodecFault
  | Refusal<typeof checkParent>
  | Refusal<typeof checkRight>
  | Refusal<typeof checkTime>
  | Refusal<typeof checkBits>
  | Refusal<typeof checkEconomyIdentity>
  | Refusal<typeof checkRest>
  | Refusal<typeof checkSignature>
  | StakeFault
  | Refusal<typeof checkKernel>
  | Refusal<typeof checkWeight>;

/** Faults that say what the judge does not know yet: they blame nobody. Every other header fault costs its sender the connection. */
export const BLAMELESS_HEADER_FAULTS: ReadonlySet<string> = new Set([
  'unknown-parent',
  'unknown-epoch',
  'unknown-bitcoin',
  'bitcoin-not-slot',
  'stake-registered-late',
  'early',
]);

export interface HeaderContext {
  readonly view: HeaderView;
  readonly stakes: StakeSource;
  readonly rules: ChainRules;
}

const firstFault = <F extends Fault>(rules: readonly (() => true | F)[]): true | F => {
  for (const rule of rules) {
    const verdict = rule();
    if (verdict !== true) return verdict;
  }
  return true;
};

/**
 * Judges a header by every rule of headers but the clock and Bitcoin's chain, before any body is stored.
 *
 * @fault the first rule it breaks, cheapest first: parent, right, time, bits, economy, rest, signature, stake, kernel, weight
 * @source SPEC HD12; spec 03, order of checks
 */
export const checkHeader = (header: Header, { view, stakes, rules }: HeaderContext): ChainedHeader | HeaderFault => {
  const { parameters } = rules;
  const parent = checkParent(header, view, parameters.maxReorg);
  if (isFault(parent)) return parent;
  const right = checkRight(header);
  if (isFault(right)) return right;
  const hash = computeHeaderHash(header);
  const cheap = firstFault<HeaderFault>([
    () => checkTime(header, parent.header, parameters),
    () => checkBits(header, parent, view, parameters),
    () => checkEconomyIdentity(header, parent.header),
    () => checkRest(header, right, parent, view, parameters),
    () => checkSignature(header, hash),
  ]);
  if (cheap !== true) return cheap;
  const leaf = checkStake(header, right, parent, { view, stakes, parameters });
  if (isFault(leaf)) return leaf;
  const rest = firstFault<HeaderFault>([() => checkKernel(header, right), () => checkWeight(header, parent.header)]);
  return rest === true ? asChainedHeader({ header, hash }, leaf) : rest;
};

/** `checkHeader` on a header's bytes. @fault `size`, `form`; and those of `checkHeader` @source SPEC HD12 */
export const checkHeaderBytes = (bytes: Uint8Array, context: HeaderContext): ChainedHeader | HeaderFault => {
  const header = decodeHeader(bytes);
  return 'fault' in header ? header : checkHeader(header, context);
};

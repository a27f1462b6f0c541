import { BLAMELESS_BITCOIN_FAULTS } from '../../bitcoin/chain.ts';
import type { Fault } from '../../fault.ts';
import { BLAMELESS_HEADER_FAULTS } from '../../stake/check-header.ts';
import type { TransactionDecodeFault } from '../../tx/transaction-codec.ts';

/** A block whose body was refused here, and what builds on it: headers are passed on before their bodies are validated. */
export const UNVALIDATED_FAULTS: ReadonlySet<string> = new Set(['invalid-block', 'invalid-parent']);

/**
 * Faults that an honest peer can cause: clocks differ, Bitcoin is seen differently, a header was passed on before its body
 * was validated. Everything else cannot be valid, and is a lie.
 *
 * @source SPEC NW8; attacks B13, P7
 */
const HONEST_FAULTS: ReadonlySet<string> = new Set([...BLAMELESS_HEADER_FAULTS, ...BLAMELESS_BITCOIN_FAULTS, ...UNVALIDATED_FAULTS]);

export const isLie = (reason: Fault): boolean => !HONEST_FAULTS.has(reason.fault);

/** @unit seconds; long enough that a liar gains nothing, short enough that a wrong judgement heals by itself */
export const BAN_SECONDS = 3_600;
export const DISCOURAGED_SECONDS = 600;

/** Offences that are no lies add up to this, and wear off by one a second. */
export const SCORE_LIMIT = 100;

const UNDECODABLE: readonly TransactionDecodeFault['fault'][] = [
  ...(['short', 'trailing', 'varint', 'size', 'form'] as const),
  ...(['transaction-version', 'transaction-layer', 'transaction-type', 'segwit-flag', 'no-inputs'] as const),
  ...(['script-sig', 'element', 'amount-range', 'superfluous-witness'] as const),
];
const UNDECODABLE_CODES: ReadonlySet<string> = new Set(UNDECODABLE);

/** A pool refuses for many reasons that depend on what it has; only what no node could decode is a lie. */
export const isTransactionLie = (reason: Fault): boolean => UNDECODABLE_CODES.has(reason.fault);

/** @unit weight units @source SPEC TX6 */
export const MAX_TRANSACTION_WEIGHT = 400_000;
/** @unit bytes @source SPEC TX6 */
export const MAX_SCRIPT_BYTES = 10_000;
/** An input takes at least 41 bytes outside the witness: 400,000 / (4 × 41). @source SPEC TX6 */
export const MAX_INPUTS = 2_439;
/** An output takes at least 9 bytes: 400,000 / (4 × 9). @source SPEC TX6 */
export const MAX_OUTPUTS = 11_111;
/** The stack holds no more, and the script of a P2WSH comes on top. @source SPEC TX6 */
export const MAX_WITNESS_ITEMS = 1_001;
/** A declined transaction is one item and has itself at most this weight, of which a byte is at least one unit. @source SPEC TX6 */
export const MAX_WITNESS_ITEM_BYTES = 400_000;

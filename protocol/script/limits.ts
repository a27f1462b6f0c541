export { MAX_SCRIPT_BYTES } from '../tx/limits.ts';

/** @unit bytes @source SPEC SC3 */
export const MAX_ELEMENT_BYTES = 520;
/** Main and alternative stack together. @source SPEC SC3 */
export const MAX_STACK_ITEMS = 1_000;
/** @source SPEC SC3 */
export const MAX_OPERATIONS = 201;
/** @source SPEC SC3 */
export const MAX_MULTISIG_KEYS = 20;
/** @source SPEC SC4 */
export const MAX_NHASH_ITEMS = 16;
/** @source SPEC SC6 */
export const COLLECTIVE_CHECKS = 50;

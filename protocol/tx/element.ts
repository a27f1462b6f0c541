/** What an output carries: cash, future cash, or negative cash with an account answerable for it. */
export type Element = 'value' | 'credit' | 'debt';

/** @source 01: bits 62 and 63 of the amount field */
export const ELEMENTS: readonly Element[] = ['value', 'credit', 'debt'];

/** What a transaction says it is, so that nobody has to resolve its inputs to know. */
export type TransactionType = 0 | 1 | 2 | 3 | 4;

/** Moves value, credit or debt. */
export const TRANSFER = 0;
/** Grants credit from a source. */
export const CREDIT_AUTHORISATION = 1;
/** Burns what a frozen debtor tried to move. */
export const PUNISHMENT = 2;
/** Writes a management record. */
export const RECORD = 3;
/** Pays the makers the fees of the block before. */
export const COINBASE = 4;

export const isTransactionType = (value: number): value is TransactionType => Number.isInteger(value) && value >= 0 && value <= 4;

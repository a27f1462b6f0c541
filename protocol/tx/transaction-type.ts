export type TransactionType = 0 | 1 | 2 | 3 | 4;

export const TRANSFER = 0;
export const CREDIT_AUTHORISATION = 1;
export const PUNISHMENT = 2;
export const RECORD = 3;
export const COINBASE = 4;

export const isTransactionType = (value: number): value is TransactionType => Number.isInteger(value) && value >= 0 && value <= 4;

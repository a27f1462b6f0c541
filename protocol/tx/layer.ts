/** 0 circulation, 1 debt, 2 management. */
export type Layer = 0 | 1 | 2;

/** The lowest layer, where money is spent. */
export const CIRCULATION = 0;
/** The middle layer: debts, locked value and stakes. */
export const DEBT_LAYER = 1;
/** The highest layer: records, seats and credit sources. */
export const MANAGEMENT = 2;

export const isLayer = (value: number): value is Layer => value === 0 || value === 1 || value === 2;

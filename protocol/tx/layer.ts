export type Layer = 0 | 1 | 2;

export const CIRCULATION = 0;
export const DEBT_LAYER = 1;
export const MANAGEMENT = 2;

export const isLayer = (value: number): value is Layer => value === 0 || value === 1 || value === 2;

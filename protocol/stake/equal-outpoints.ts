import { equalBytes } from '../codec/bytes.ts';
import type { Outpoint } from '../tx/outpoint.ts';

export const equalOutpoints = (a: Outpoint, b: Outpoint): boolean => a.index === b.index && equalBytes(a.txid, b.txid);

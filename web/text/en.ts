import { care } from './en/care.ts';
import { common } from './en/common.ts';
import { owed } from './en/owed.ts';
import { pay } from './en/pay.ts';
import { start } from './en/start.ts';
import { together } from './en/together.ts';

export const en = { ...common, ...start, ...pay, ...care, ...owed, ...together };

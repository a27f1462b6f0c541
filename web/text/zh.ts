import type { Messages } from './messages.ts';
import { care } from './zh/care.ts';
import { common } from './zh/common.ts';
import { owed } from './zh/owed.ts';
import { pay } from './zh/pay.ts';
import { start } from './zh/start.ts';
import { together } from './zh/together.ts';

export const zh: Messages = { ...common, ...start, ...pay, ...care, ...owed, ...together };

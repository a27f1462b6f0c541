import type { faults as English } from '../en/faults.ts';

export const faults: typeof English = {
  'amount-empty': '请输入金额。',
};

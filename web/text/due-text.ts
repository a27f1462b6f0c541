import type { ReviewDebt } from '#workers/rpc/vault-calls';
import type { Language } from './language.ts';
import type { Messages } from './messages.ts';
import { dateText, numberText, spanText } from './time-text.ts';

/** Until when a debt runs, in words. */
export const dueText = (due: ReviewDebt['due'], text: Messages['review'], language: Language): string => {
  switch (due.kind) {
    case 'time':
      return text.dueAt(dateText(due.time, language));
    case 'height':
      return text.dueAtBlock(numberText(due.height, language));
    case 'blocks-after':
      return text.dueBlocks(numberText(due.blocks, language));
    case 'seconds-after':
      return text.dueAfter(spanText(due.seconds, language));
    case 'none':
      return text.dueNever;
  }
};

import type { en } from './en.ts';
import type { Language } from './language.ts';

/** Every sentence of the screens; a language that lacks one, or takes other arguments, does not compile. @source SPEC WB1, WB13 */
export type Messages = typeof en;

/** Loads one language only: the other is not part of the first load. */
export const loadMessages = async (language: Language): Promise<Messages> =>
  language === 'zh' ? (await import('./zh.ts')).zh : (await import('./en.ts')).en;

import { en } from './en.ts';
import type { Language } from './language.ts';

/** Every sentence of the screens; a language that lacks one, or takes other arguments, does not compile. @source SPEC WB1, WB13 */
export type Messages = typeof en;

/** English comes with the app, so that the first screen waits for nothing; others are loaded by who speaks them. */
export const messagesAtHand = (language: Language): Messages | undefined => (language === 'en' ? en : undefined);

export const loadMessages = async (language: Language): Promise<Messages> => (language === 'zh' ? (await import('./zh.ts')).zh : en);

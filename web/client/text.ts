import { createContext, useContext } from 'react';
import type { Language } from '../text/language.ts';
import type { Messages } from '../text/messages.ts';

export interface Speech {
  readonly language: Language;
  readonly messages: Messages;
}

export const SpeechContext = createContext<Speech | undefined>(undefined);

const useSpeech = (): Speech => {
  const speech = useContext(SpeechContext);
  if (speech === undefined) throw new TypeError('a screen is drawn outside its language');
  return speech;
};

/** The sentences of the chosen language. */
export const useText = (): Messages => useSpeech().messages;

export const useLanguage = (): Language => useSpeech().language;

import { create } from 'zustand';
import { chooseLanguage, isLanguage, type Language } from '../text/language.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
  readonly account: number;
}

const KEY = 'vc.preferences';

const isTheme = (text: unknown): text is Theme => THEMES.some((theme) => theme === text);

const readStored = (): Partial<Record<keyof Preferences, unknown>> => {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return typeof stored === 'object' && stored !== null ? stored : {};
  } catch {
    return {};
  }
};

const load = (): Preferences => {
  const { language, theme, account } = readStored();
  return {
    language: isLanguage(language) ? language : chooseLanguage(navigator.languages),
    theme: isTheme(theme) ? theme : 'system',
    account: typeof account === 'number' && Number.isSafeInteger(account) && account >= 0 ? account : 0,
  };
};

const keep = (preferences: Preferences): void => {
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences));
  } catch {
    // a full or forbidden storage only means that the choice is asked again
  }
};

export const usePreferences = create<Preferences>(load);

/** Changes and keeps a choice of the person on this device. */
export const setPreference = (change: Partial<Preferences>): void => {
  usePreferences.setState(change);
  keep(usePreferences.getState());
};

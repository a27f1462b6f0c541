import { LANGUAGES, type Language } from './language.ts';

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

const ago = (then: number, now: number, language: Language, style: 'long' | 'narrow'): string => {
  const seconds = Math.max(1, Math.round(now - then));
  const [unit, size] = STEPS.find(([, size]) => seconds >= size) ?? (['second', 1] as const);
  return new Intl.RelativeTimeFormat(LANGUAGES[language], { numeric: 'auto', style }).format(-Math.floor(seconds / size), unit);
};

/** How long ago, in the largest unit that says something. @unit then, now: unix seconds */
export const agoText = (then: number, now: number, language: Language): string => ago(then, now, language, 'long');

/** The same in few letters, for rows. @unit then, now: unix seconds */
export const agoShort = (then: number, now: number, language: Language): string => ago(then, now, language, 'narrow');

/** A span of time, about. @unit seconds */
export const spanText = (seconds: number, language: Language): string => {
  const [unit, size] = STEPS.find(([, size]) => seconds >= size * 2) ?? (['second', 1] as const);
  return new Intl.NumberFormat(LANGUAGES[language], { style: 'unit', unit, unitDisplay: 'short' }).format(Math.round(seconds / size));
};

export const dateText = (time: number, language: Language): string =>
  new Intl.DateTimeFormat(LANGUAGES[language], { dateStyle: 'medium', timeStyle: 'short' }).format(time * 1000);

export const clockText = (time: number, language: Language): string =>
  new Intl.DateTimeFormat(LANGUAGES[language], { timeStyle: 'medium' }).format(time * 1000);

export const numberText = (value: number, language: Language): string => new Intl.NumberFormat(LANGUAGES[language]).format(value);

export const sizeText = (bytes: number, language: Language): string => {
  const [unit, size] = bytes >= 1_000_000 ? (['megabyte', 1_000_000] as const) : (['kilobyte', 1000] as const);
  return new Intl.NumberFormat(LANGUAGES[language], { style: 'unit', unit, maximumFractionDigits: 1 }).format(bytes / size);
};

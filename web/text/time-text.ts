import { LANGUAGES, type Language } from './language.ts';

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

/** How long ago, in the largest unit that says something. @unit then, now: unix seconds */
export const agoText = (then: number, now: number, language: Language): string => {
  const seconds = Math.max(1, Math.round(now - then));
  const [unit, size] = STEPS.find(([, size]) => seconds >= size) ?? (['second', 1] as const);
  return new Intl.RelativeTimeFormat(LANGUAGES[language], { numeric: 'auto' }).format(-Math.floor(seconds / size), unit);
};

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

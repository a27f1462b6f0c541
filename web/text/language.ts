/** The languages the product speaks, each with the tag that browsers format numbers and dates by. */
export const LANGUAGES = { en: 'en-US', zh: 'zh-CN' } as const;

export type Language = keyof typeof LANGUAGES;

export const isLanguage = (text: unknown): text is Language => text === 'en' || text === 'zh';

/** The first language of the browser's own list that the product speaks, else English. */
export const chooseLanguage = (wanted: readonly string[]): Language =>
  wanted.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'en';

import type { Theme } from '../client/preferences.ts';

/** Follows the device unless the person chose. */
export const applyTheme = (theme: Theme): void => {
  if (theme === 'system') document.documentElement.removeAttribute('data-theme');
  else document.documentElement.dataset.theme = theme;
};

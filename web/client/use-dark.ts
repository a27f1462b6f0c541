import { useSyncExternalStore } from 'react';
import { usePreferences } from './preferences.ts';

const DARK = '(prefers-color-scheme: dark)';

const subscribe = (changed: () => void): (() => void) => {
  const query = matchMedia(DARK);
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
};

/** Whether the dark theme is on: by choice, else as the device has it. */
export const useDark = (): boolean => {
  const theme = usePreferences((preferences) => preferences.theme);
  const device = useSyncExternalStore(subscribe, () => matchMedia(DARK).matches);
  return theme === 'system' ? device : theme === 'dark';
};

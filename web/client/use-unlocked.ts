import { useEffect } from 'react';
import { useClient } from './use-client.ts';

const TOUCH_EVERY = 10_000;

const holdUnlocked = (signal: AbortSignal): void => {
  const held = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  navigator.locks.request('vc-unlocked', { mode: 'shared', signal }, () => held).catch(() => undefined);
};

/** While this tab is unlocked: no version is installed under it, and every touch postpones the auto-lock. @source SPEC WB11 */
export const useUnlocked = (): void => {
  const { vault } = useClient();
  useEffect(() => {
    const stop = new AbortController();
    let last = 0;
    const touch = () => {
      if (Date.now() - last < TOUCH_EVERY) return;
      last = Date.now();
      void vault.touch();
    };
    holdUnlocked(stop.signal);
    for (const kind of ['pointerdown', 'keydown', 'scroll']) window.addEventListener(kind, touch, { passive: true, signal: stop.signal });
    return () => stop.abort();
  }, [vault]);
};

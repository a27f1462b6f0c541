const GESTURES = ['pointerdown', 'keydown', 'hashchange'] as const;

/**
 * Whoever only reads the first page opens no connection and spends no work on it: resolves with the first touch, key or
 * change of place, or as soon as something is asked for that cannot wait.
 *
 * @source SPEC WB16
 */
export const firstGesture = async (window: EventTarget, demand: Promise<void>): Promise<void> => {
  const heard = new AbortController();
  const gesture = new Promise<void>((resolve) => {
    for (const name of GESTURES) window.addEventListener(name, () => resolve(), { signal: heard.signal });
  });
  await Promise.race([demand, gesture]);
  heard.abort();
};

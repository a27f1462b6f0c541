import { create } from 'zustand';
import { scriptUrl } from '#workers/rpc/script-url';

export interface Release {
  /** a new version is kept whole and waits for consent */
  readonly ready: string | undefined;
  readonly failed: boolean;
  /** it could not be installed, because another tab is unlocked */
  readonly blocked: boolean;
}

export const useRelease = create<Release>(() => ({ ready: undefined, failed: false, blocked: false }));

const EVERY = 3_600_000;

type Answer = { readonly ready?: string; readonly failed?: boolean; readonly installed?: boolean };

const ask = async (message: 'prepare' | 'install'): Promise<Answer> => {
  const worker = (await navigator.serviceWorker.ready).active;
  if (worker === null) return {};
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data as Answer);
    worker.postMessage(message, [port2]);
  });
};

/** Looks for a new version and has it fetched and compared with its list of hashes; answers whether one is ready. */
export const lookForRelease = async (): Promise<boolean> => {
  if (!('serviceWorker' in navigator) || !navigator.onLine) return false;
  const answer = await ask('prepare');
  useRelease.setState({ ready: answer.ready, failed: answer.failed === true });
  return answer.ready !== undefined;
};

/** Makes the prepared version the accepted one, while no tab is unlocked, and starts it. @source SPEC WB11 */
export const installRelease = (): Promise<void> =>
  navigator.locks.request('vc-unlocked', { mode: 'exclusive', ifAvailable: true }, async (lock) => {
    const installed = lock !== null && (await ask('install')).installed === true;
    useRelease.setState({ blocked: !installed });
    if (installed) location.reload();
  });

/** Registers the service worker and looks for new versions now, every hour, and when the app is shown again. */
export const watchRelease = async (): Promise<void> => {
  if (!('serviceWorker' in navigator)) return;
  try {
    await navigator.serviceWorker.register(scriptUrl('/sw.js'), { type: 'module', updateViaCache: 'none' });
    const look = () => void lookForRelease().catch(() => undefined);
    look();
    setInterval(look, EVERY);
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && look());
  } catch {
    // without a service worker the app works online only
  }
};

import { acceptedVersion, acceptVersion, type Fetching, keepRelease, keptFile, preparedVersion, readRelease } from './release-cache.ts';

declare const self: ServiceWorkerGlobalScope;

const NETWORK = 'vc-network';

const fetching: Fetching = {
  storage: caches,
  fetch: (path) => fetch(path, { cache: 'no-cache', credentials: 'same-origin' }),
  sha256: (bytes) => crypto.subtle.digest('SHA-256', bytes),
};

interface Answer {
  readonly ready?: string;
  readonly failed?: boolean;
  readonly installed?: boolean;
}

const prepare = async (): Promise<Answer> => {
  const listed = await fetch('/version.json', { cache: 'no-store' });
  const release = listed.ok ? readRelease(await listed.json()) : undefined;
  if (release === undefined) return {};
  if (release.version === (await acceptedVersion(caches))) return {};
  if (release.version === (await preparedVersion(caches))) return { ready: release.version };
  return (await keepRelease(fetching, release)) ? { ready: release.version } : { failed: true };
};

const install = async (): Promise<Answer> => {
  const version = await preparedVersion(caches);
  if (version === undefined) return { installed: false };
  await acceptVersion(caches, version);
  return { installed: true };
};

const firstInstall = async (): Promise<void> => {
  if ((await acceptedVersion(caches)) !== undefined) return;
  const { ready } = await prepare();
  if (ready === undefined) throw new Error('the first version could not be kept whole');
  await acceptVersion(caches, ready);
};

const networkFirst = async (request: Request): Promise<Response> => {
  const kept = await caches.open(NETWORK);
  try {
    const answer = await fetch(request);
    if (answer.ok) await kept.put(request, answer.clone());
    return answer;
  } catch (failure) {
    const last = await kept.match(request);
    if (last === undefined) throw failure;
    return last;
  }
};

const serve = async (request: Request, path: string): Promise<Response> => {
  const wanted = request.mode === 'navigate' ? '/index.html' : path;
  return (await keptFile(caches, wanted)) ?? fetch(request);
};

self.addEventListener('install', (event) => event.waitUntil(firstInstall()));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('message', (event) => {
  const [port] = event.ports;
  if (port === undefined) return;
  const work = event.data === 'prepare' ? prepare() : event.data === 'install' ? install() : Promise.resolve({});
  event.waitUntil(
    work.then(
      (answer) => port.postMessage(answer),
      () => port.postMessage({}),
    ),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (url.pathname === '/network.json') event.respondWith(networkFirst(request));
  else if (request.cache !== 'no-store') event.respondWith(serve(request, url.pathname));
});

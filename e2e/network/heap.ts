import type { CDPSession, Page } from '@playwright/test';

/** What a heap snapshot says of one thread. */
export interface Heap {
  readonly thread: string;
  readonly strings: readonly string[];
}

type Send = (method: string) => Promise<unknown>;

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly chunk?: string };
}

const GARBAGE_TURNS = 3;

const snapshot = async (send: Send, chunks: string[]): Promise<readonly string[]> => {
  await send('HeapProfiler.enable');
  for (let turn = 0; turn < GARBAGE_TURNS; turn++) await send('HeapProfiler.collectGarbage');
  await send('HeapProfiler.takeHeapSnapshot');
  await send('HeapProfiler.disable');
  return (JSON.parse(chunks.join('')) as { readonly strings: readonly string[] }).strings;
};

const snapshotPage = (session: CDPSession): Promise<readonly string[]> => {
  const chunks: string[] = [];
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => void chunks.push(chunk));
  return snapshot((method) => session.send(method as 'HeapProfiler.enable'), chunks);
};

const snapshotWorker = (session: CDPSession, sessionId: string): Promise<readonly string[]> => {
  const chunks: string[] = [];
  const waiting = new Map<number, () => void>();
  session.on('Target.receivedMessageFromTarget', (event) => {
    if (event.sessionId !== sessionId) return;
    const answer = JSON.parse(event.message) as Answer;
    if (answer.method === 'HeapProfiler.addHeapSnapshotChunk') chunks.push(answer.params?.chunk ?? '');
    if (answer.id !== undefined) waiting.get(answer.id)?.();
  });
  let id = 0;
  const send: Send = async (method) => {
    id += 1;
    const answered = new Promise<void>((resolve) => waiting.set(id, resolve));
    await session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) });
    await answered;
  };
  return snapshot(send, chunks);
};

/** Every string that the page and its workers still hold after their garbage was collected. */
export const readHeaps = async (page: Page): Promise<readonly Heap[]> => {
  const session = await page.context().newCDPSession(page);
  const workers: { readonly thread: string; readonly sessionId: string }[] = [];
  session.on('Target.attachedToTarget', ({ targetInfo, sessionId }) => {
    if (targetInfo.type === 'worker') workers.push({ thread: targetInfo.title || targetInfo.url, sessionId });
  });
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  const heaps: Heap[] = [{ thread: 'page', strings: await snapshotPage(session) }];
  for (const { thread, sessionId } of workers) heaps.push({ thread, strings: await snapshotWorker(session, sessionId) });
  await session.detach();
  return heaps;
};

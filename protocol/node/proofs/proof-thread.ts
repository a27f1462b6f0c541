import { parentPort, workerData } from 'node:worker_threads';
import { Failure } from '#protocol/failure';
import { invariant } from '#protocol/invariant';
import { installNodeCrypto } from '../crypto/node-crypto.ts';
import { openReadSide } from '../store/read-side.ts';
import { proveWith } from './proof-port.ts';
import type { ProofTask, ProofVerdict } from './proof-task.ts';

/** A page that was forgotten while it was asked for: the block left the proof window meanwhile. */
const answer = (nodes: Parameters<typeof proveWith>[0], { id, question }: ProofTask): ProofVerdict => {
  try {
    return { id, proved: proveWith(nodes, question) };
  } catch (error) {
    if (error instanceof Failure) return { id, failed: error.code };
    throw error;
  }
};

invariant(parentPort !== null, 'this file runs in a thread of its own');
const port = parentPort;
installNodeCrypto();
const { folder } = workerData as { readonly folder: string };
const store = await openReadSide(folder);
port.on('message', (task: ProofTask | 'close') => {
  if (task !== 'close') port.postMessage(answer(store.nodes, task));
  else void store.close().then(() => port.close());
});
port.postMessage('ready');

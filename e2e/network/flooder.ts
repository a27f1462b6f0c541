import { parentPort, workerData } from 'node:worker_threads';
import { FrameReader } from '../../protocol/wire/framing.ts';
import { PROTOCOLS } from '../../protocol/wire/protocols.ts';
import { RawPeer } from './raw-peer.ts';

/** Few enough that what is asked has not grown stale when its turn comes, enough that there is always one waiting. */
const UNANSWERED = 16;

const peer = await RawPeer.start();
await peer.dial(workerData as string);

/** The framed question that is repeated; empty: none. */
let question = new Uint8Array();

/** Repeats the question on one stream as often as the node lets it. */
const flood = async (): Promise<void> => {
  const stream = await peer.open('proof');
  const answers = new FrameReader(PROTOCOLS.proof.maxAnswer);
  let unanswered = 0;
  stream.addEventListener('message', ({ data }) => {
    answers.append(data.subarray());
    while (answers.next() instanceof Uint8Array) unanswered--;
  });
  setInterval(() => {
    if (question.length === 0 || stream.status !== 'open') return;
    for (; unanswered < UNANSWERED; unanswered++) stream.send(question);
  }, 1);
};

await Promise.all([flood(), flood()]);
parentPort?.on('message', (told: Uint8Array<ArrayBuffer>) => {
  question = told;
});
parentPort?.postMessage('ready');

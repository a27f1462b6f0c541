import { Failure } from '#protocol/failure';
import { PROTOCOLS, type ProtocolName, protocolId } from '#protocol/wire/protocols';
import type { Job, Question, Reply, Task } from '#spv/task';
import type { PeerStreams } from '../platform/port.ts';

/** Wall clock seconds in which a peer has to answer. @source spec 08 */
export const ASK_SECONDS = 10;

export interface TaskHost {
  readonly network: string;
  readonly peers: PeerStreams;
  readonly compute: (job: Job) => Promise<Reply>;
  /** a peer answered, after so many seconds */
  readonly onAnswer: (peer: string, protocol: ProtocolName, seconds: number) => void;
  readonly now: () => number;
}

/** a failure that comes sooner is tried once more: a stream that broke is opened anew */
const QUICK_SECONDS = 2;

const askPeer = async (host: TaskHost, question: Extract<Question, { kind: 'ask' }>, again = true): Promise<Reply> => {
  const started = host.now();
  try {
    const bytes = await host.peers.ask(question.peer, protocolId(host.network, question.protocol), question.request, {
      seconds: ASK_SECONDS,
      maxAnswer: PROTOCOLS[question.protocol].maxAnswer,
    });
    host.onAnswer(question.peer, question.protocol, host.now() - started);
    return { kind: 'answer', bytes };
  } catch (error) {
    if (again && host.now() - started < QUICK_SECONDS) return askPeer(host, question, false);
    // a failure may have crossed threads, where a class does not survive
    return { kind: 'unanswered', code: error instanceof Failure ? error.code : 'peer-lost' };
  }
};

/** Runs a task of spv to its end: its questions go to peers and to the pool, their replies back to it. */
export const runTask = async <T>(host: TaskHost, task: Task<T>): Promise<T> => {
  let step = task.next();
  while (!step.done) {
    const question = step.value;
    const reply = question.kind === 'ask' ? await askPeer(host, question) : await host.compute(question);
    step = task.next(reply);
  }
  return step.value;
};

import { describe, expect, test } from 'vitest';
import { asHash32 } from '#protocol/codec/hash32';
import { encodeField, type Field } from '#protocol/codec/schema';
import { encodeFrame, encodeFrameLength } from './framing.ts';
import { makePeerClient, type PeerStreamEvents } from './peer-client.ts';
import { PROTOCOLS } from './protocols.ts';

const answerFrame = (code: string): Uint8Array =>
  encodeFrame(encodeField(PROTOCOLS.blocks.answer as unknown as Field<unknown>, { kind: 'refused', code }));

/** A host whose far end is the test: it keeps what was sent and says what it is told to. */
const makeHost = () => {
  const streams: { readonly protocol: string; readonly events: PeerStreamEvents; sent: number; aborted: boolean }[] = [];
  const timers = new Set<() => void>();
  const client = makePeerClient('dev', {
    open: async (protocol, events) => {
      const stream = { protocol, events, sent: 0, aborted: false };
      streams.push(stream);
      return {
        send: () => {
          stream.sent++;
        },
        abort: () => {
          stream.aborted = true;
        },
      };
    },
    after: (_milliseconds, action) => {
      timers.add(action);
      return () => timers.delete(action);
    },
  });
  return { client, streams, timers };
};

const settle = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};

const question = { hashes: [asHash32(new Uint8Array(32))] };

describe('a peer’s client', () => {
  test('WI5 sends many questions on one stream and gives the answers in their order', async () => {
    const { client, streams, timers } = makeHost();
    const answers = ['a', 'b', 'c'].map(() => client.ask('blocks', question));
    await settle();
    expect(streams.map(({ protocol, sent }) => [protocol, sent])).toEqual([['/vc/dev/blocks/1', 3]]);
    const bytes = Uint8Array.from(['a', 'b', 'c'].flatMap((code) => [...answerFrame(code)]));
    streams[0]!.events.received(bytes.subarray(0, 5));
    streams[0]!.events.received(bytes.subarray(5));
    expect(await Promise.all(answers)).toEqual(['a', 'b', 'c'].map((code) => ({ kind: 'refused', code })));
    expect(timers.size).toBe(0);
  });

  test('WI5 an answer that cannot be valid is a fault and ends the stream; the next question opens another', async () => {
    const { client, streams } = makeHost();
    const first = client.ask('blocks', question);
    await settle();
    streams[0]!.events.received(encodeFrame(Uint8Array.of(9)));
    expect(await first).toMatchObject({ fault: 'form' });
    expect(streams[0]!.aborted).toBe(true);
    const second = client.ask('blocks', question);
    await settle();
    streams[1]!.events.received(encodeFrameLength(PROTOCOLS.blocks.maxAnswer + 1));
    expect(await second).toMatchObject({ fault: 'frame-size' });
    const third = client.ask('blocks', question);
    await settle();
    streams[2]!.events.received(answerFrame('ok'));
    expect(await third).toEqual({ kind: 'refused', code: 'ok' });
  });

  test('WI5 an answer that does not come ends the stream as a failure, never as a fault', async () => {
    const { client, streams, timers } = makeHost();
    const first = client.ask('blocks', question);
    const second = client.ask('blocks', question);
    await settle();
    for (const expire of [...timers].slice(0, 1)) expire();
    await expect(first).rejects.toMatchObject({ code: 'peer-timeout' });
    await expect(second).rejects.toMatchObject({ code: 'peer-closed' });
    expect(streams[0]!.aborted).toBe(true);
    streams[0]!.events.received(answerFrame('late'));
  });

  test('WI5 an answer to no question ends the stream', async () => {
    const { client, streams } = makeHost();
    const first = client.ask('blocks', question);
    await settle();
    streams[0]!.events.received(Uint8Array.from([...answerFrame('a'), ...answerFrame('b')]));
    expect(await first).toEqual({ kind: 'refused', code: 'a' });
    expect(streams[0]!.aborted).toBe(true);
  });
});

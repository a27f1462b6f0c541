import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../codec/bytes.ts';
import { asHash32, ZERO_HASH } from '../codec/hash32.ts';
import { hash256, sha256 } from '../crypto/hash.ts';
import { isFault } from '../fault.ts';
import { BitcoinMessageReader, encodeBitcoinMessage } from './envelope.ts';
import { type BitcoinMessage, decodePayload, encodePayload, MAX_HEADERS_MESSAGE } from './message.ts';
import { mineBranch, startRegtest } from './test-branch.ts';

const headers = mineBranch(startRegtest().base.hash, [1_700_000_000, 1_700_000_600], 0);
const hashOf = (n: number) => asHash32(sha256(Uint8Array.of(n)));
const messages: readonly BitcoinMessage[] = [
  { kind: 'version', version: 70_016, services: 1n, time: 1_700_000_000n, nonce: 7n, agent: '/vc:1/', startHeight: 5 },
  { kind: 'verack' },
  { kind: 'ping', nonce: 2n ** 64n - 1n },
  { kind: 'pong', nonce: 0n },
  { kind: 'getheaders', version: 70_016, locator: [hashOf(1), hashOf(2)], stop: ZERO_HASH },
  { kind: 'headers', headers },
  { kind: 'headers', headers: [] },
];

/** An envelope as Bitcoin's documentation draws it. */
const envelope = (command: string, payload: Uint8Array, change: { length?: number; magic?: number; sum?: Uint8Array } = {}): Uint8Array => {
  const head = new Uint8Array(24);
  const view = new DataView(head.buffer);
  view.setUint32(0, change.magic ?? 0xfabfb5da, false);
  head.set(new TextEncoder().encode(command), 4);
  view.setUint32(16, change.length ?? payload.length, true);
  head.set(change.sum ?? hash256(payload).subarray(0, 4), 20);
  return concatBytes(head, payload);
};
const codeOf = (bytes: Uint8Array): string | undefined => {
  const verdict = new BitcoinMessageReader('regtest').push(bytes);
  return isFault(verdict) ? verdict.fault : undefined;
};

describe('messages', () => {
  test.each(messages)('BT9 $kind decodes to what was encoded', (message) => {
    expect(decodePayload(message.kind, encodePayload(message))).toEqual(message);
    expect(decodePayload(message.kind, concatBytes(encodePayload(message), Uint8Array.of(9, 9)))).toHaveProperty('fault');
    expect(encodeBitcoinMessage('regtest', message)).toEqual(envelope(message.kind, encodePayload(message)));
  });

  test('BT9 come out whole however the stream is cut, with what is not needed passed over', () => {
    const stream = concatBytes(
      ...messages.map((message) => encodeBitcoinMessage('regtest', message)),
      envelope('sendaddrv2', new Uint8Array()),
      envelope('inv', new Uint8Array(5_000)),
      encodeBitcoinMessage('regtest', { kind: 'ping', nonce: 3n }),
    );
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1 }), (cuts) => {
        const reader = new BitcoinMessageReader('regtest');
        const read: BitcoinMessage[] = [];
        for (let at = 0, i = 0; at < stream.length; i++) {
          const end = at + (cuts[i % cuts.length] as number);
          const part = reader.push(stream.slice(at, end));
          if (isFault(part)) throw new Error(part.fault);
          read.push(...part);
          at = end;
        }
        expect(read).toEqual([...messages, { kind: 'ping', nonce: 3n }]);
      }),
      { numRuns: 30 },
    );
  });

  test('BT9 refuse another network, checksum, command and length before they are read (P1)', () => {
    const ping = new Uint8Array(8);
    expect(codeOf(envelope('ping', ping))).toBeUndefined();
    expect(codeOf(envelope('ping', ping, { magic: 0xf9beb4d9 }))).toBe('bitcoin-magic');
    expect(codeOf(envelope('ping', ping, { sum: new Uint8Array(4) }))).toBe('bitcoin-checksum');
    expect(codeOf(envelope('ping\0x', ping))).toBe('bitcoin-command');
    expect(codeOf(envelope('', ping))).toBe('bitcoin-command');
    expect(codeOf(envelope('headers', ping, { length: 162_004 }))).toBe('bitcoin-length');
    expect(codeOf(envelope('inv', ping, { length: 0xffff_ffff }))).toBe('bitcoin-length');
    expect(codeOf(envelope('ping', ping.subarray(1)))).toBe('short');
    expect(codeOf(envelope('verack', ping))).toBe('trailing');
  });

  test('BT9 hold no more than their bounds', () => {
    const many = Array.from({ length: MAX_HEADERS_MESSAGE + 1 }, () => headers[0]!);
    expect(decodePayload('headers', encodePayload({ kind: 'headers', headers: many.slice(1) }))).not.toHaveProperty('fault');
    expect(decodePayload('headers', encodePayload({ kind: 'headers', headers: many }))).toMatchObject({ fault: 'size' });
    const locator = Array.from({ length: 102 }, () => hashOf(1));
    expect(decodePayload('getheaders', encodePayload({ kind: 'getheaders', version: 1, locator, stop: ZERO_HASH }))).toMatchObject({
      fault: 'size',
    });
    expect(decodePayload('headers', Uint8Array.of(1, ...headers[0]!, 1))).toMatchObject({ fault: 'form' });
    expect(decodePayload('headers', Uint8Array.of(0xfe, 0xff, 0xff, 0xff, 0x7f))).toMatchObject({ fault: 'size' });
  });

  test('BT9 never throw on any bytes', () => {
    const kinds = ['version', 'verack', 'ping', 'pong', 'getheaders', 'headers'] as const;
    fc.assert(fc.property(fc.constantFrom(...kinds), fc.uint8Array({ maxLength: 300 }), (kind, bytes) => void decodePayload(kind, bytes)));
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void new BitcoinMessageReader('main').push(bytes)));
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFault } from '../fault.ts';
import { decodeAgent, decodeSuspension, encodeAgent, encodeSuspension } from './agent.ts';

const text = fc.uint8Array({ maxLength: 64 });

describe('what makers read of the governed tables', () => {
  test('RC10 an agent is a quota and a label, in one encoding', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 64n - 1n), text, (quota, label) => {
        expect(decodeAgent(encodeAgent({ quota, label }))).toEqual({ quota, label });
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const agent = decodeAgent(bytes);
        if (isFault(agent)) expect(bytes.length < 8 || bytes.length > 72).toBe(true);
        else expect(encodeAgent(agent)).toEqual(bytes);
      }),
    );
    expect(decodeAgent(new Uint8Array(7))).toMatchObject({ fault: 'short' });
    expect(decodeAgent(new Uint8Array(73))).toMatchObject({ fault: 'size' });
  });

  test('RC11 a suspension says whether it stands, and why', () => {
    fc.assert(
      fc.property(fc.boolean(), text, (suspended, reason) => {
        expect(decodeSuspension(encodeSuspension({ suspended, reason }))).toEqual({ suspended, reason });
      }),
    );
    expect(decodeSuspension(new Uint8Array(0))).toMatchObject({ fault: 'short' });
    expect(decodeSuspension(Uint8Array.of(2))).toMatchObject({ fault: 'form' });
    expect(decodeSuspension(new Uint8Array(66))).toMatchObject({ fault: 'size' });
  });
});

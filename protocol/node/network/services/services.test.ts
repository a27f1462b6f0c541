import { describe, expect, test } from 'vitest';
import { makeSmallPool, NO_BITCOIN_HEADERS, SmallChain } from '../../../../e2e/network/small-chain.ts';
import { encodeField, type Field } from '../../../codec/schema.ts';
import { MAX_ANSWER_BYTES, MAX_BITCOIN_HEADERS, MAX_HEADERS } from '../../../wire/limits.ts';
import { type AnswerOf, PROTOCOLS, type ProtocolName, type RequestOf } from '../../../wire/protocols.ts';
import type { NodeBitcoin } from '../../chain/contract.ts';
import type { Service } from '../serve.ts';
import { makeServices } from './make-services.ts';

const GENESIS_TIME = 1_800_000_000;

const makeNode = async (bodies: readonly Uint8Array[], bitcoin: NodeBitcoin = NO_BITCOIN_HEADERS) => {
  const chain = new SmallChain(GENESIS_TIME);
  for (const [i, body] of bodies.entries()) await chain.extend(body, GENESIS_TIME + 4 * (i + 1));
  const services = makeServices({ chain: chain.contract, mempool: makeSmallPool().contract, bitcoin, mailbox: undefined }, () => []);
  const ask = async <N extends ProtocolName>(name: N, request: RequestOf<N>): Promise<AnswerOf<N>> => {
    const service = services[name] as unknown as Service<N>;
    const { answer } = await service.answer(request);
    const bytes = encodeField(PROTOCOLS[name].answer as unknown as Field<AnswerOf<N>>, answer);
    expect(bytes.length).toBeLessThanOrEqual(PROTOCOLS[name].maxAnswer);
    return answer;
  };
  return { chain, services, ask };
};

const numbered = (count: number): Uint8Array[] => Array.from({ length: count }, (_, i) => Uint8Array.of(i & 255, i >> 8, 1));
const filled = (size: number, mark: number): Uint8Array => new Uint8Array(size).fill(mark);
const none = 'without' as const;

describe('headers', () => {
  test('NW3 begins after the first hash of the locator that is on the best chain, and after genesis where none is', async () => {
    const { chain, ask } = await makeNode(numbered(20));
    const unknown = chain.best[5]!.hash.map((byte) => byte ^ 1) as never;
    const heights = async (hashes: readonly never[]): Promise<number[]> => {
      const answer = await ask('headers', { kind: 'locator', hashes, count: 3, filters: none });
      return answer.kind === 'headers'
        ? answer.headers.map((bytes) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true))
        : [];
    };
    expect(await heights([unknown, chain.best[7]!.hash as never, chain.best[2]!.hash as never])).toEqual([8, 9, 10]);
    expect(await heights([unknown])).toEqual([1, 2, 3]);
    expect(await heights([chain.tip.hash as never])).toEqual([]);
  });

  test('NW3 keeps to 512 headers and to the bytes of an answer, with one stake proof for each epoch', async () => {
    const { ask } = await makeNode(numbered(600));
    const answer = await ask('headers', { kind: 'range', from: 1, count: 65_535, filters: none });
    if (answer.kind !== 'headers') throw new Error(answer.kind);
    expect(answer.headers).toHaveLength(MAX_HEADERS);
    expect(answer.stakeProofs).toHaveLength(50);
    expect(answer.filters).toHaveLength(0);
    const filtered = await ask('headers', { kind: 'range', from: 1, count: 9, filters: 'with' });
    expect(filtered.kind === 'headers' && filtered.filters.length).toBe(9);
  });

  test('NW3 gives headers by hash in ascending height, each once, those it knows', async () => {
    const { chain, ask } = await makeNode(numbered(9));
    const [a, b] = [chain.best[7]!, chain.best[3]!];
    const answer = await ask('headers', { kind: 'byHash', hashes: [a.hash, b.hash, a.hash, new Uint8Array(32) as never], filters: none });
    expect(answer.kind === 'headers' && answer.headers).toEqual([b.bytes, a.bytes]);
  });
});

describe('blocks', () => {
  test('NW3 ends before the first body that is not had', async () => {
    const { chain, ask } = await makeNode(numbered(9));
    const hashes = [chain.best[0]!.hash, chain.best[4]!.hash, new Uint8Array(32) as never, chain.best[5]!.hash];
    const answer = await ask('blocks', { hashes });
    expect(answer.kind === 'bodies' && answer.bodies.map(([first]) => first)).toEqual([0, 3]);
  });

  test('NW3 ends before the body that no longer fits, and gives one alone whatever its size', async () => {
    const { chain, ask } = await makeNode([filled(600_000, 1), filled(400_000, 2), filled(200_000, 3), filled(MAX_ANSWER_BYTES + 9, 4)]);
    const lengths = async (heights: readonly number[]): Promise<number[]> => {
      const answer = await ask('blocks', { hashes: heights.map((height) => chain.best[height]!.hash) });
      return answer.kind === 'bodies' ? answer.bodies.map(({ length }) => length) : [];
    };
    expect(await lengths([1, 2, 3])).toEqual([600_000, 400_000]);
    expect(await lengths([4, 1])).toEqual([MAX_ANSWER_BYTES + 9]);
  });

  test('NW5 counts small bodies as sixteenths of a block and large ones as blocks', async () => {
    const { chain, services } = await makeNode([filled(100, 1), filled(300_000, 2)]);
    const cost = async (height: number): Promise<number> => {
      const request = { hashes: [chain.best[height]!.hash] };
      return (services.blocks.estimate(request).blocks ?? 0) + ((await services.blocks.answer(request)).cost?.blocks ?? 0);
    };
    expect(await cost(1)).toBe(1 / 16);
    expect(await cost(2)).toBe(1);
  });
});

describe('filters, history and Bitcoin’s headers', () => {
  test('NW3 gives filters up to the one before the tip, in whose history they are proved', async () => {
    const { chain, ask } = await makeNode(numbered(12));
    const answer = await ask('filters', { from: 3, count: 65_535 });
    if (answer.kind !== 'filters') throw new Error(answer.kind);
    expect(answer.heads).toEqual(chain.best.slice(3, 12).map(({ hash }) => hash));
    expect(answer.filters).toHaveLength(9);
    expect(await ask('filters', { from: 99, count: 5 })).toMatchObject({ heads: [], first: [], last: [] });
  });

  test('NW3 refuses history under a header that is not on the best chain, and heights there are none of', async () => {
    const { chain, ask } = await makeNode(numbered(12));
    expect(await ask('history', { kind: 'inclusion', tip: new Uint8Array(32) as never, heights: [1] })).toEqual({
      kind: 'refused',
      code: 'unknown-tip',
    });
    expect(await ask('history', { kind: 'inclusion', tip: chain.tip.hash, heights: [13] })).toEqual({
      kind: 'refused',
      code: 'unknown-height',
    });
    expect(await ask('history', { kind: 'inclusion', tip: chain.tip.hash, heights: [1, 2] })).toMatchObject({ kind: 'inclusion' });
    expect(await ask('history', { kind: 'consistency', tip: chain.tip.hash, oldSize: 4 })).toMatchObject({ kind: 'consistency' });
  });

  test('NW3 asks its Bitcoin view for no more than 2,000 headers', async () => {
    const asked: number[] = [];
    const headersAfter: NodeBitcoin['headersAfter'] = (_locator, count) => {
      asked.push(count);
      return { height: 1, headers: [] };
    };
    const { ask } = await makeNode([], { ...NO_BITCOIN_HEADERS, headersAfter });
    await ask('bitcoinHeaders', { kind: 'locator', hashes: [], count: 65_535 });
    expect(asked).toEqual([MAX_BITCOIN_HEADERS]);
    const hash = new Uint8Array(32) as never;
    expect(await ask('bitcoinHeaders', { kind: 'around', hash, before: 1_999, after: 1 })).toEqual({ kind: 'refused', code: 'too-many' });
    expect(await ask('bitcoinHeaders', { kind: 'around', hash, before: 1, after: 1 })).toEqual({ kind: 'refused', code: 'not-found' });
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asHash32 } from '#protocol/codec/hash32';
import { decodeField, encodeField, type Field } from '#protocol/codec/schema';
import { isFault } from '#protocol/fault';
import { MAX_CONTENT_BYTES, type MailboxPost } from '../mailbox/post.ts';
import {
  MAX_ANSWER_BYTES,
  MAX_BITCOIN_HEADERS,
  MAX_BLOCKS,
  MAX_FILTERS,
  MAX_HEADERS,
  MAX_HISTORY_QUESTIONS,
  MAX_LOCATOR,
  MAX_MAILBOX_POSTS,
  MAX_RANGES,
  MAX_REQUEST_BYTES,
  MAX_TRANSACTION_BYTES,
} from './limits.ts';
import { headerAnnouncement, postAnnouncement, txAnnouncement } from './messages.ts';
import { PROTOCOLS, type ProtocolName } from './protocols.ts';

const RUNS = process.env.VC_SOAK === undefined ? 10_000 : 1_000_000;

const hash = asHash32(new Uint8Array(32).fill(5));
const header = new Uint8Array(512).fill(1);
const many = <T>(count: number, item: T): T[] => new Array<T>(count).fill(item);

type Samples = Readonly<Record<string, { readonly field: Field<never>; readonly values: readonly unknown[] }>>;

const range = { lo: new Uint8Array(32), hi: new Uint8Array(32).fill(255) };
const refused = { kind: 'refused', code: 'busy' };
const roomFor = (name: ProtocolName, request: readonly unknown[], answer: readonly unknown[]): Samples =>
  ({
    [`${name} request`]: { field: PROTOCOLS[name].request, values: request },
    [`${name} answer`]: { field: PROTOCOLS[name].answer, values: [...answer, refused] },
  }) as unknown as Samples;

const signature = new Uint8Array(64).fill(4);
const post: MailboxPost = {
  topic: hash,
  sender: hash,
  time: 1_800_000_000,
  content: new Uint8Array(256).fill(8),
  senderSignature: signature,
  topicSignature: signature,
};

/** One message of every kind, as a recorded session would have it. */
const SAMPLES: Samples = {
  ...roomFor(
    'status',
    [{}],
    [{ kind: 'status', network: 'dev', genesis: hash, config: hash, tip: header, services: 1, coins: 5n, proofsFrom: 0, epochsFrom: 0 }],
  ),
  ...roomFor(
    'headers',
    [
      { kind: 'locator', hashes: many(MAX_LOCATOR, hash), count: 512, filters: 'with' },
      { kind: 'range', from: 9, count: 3, filters: 'without' },
      { kind: 'byHash', hashes: many(3, hash), filters: 'with' },
    ],
    [{ kind: 'headers', headers: many(3, header), stakeProofs: many(2, new Uint8Array(700)), filters: many(3, new Uint8Array(20)) }],
  ),
  ...roomFor(
    'bitcoinHeaders',
    [
      { kind: 'locator', hashes: many(20, hash), count: 2_000 },
      { kind: 'around', hash, before: 4, after: 6 },
    ],
    [{ kind: 'headers', height: 7, headers: many(30, new Uint8Array(80)) }],
  ),
  ...roomFor('blocks', [{ hashes: many(MAX_BLOCKS, hash) }], [{ kind: 'bodies', bodies: many(3, new Uint8Array(900)) }]),
  ...roomFor(
    'proof',
    [{ block: hash, trie: 'coins', ranges: many(20, range) }],
    [{ kind: 'proof', block: hash, trie: 'stakes', otherRoots: [hash, hash], upTo: hash, proof: new Uint8Array(800) }],
  ),
  ...roomFor(
    'tx',
    [
      { kind: 'find', txid: hash },
      { kind: 'submit', transaction: new Uint8Array(300) },
    ],
    [
      { kind: 'found', transaction: new Uint8Array(300), block: hash, height: 3, index: 1, size: 5, branch: many(3, hash) },
      { kind: 'pooled', transaction: new Uint8Array(300) },
      { kind: 'accepted', txid: hash },
    ],
  ),
  ...roomFor(
    'filters',
    [{ from: 3, count: 1_000 }],
    [{ kind: 'filters', tip: hash, heads: many(3, hash), filters: many(3, new Uint8Array(30)), first: many(9, hash), last: many(9, hash) }],
  ),
  ...roomFor(
    'history',
    [
      { kind: 'inclusion', tip: hash, heights: many(9, 4) },
      { kind: 'consistency', tip: hash, oldSize: 4 },
    ],
    [
      { kind: 'inclusion', headers: many(2, header), branches: many(2, many(9, hash)) },
      { kind: 'consistency', branch: many(9, hash) },
    ],
  ),
  ...roomFor(
    'mailbox',
    [
      { kind: 'post', post },
      { kind: 'list', topic: hash, after: 2 ** 53 - 1, count: 256 },
    ],
    [
      { kind: 'posted' },
      {
        kind: 'posts',
        posts: [
          { sequence: 0, post },
          { sequence: 9, post },
        ],
      },
    ],
  ),
  ...roomFor('peers', [{}], [{ kind: 'peers', addresses: many(4, '/ip4/127.0.0.1/tcp/8490') }]),
  header: {
    field: headerAnnouncement as unknown as Field<never>,
    values: [{ header, stakeProof: new Uint8Array(700), filter: new Uint8Array(20) }],
  },
  post: { field: postAnnouncement as unknown as Field<never>, values: [{ post }] },
  tx: { field: txAnnouncement as unknown as Field<never>, values: [{ transaction: new Uint8Array(300) }] },
};

const encoded = Object.values(SAMPLES).flatMap(({ field, values }) =>
  values.map((value) => ({
    field: field as unknown as Field<unknown>,
    value,
    bytes: encodeField(field as unknown as Field<unknown>, value),
  })),
);

const sizeOf = (value: unknown): number => {
  if (value instanceof Uint8Array) return value.length;
  if (typeof value === 'string') return value.length;
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + sizeOf(item), 0);
  if (typeof value === 'object' && value !== null) return Object.values(value).reduce((sum: number, item) => sum + sizeOf(item), 0);
  return 0;
};

describe('messages', () => {
  test('WI4 decodes what it encodes, and refuses every shorter or longer form of it', () => {
    for (const { field, value, bytes } of encoded) {
      expect(decodeField(field, bytes)).toEqual(value);
      expect(decodeField(field, Uint8Array.of(...bytes, 0))).toMatchObject({ fault: 'trailing' });
      for (let length = 0; length < bytes.length; length += Math.max(1, Math.floor(bytes.length / 50)))
        expect(isFault(decodeField(field, bytes.subarray(0, length)))).toBe(true);
    }
  });

  test('WI4 attack P2: no decoder throws or gives more than its input on mutated messages', () => {
    fc.assert(
      fc.property(
        fc.nat(encoded.length - 1),
        fc.array(fc.tuple(fc.nat(4_000), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.nat(4_000),
        (which, changes, cutAt) => {
          const { field, bytes } = encoded[which]!;
          const mutated = bytes.slice(0, cutAt % 3 === 0 ? cutAt % (bytes.length + 1) : bytes.length);
          for (const [at, byte] of changes) if (mutated.length > 0) mutated[at % mutated.length] = byte;
          const decoded = decodeField(field, mutated);
          if (isFault(decoded)) return;
          expect(sizeOf(decoded)).toBeLessThanOrEqual(mutated.length + 40);
          expect(encodeField(field, decoded)).toEqual(mutated);
        },
      ),
      { numRuns: RUNS, seed: 8_480 },
    );
  });

  test('WI4 attack P1: a count of 2^64 − 1 at any place of any message is refused without memory for it', () => {
    const before = process.memoryUsage().heapUsed;
    for (const { field, bytes } of encoded)
      for (let at = 0; at < bytes.length; at++) {
        const lying = Uint8Array.of(...bytes.subarray(0, at), ...many(9, 0xff), ...bytes.subarray(at));
        expect(isFault(decodeField(field, lying))).toBe(true);
        if (at > 80) at += 37;
      }
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(256 * 1024 * 1024);
  });

  test('WI3 keeps every count at its bound and refuses one more', () => {
    const bounds: readonly [Field<unknown>, (count: number) => unknown, number][] = (
      [
        [PROTOCOLS.headers.request, (n: number) => ({ kind: 'byHash', hashes: many(n, hash), filters: 'with' }), MAX_LOCATOR],
        [
          PROTOCOLS.headers.answer,
          (n: number) => ({ kind: 'headers', headers: many(n, header), stakeProofs: [], filters: [] }),
          MAX_HEADERS,
        ],
        [
          PROTOCOLS.bitcoinHeaders.answer,
          (n: number) => ({ kind: 'headers', height: 0, headers: many(n, new Uint8Array(80)) }),
          MAX_BITCOIN_HEADERS,
        ],
        [PROTOCOLS.blocks.request, (n: number) => ({ hashes: many(n, hash) }), MAX_BLOCKS],
        [PROTOCOLS.proof.request, (n: number) => ({ block: hash, trie: 'coins', ranges: many(n, range) }), MAX_RANGES],
        [
          PROTOCOLS.filters.answer,
          (n: number) => ({ kind: 'filters', tip: hash, heads: many(n, hash), filters: [], first: [], last: [] }),
          MAX_FILTERS,
        ],
        [PROTOCOLS.history.request, (n: number) => ({ kind: 'inclusion', tip: hash, heights: many(n, 1) }), MAX_HISTORY_QUESTIONS],
        [PROTOCOLS.mailbox.answer, (n: number) => ({ kind: 'posts', posts: many(n, { sequence: 1, post }) }), MAX_MAILBOX_POSTS],
        [PROTOCOLS.tx.request, (n: number) => ({ kind: 'submit', transaction: new Uint8Array(n) }), MAX_TRANSACTION_BYTES],
      ] as const
    ).map(([field, make, bound]) => [field as unknown as Field<unknown>, make, bound]);
    for (const [field, make, bound] of bounds) {
      expect(isFault(decodeField(field, encodeField(field, make(bound))))).toBe(false);
      expect(decodeField(field, encodeField(field, make(bound + 1)))).toMatchObject({ fault: 'size' });
    }
  });

  test('MB2 WI4 a post of any other length is no post, nor a number that no float holds', () => {
    const withContent = (length: number) => ({ kind: 'post', post: { ...post, content: new Uint8Array(length) } });
    const { request } = PROTOCOLS.mailbox;
    const decodes = (value: unknown): boolean => !isFault(decodeField(request, encodeField(request, value as never)));
    const taken = Array.from({ length: 18 }, (_, i) => 2 ** i).filter((length) => decodes(withContent(length)));
    expect(taken).toEqual([256, 512, 1_024, 2_048, 4_096, 8_192, 16_384, 32_768, 65_536]);
    for (const length of taken) for (const other of [length - 1, length + 1]) expect(decodes(withContent(other))).toBe(false);
    expect(decodes({ kind: 'list', topic: hash, after: 2 ** 53, count: 1 })).toBe(false);
  });

  test('WI3 bounds requests at 16 KiB and answers at 1 MiB but where what they hold needs more', () => {
    const names = Object.keys(PROTOCOLS) as ProtocolName[];
    expect(names.filter((name) => PROTOCOLS[name].maxRequest > MAX_REQUEST_BYTES)).toEqual(['proof', 'tx', 'mailbox']);
    expect(names.filter((name) => PROTOCOLS[name].maxAnswer > MAX_ANSWER_BYTES)).toEqual(['headers', 'blocks', 'proof']);
    const largest = { block: hash, trie: 'coins', ranges: many(MAX_RANGES, range) };
    expect(encodeField(PROTOCOLS.proof.request, largest as never).length).toBeLessThanOrEqual(PROTOCOLS.proof.maxRequest);
    const longest = { kind: 'post', post: { ...post, content: new Uint8Array(MAX_CONTENT_BYTES) } };
    expect(encodeField(PROTOCOLS.mailbox.request, longest as never).length).toBeLessThanOrEqual(PROTOCOLS.mailbox.maxRequest);
  });
});

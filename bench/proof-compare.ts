import type { Hash32 } from '#protocol/codec/hash32';
import { type HashBackend, NOBLE_HASH, useCrypto } from '#protocol/crypto/backend';
import { isFault } from '#protocol/fault';
import type { KeyRange } from '#protocol/trie/node';
import { verifyRanges } from '#protocol/trie/verify';
import { median, RUNS } from './row.ts';

export interface Question {
  readonly ranges: readonly KeyRange[];
  readonly proof: Uint8Array;
}

/** @unit microseconds a proof; bare: the hashes alone that it needs, by the same library */
export interface Compared {
  readonly ours: number;
  readonly bare: number;
}

const WARM_UPS = 3;
const SLICES = 40;

/** Every message that verification hashes, in its order. */
const recordMessages = (root: Hash32, questions: readonly Question[]): Uint8Array[] => {
  const messages: Uint8Array[] = [];
  const recorder: HashBackend = {
    ...NOBLE_HASH,
    sha256: (data) => {
      messages.push(data.slice());
      return NOBLE_HASH.sha256(data);
    },
  };
  useCrypto({ hash: recorder });
  for (const { ranges, proof } of questions) verifyRanges(root, ranges, proof);
  return messages;
};

const timeOf = (work: () => void): number => {
  const start = performance.now();
  work();
  return performance.now() - start;
};

/** Verification and bare hashing in short slices, one after the other, so that what else the machine does falls on both alike. */
export const compareWithHashing = (backend: HashBackend, root: Hash32, questions: readonly Question[]): Compared => {
  const size = Math.ceil(questions.length / SLICES);
  const slices = Array.from({ length: SLICES }, (_, i) => questions.slice(i * size, (i + 1) * size));
  const messages = slices.map((slice) => recordMessages(root, slice));
  useCrypto({ hash: backend });
  let sink = 0;
  const verify = (slice: readonly Question[]): void => {
    for (const { ranges, proof } of slice) if (isFault(verifyRanges(root, ranges, proof))) throw new Error('a true proof was refused');
  };
  const hash = (slice: readonly Uint8Array[]): void => {
    for (const message of slice) sink += backend.sha256(message)[0] as number;
  };
  const run = (): Compared => {
    const sum = { ours: 0, bare: 0 };
    slices.forEach((slice, i) => {
      sum.ours += timeOf(() => verify(slice));
      sum.bare += timeOf(() => hash(messages[i] as readonly Uint8Array[]));
    });
    return sum;
  };
  for (let i = 0; i < WARM_UPS; i++) run();
  const runs = Array.from({ length: RUNS }, run);
  useCrypto({ hash: NOBLE_HASH });
  if (sink === 0) throw new Error('nothing was hashed');
  const each = 1_000 / questions.length;
  return { ours: median(runs.map(({ ours }) => ours)) * each, bare: median(runs.map(({ bare }) => bare)) * each };
};

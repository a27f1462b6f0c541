import { WASM_HASH } from '#workers/platform/wasm-hash';
import { asHash32 } from '../protocol/codec/hash32.ts';
import { decodeHex } from '../protocol/codec/hex.ts';
import { compareWithHashing, type Question } from './proof-compare.ts';

/** What Node asks of a worker in Chromium. @shape hexadecimal */
export interface ProofWork {
  readonly root: string;
  readonly questions: readonly { readonly lo: string; readonly hi: string; readonly proof: string }[];
  readonly repeat: number;
}

const bytes = (hex: string): Uint8Array => decodeHex(hex) as Uint8Array;

const compare = ({ root, questions, repeat }: ProofWork) => {
  const once = questions.map(({ lo, hi, proof }): Question => ({ ranges: [{ lo: bytes(lo), hi: bytes(hi) }], proof: bytes(proof) }));
  return compareWithHashing(WASM_HASH, asHash32(bytes(root)), Array.from({ length: repeat }, () => once).flat());
};

const answer = async (path: string): Promise<unknown> => {
  try {
    return compare((await (await fetch(path)).json()) as ProofWork);
  } catch (error) {
    return { failed: String(error) };
  }
};

addEventListener('message', async ({ data }: MessageEvent<string>) => postMessage(await answer(data)));

import { describe, expect, test } from 'vitest';
import type { Block, BlockBody } from '../block/block.ts';
import { decodeBody, encodeBody } from '../block/body-codec.ts';
import { computeVersionsRoot } from '../block/body-roots.ts';
import { isFault } from '../fault.ts';
import { DEV_PARAMETERS } from '../params/networks.ts';
import { BODY_FAULTS, checkBody, connectBlock } from './connect-block.ts';
import { payment, TestChain, testKey, VC } from './test-chain.ts';

const makeFull = (chain: TestChain): Block => {
  const pay = (key: number) => payment(chain.coinOf(key), key, [{ element: 'value', amount: VC, script: testKey(9).script }]);
  return chain.make([pay(2_000), pay(2_001), pay(2_002)]);
};

const withInput = (body: BlockBody, place: number, witness: readonly Uint8Array[]): BlockBody => ({
  ...body,
  transactions: body.transactions.map((tx, i) =>
    i === place ? { ...tx, inputs: tx.inputs.map((input) => ({ ...input, witness })) } : { ...tx },
  ),
});

const MUTANTS: Readonly<Record<string, readonly [code: string, (body: BlockBody, block: Block) => BlockBody]>> = {
  'the coinbase has a witness, which no root commits to': ['coinbase-witness', (body) => withInput(body, 0, [Uint8Array.of(1)])],
  'versions are added, which only versionsRoot commits to': [
    'versions-root',
    (body, { header }) => ({ ...body, versions: [{ header, stakeProof: new Uint8Array(40) }] }),
  ],
  'a witness is taken away': ['witness-root', (body) => withInput(body, 2, [])],
  'a witness is altered': ['witness-root', (body) => withInput(body, 1, [Uint8Array.of(1), Uint8Array.of(2)])],
  'the last transaction stands twice': [
    'tx-root',
    (body) => ({ ...body, transactions: [...body.transactions, body.transactions.at(-1)!] }),
  ],
  'the last transaction is missing': ['tx-root', (body) => ({ ...body, transactions: body.transactions.slice(0, -1) })],
  'two transactions are swapped': ['tx-root', ({ transactions: [a, b, c, d], versions }) => ({ transactions: [a!, c!, b!, d!], versions })],
  'nothing is in it': ['tx-root', (body) => ({ ...body, transactions: [] })],
  'an amount is raised': [
    'tx-root',
    (body) => ({
      ...body,
      transactions: body.transactions.map((tx, i) =>
        i === 1 ? { ...tx, outputs: tx.outputs.map((output) => ({ ...output, amount: output.amount + 1n })) } : tx,
      ),
    }),
  ],
};

describe('referenced versions', () => {
  test('ST12 CN1 are not yet supported, even where header and body agree on them', () => {
    const chain = new TestChain();
    const { header, body } = makeFull(chain);
    const versions = [{ header, stakeProof: new Uint8Array(40) }];
    const referencing = { header: { ...header, versionsRoot: computeVersionsRoot({ ...body, versions }) }, body: { ...body, versions } };
    expect(checkBody(referencing, DEV_PARAMETERS)).toMatchObject({ fault: 'not-yet-supported', detail: { versions: 1 } });
    expect(checkBody({ header, body }, DEV_PARAMETERS)).toBeUndefined();
  });
});

describe('a good block in a body that was altered on the way', () => {
  test.each(Object.keys(MUTANTS))('CN1 %s: the header is not blamed, and the good body is taken after it', (name) => {
    const chain = new TestChain();
    const block = makeFull(chain);
    const judge = (body: BlockBody) => connectBlock(chain.state, chain.chain(block), { header: block.header, body }, chain);
    const [code, mutate] = MUTANTS[name]!;
    const verdict = judge(decodeBody(encodeBody(mutate(block.body, block))) as BlockBody);
    expect(isFault(verdict) ? verdict.fault : 'accepted').toBe(code);
    expect(BODY_FAULTS.has(code)).toBe(true);
    expect(judge(decodeBody(encodeBody(block.body)) as BlockBody)).not.toHaveProperty('fault');
  });
});

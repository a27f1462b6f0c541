import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hashHeaderBytes } from '#protocol/block/header-codec';
import { decodeField, encodeField, type Field } from '#protocol/codec/schema';
import { Failure } from '#protocol/failure';
import { PROTOCOLS } from '#protocol/wire/protocols';
import { type FixtureNode, openFixtureNode } from '../chain/chain-fixture.ts';
import { installNodeCrypto } from '../crypto/node-crypto.ts';
import type { ConnectedPeer } from '../network/contract.ts';
import { pullHeaders } from './header-sync.ts';

interface Batch {
  readonly headers: readonly Uint8Array[];
  readonly stakeProofs: readonly Uint8Array[];
  readonly filters: readonly Uint8Array[];
}

const cleanups: (() => Promise<void> | void)[] = [];
beforeAll(() => installNodeCrypto());
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const open = async (): Promise<FixtureNode> => {
  const folder = mkdtempSync(join(tmpdir(), 'vc-header-sync-'));
  const node = await openFixtureNode(folder);
  cleanups.push(async () => {
    await node.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return node;
};

/** A peer that serves these headers once and then has no more; what it says goes over the wire's own form. */
const serving = (batch: Batch): ConnectedPeer => {
  const { answer } = PROTOCOLS.headers as unknown as { readonly answer: Field<unknown> };
  const answers = [batch, { headers: [], stakeProofs: [], filters: [] }];
  const ask = async () => {
    const next = answers.shift();
    if (next === undefined) throw new Failure('peer-closed');
    return decodeField(answer, encodeField(answer, { kind: 'headers', ...next }));
  };
  return {
    id: 'server',
    address: '',
    direction: 'outbound',
    client: { ask, close: () => undefined },
    status: () => undefined,
  } as unknown as ConnectedPeer;
};

describe('headers of one peer', () => {
  test('NW11 are taken where they are linked; with filters that nobody asked for, or a hole, their sender lied and nothing is kept', async () => {
    const [maker, node] = [await open(), await open()];
    await maker.grow(6);
    node.setTime(maker.time());
    const { headers, proofs: stakeProofs } = await maker.batchFrom(1, 6);
    const pull = (change: Partial<Batch>) =>
      pullHeaders(node.chain, serving({ headers, stakeProofs, filters: [], ...change }), () => undefined);
    const holed = headers.filter((_, place) => place !== 2);
    expect(await pull({ filters: [Uint8Array.of(0)] })).toMatchObject({
      kind: 'lied',
      reason: { fault: 'headers-excess', detail: { filters: 1 } },
    });
    expect(await pull({ headers: holed })).toMatchObject({ kind: 'lied', reason: { fault: 'headers-unlinked', detail: { height: 4 } } });
    expect(await pull({ headers: headers.slice(1) })).toMatchObject({
      kind: 'lied',
      reason: { fault: 'headers-unlinked', detail: { height: 2 } },
    });
    expect(headers.some((bytes) => node.chain.headerByHash(hashHeaderBytes(bytes)) !== undefined)).toBe(false);
    expect(await pull({})).toEqual({ kind: 'complete' });
    expect(headers.every((bytes) => node.chain.headerByHash(hashHeaderBytes(bytes)) !== undefined)).toBe(true);
  });
});

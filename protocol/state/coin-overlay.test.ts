import { describe, expect, test } from 'vitest';
import { sha256 } from '../crypto/hash.ts';
import type { Coin } from '../ledger/coin.ts';
import { outpointKey } from '../tx/outpoint.ts';
import { CoinOverlay } from './coin-overlay.ts';

const coin = (index: number): Coin => ({
  outpoint: { txid: sha256(Uint8Array.of(1)), index },
  element: 'value',
  amount: 1n,
  script: new Uint8Array(),
  layer: 0,
  type: 0,
  height: 1,
  medianTime: 1,
});

describe('coins of a block under way', () => {
  const [old, made, passing] = [coin(0), coin(1), coin(2)];
  const base = new Map([[outpointKey(old.outpoint), old]]);
  const start = () => new CoinOverlay((outpoint) => base.get(outpointKey(outpoint)));

  test('CN3 a coin is made once in a block, also where the block has spent it', () => {
    const overlay = start();
    expect(overlay.create(made)).toBe(true);
    expect(overlay.create(made)).toBe(false);
    overlay.spend(made);
    expect(overlay.create(made)).toBe(false);
    overlay.spend(old);
    expect(overlay.create(old)).toBe(false);
  });

  test('CN3 what is spent is gone for what follows, and what was made and spent within leaves no trace', () => {
    const overlay = start();
    overlay.create(made);
    overlay.create(passing);
    expect(overlay.find(passing.outpoint)).toBe(passing);
    overlay.spend(passing);
    overlay.spend(old);
    for (const { outpoint } of [passing, old]) expect(overlay.find(outpoint)).toBeUndefined();
    expect([overlay.created, overlay.spent]).toEqual([[made], [old]]);
  });
});

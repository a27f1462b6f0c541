import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MAX_BANS } from './limits.ts';
import { type KnownPeers, loadPeers, NO_PEERS, savePeers } from './peers-file.ts';

const KNOWN: KnownPeers = {
  addresses: [{ address: '/ip4/20.1.0.1/tcp/8490/p2p/12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo', reached: true }],
  banned: [['12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo', 1_800_000_000]],
  discouraged: [['20.1.0.1', 1_800_000_600]],
};

describe('the file of peers', () => {
  let folder: string;
  let path: string;
  const reports: unknown[] = [];
  const load = () => loadPeers(path, (error) => reports.push(error));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vc-peers-'));
    path = join(folder, 'peers');
    reports.length = 0;
  });

  afterEach(() => rm(folder, { recursive: true }));

  test('NW17 P7 gives back what was saved, and nothing where nothing was', async () => {
    expect(await load()).toEqual(NO_PEERS);
    await savePeers(path, KNOWN);
    expect(await load()).toEqual(KNOWN);
    expect(reports).toEqual([]);
  });

  test('NW17 torn, foreign and oversized files are reported and begun anew', async () => {
    await savePeers(path, KNOWN);
    const whole = await readFile(path, 'utf8');
    const many = JSON.stringify({
      format: 1,
      addresses: [],
      discouraged: [],
      banned: Array.from({ length: MAX_BANS + 1 }, (_, i) => [`${i}`, 1]),
    });
    const odd = [whole.slice(0, -9), '', '[]', 'null', whole.replace('"format":1', '"format":2'), whole.replace('true', '"<b>"'), many];
    for (const text of odd) {
      await writeFile(path, text);
      expect(await load()).toEqual(NO_PEERS);
    }
    expect(reports).toHaveLength(odd.length);
    for (const report of reports) expect(report).toMatchObject({ code: 'peers-file' });
  });
});

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { isFault } from '#protocol/fault';
import type { ActivityView } from '../rpc/chain-view.ts';
import { encodeActivityCsv } from './csv.ts';
import { askFaucet } from './faucet.ts';
import { encodeLabels, MAX_LABELS, parseLabels } from './labels.ts';

const entry = (label: string): ActivityView => ({
  txid: 'ab'.repeat(32),
  account: 0,
  kind: 'payment',
  creditChange: 0n,
  direction: 'out',
  change: -150_000_000n,
  fee: 141n,
  time: 1_800_000_000,
  counterparty: undefined,
  contact: undefined,
  label,
  proof: { stage: 'verified', height: 7, depth: 3, headerHash: undefined, peers: 3, checkedAt: undefined, checks: [], reason: undefined },
  finalDepth: 1,
});

describe('tables', () => {
  test('CW7 cells are quoted by RFC 4180, and a formula is only text', () => {
    const [head, row] = encodeActivityCsv([entry('=HYPERLINK("http://evil")')]).split('\r\n');
    expect(head).toBe('time,txid,direction,change,fee,height,stage,counterparty,label');
    expect(row).toContain(`"'=HYPERLINK(""http://evil"")"`);
    expect(row).toContain(',-1.5,');
    expect(encodeActivityCsv([entry('a,b\nc')])).toContain('"a,b\nc"');
  });
});

describe('labels', () => {
  test('CW6 lines of other kinds are passed over, too many are refused, long ones are cut', () => {
    const labels = [{ kind: 'addr' as const, ref: 'dvc1q', label: 'x'.repeat(400) }];
    const read = parseLabels(encodeLabels(labels));
    expect(isFault(read) ? read : read[0]?.label.length).toBe(255);
    expect(parseLabels('')).toEqual([]);
    expect(parseLabels('{"type":"nothing","ref":"a","label":"b"}')).toMatchObject({ fault: 'label-form' });
    expect(parseLabels(`${encodeLabels(labels)}\n`.repeat(MAX_LABELS + 1))).toMatchObject({ fault: 'label-count' });
  });
});

describe('BIP329', () => {
  const path = join(process.env.VC_VECTORS ?? '', 'bips', 'bip-0329_labels.jsonl');

  test.skipIf(!existsSync(path))('CW6 every line of the BIP comes back as it was read', () => {
    const text = readFileSync(path, 'utf8');
    const read = parseLabels(text);
    if (isFault(read)) throw new Error(read.fault);
    const lines = (of: string): unknown[] =>
      of
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    expect(lines(encodeLabels(read))).toEqual(lines(text));
    expect(read.length).toBe(8);
  });
});

describe('faucet', () => {
  afterEach(() => vi.unstubAllGlobals());
  const answering = (status: number, body: string) => vi.stubGlobal('fetch', async () => new Response(body, { status }));

  test('CW12 an answer is a txid or a code, and nothing else of it comes through', async () => {
    answering(200, JSON.stringify({ txid: 'ab'.repeat(32), amount: '1' }));
    expect(await askFaucet('dvc1q')).toEqual({ txid: 'ab'.repeat(32) });
    answering(429, JSON.stringify({ fault: 'faucet-wait' }));
    expect(await askFaucet('dvc1q')).toMatchObject({ fault: 'faucet-wait' });
    answering(200, JSON.stringify({ txid: '<b>update at http://evil</b>' }));
    expect(await askFaucet('dvc1q')).toMatchObject({ fault: 'faucet-answer' });
    answering(500, JSON.stringify({ fault: 'Please update at http://evil' }));
    expect(await askFaucet('dvc1q')).toMatchObject({ fault: 'faucet-answer' });
    answering(502, 'no json');
    expect(await askFaucet('dvc1q')).toMatchObject({ fault: 'faucet-unreachable' });
  });
});

import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodeBitcoinMessage } from '#protocol/bitcoin/envelope';
import { DEV_PARAMETERS } from '#protocol/params/networks';
import { openBitcoinHeaders } from './bitcoin-headers.ts';
import { followBitcoin } from './follow-bitcoin.ts';
import { mineRegtestHeader } from './mine-regtest.ts';
import { mineDueHeaders, startRegtestSource } from './regtest-source.ts';

const parameters = DEV_PARAMETERS.bitcoin;
const GENESIS_TIME = 1_800_000_000;

const eventually = async (what: () => boolean, milliseconds = 5_000): Promise<void> => {
  const end = Date.now() + milliseconds;
  while (!what()) {
    if (Date.now() > end) throw new Error(`not within ${milliseconds} ms: ${what}`);
    await delay(10);
  }
};

let folder: string;
const closing: (() => unknown)[] = [];
const at = { time: GENESIS_TIME - 1 };
const clock = { now: () => at.time };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vc-bitcoin-'));
  at.time = GENESIS_TIME - 1;
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  await rm(folder, { recursive: true });
});

const startSource = async () => {
  const source = await startRegtestSource({ parameters, file: join(folder, 'source.dat'), port: 0, clock, genesisTime: GENESIS_TIME });
  closing.push(source.close);
  return source;
};

const follow = async (addresses: readonly string[], file = 'node.dat') => {
  const followed = await followBitcoin({ parameters, file: join(folder, file), clock, addresses });
  closing.push(followed.close);
  return followed;
};

describe('the regtest source', () => {
  test('NW15 dates sixteen headers before genesis and mines one each interval after it', async () => {
    const source = await startSource();
    expect(source.headers.tip().height).toBe(16);
    expect(source.headers.tip().header.time).toBe(GENESIS_TIME - 2);
    at.time += 3;
    await eventually(() => source.headers.tip().height === 18);
    expect(source.headers.tip().header.time).toBe(GENESIS_TIME + 2);
  });

  test('NW15 mines the same headers for the same times, and makes up for no pause', async () => {
    const [one, other] = await Promise.all(
      ['a.dat', 'b.dat'].map((file) => openBitcoinHeaders({ parameters, file: join(folder, file), clock })),
    );
    at.time += 60;
    const due = { interval: 2, genesisTime: GENESIS_TIME };
    for (const headers of [one!, other!]) for (let t = GENESIS_TIME; t <= GENESIS_TIME + 60; t++) await mineDueHeaders(headers, due, t);
    expect(one!.tip().hash).toEqual(other!.tip().hash);
    const before = one!.tip().height;
    at.time += 1_000;
    await mineDueHeaders(one!, due, at.time);
    expect(one!.tip().height).toBeLessThanOrEqual(before + 2);
    expect(one!.tip().header.time).toBeGreaterThan(GENESIS_TIME + 1_050);
    await one!.close();
    await other!.close();
  });
});

describe('following Bitcoin', () => {
  test('NW14 takes what the source has, then each new header as it is mined', async () => {
    const source = await startSource();
    const followed = await follow([source.address]);
    await eventually(() => followed.tip().height === 16);
    at.time += 3;
    await eventually(() => followed.tip().height === 18, 2_000);
    expect(followed.tip().hash).toEqual(source.headers.tip().hash);
  });

  test('NW14 comes back after the source was away, and goes on from its file', async () => {
    const source = await startRegtestSource({ parameters, file: join(folder, 'source.dat'), port: 0, clock, genesisTime: GENESIS_TIME });
    const followed = await follow([source.address]);
    await eventually(() => followed.tip().height === 16);
    await source.close();
    await delay(100);
    const port = Number(source.address.split(':')[1]);
    const again = await startRegtestSource({ parameters, file: join(folder, 'source.dat'), port, clock, genesisTime: GENESIS_TIME });
    closing.push(again.close);
    at.time += 3;
    await eventually(() => followed.tip().height === 18, 10_000);
    await followed.close();
    const reopened = await openBitcoinHeaders({ parameters, file: join(folder, 'node.dat'), clock });
    expect(reopened.tip().height).toBe(18);
    await reopened.close();
  });

  test('NW14 cuts a torn header off the end of its file, and what breaks a rule with all after it', async () => {
    const file = join(folder, 'torn.dat');
    const headers = await openBitcoinHeaders({ parameters, file, clock });
    await mineDueHeaders(headers, { interval: 2, genesisTime: GENESIS_TIME }, GENESIS_TIME);
    await headers.close();
    await appendFile(file, new Uint8Array(33));
    const torn = await openBitcoinHeaders({ parameters, file, clock });
    expect(torn.tip().height).toBe(17);
    await torn.close();
    const whole = await readFile(file);
    expect(whole.length).toBe(17 * 80);
    await appendFile(file, new Uint8Array(160));
    const cut = await openBitcoinHeaders({ parameters, file, clock });
    expect(cut.tip().height).toBe(17);
    await cut.accept([mineRegtestHeader(cut.tip(), GENESIS_TIME + 2)]);
    await cut.close();
    expect((await stat(file)).size).toBe(18 * 80);
  });

  test('NW14 attack P1: a peer that lies about lengths is left, and headers come from the honest one', async () => {
    const lies: Server = createServer((socket: Socket) => {
      socket.on('error', () => undefined);
      closing.push(() => socket.destroy());
      const envelope = Buffer.from(encodeBitcoinMessage('regtest', { kind: 'headers', headers: [] }));
      envelope.writeUInt32LE(0xffff_ffff, 16);
      socket.write(envelope);
    });
    await new Promise<void>((resolve) => lies.listen(0, '127.0.0.1', resolve));
    closing.push(() => void lies.close());
    const source = await startSource();
    const followed = await follow([`127.0.0.1:${(lies.address() as { port: number }).port}`, source.address]);
    await eventually(() => followed.tip().height === 16);
    await followed.close();
  });

  test('NW14 attack B6: headers without work are refused, and none of them is kept', async () => {
    const headers = await openBitcoinHeaders({ parameters, file: join(folder, 'work.dat'), clock });
    const good = mineRegtestHeader(headers.tip(), GENESIS_TIME - 100);
    let idle = good.slice();
    for (let nonce = 0; ; nonce++) {
      idle = good.slice();
      new DataView(idle.buffer).setUint32(76, nonce, true);
      const verdict = await headers.accept([idle]);
      if ('fault' in verdict) {
        expect(verdict.fault).toBe('bitcoin-work');
        break;
      }
    }
    await headers.close();
    expect((await stat(join(folder, 'work.dat'))).size % 80).toBe(0);
  });
});

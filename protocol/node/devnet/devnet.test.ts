import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { isFault } from '#protocol/fault';
import { decodeNetworkFile } from '#protocol/params/network-file';
import { DEV_PARAMETERS } from '#protocol/params/networks';
import { encodeAddress } from '#protocol/script/address';
import { buildPayToKeyHash } from '#protocol/script/forms/pay-to-key';
import { verifyStore } from '../cli/verify-store.ts';
import { installNodeCrypto } from '../crypto/node-crypto.ts';
import { openDatabase } from '../store/database.ts';
import { wholeTable } from '../store/keys.ts';
import { buildDevGenesis } from './dev-genesis.ts';
import { DEVELOPMENT_PHRASE } from './dev-keys.ts';
import { findBusyPort, findPorts, fixedPorts } from './ports.ts';
import { prefillDevnet } from './prefill.ts';
import { type Devnet, runDevnet } from './run-devnet.ts';

const cleanups: (() => Promise<void> | void)[] = [];
beforeAll(() => installNodeCrypto());
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const makeFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'vc-devnet-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

interface Status {
  readonly height: number;
  readonly genesis: string;
  readonly peers: number;
}

const urlOf = (devnet: Devnet, node: number): string => `http://127.0.0.1:${devnet.file.ports.nodes[node]!.http}`;

const statusOf = async (devnet: Devnet, node: number): Promise<Status> =>
  (await fetch(`${urlOf(devnet, node)}/status`)).json() as Promise<Status>;

const until = async (what: string, holds: () => Promise<boolean>, seconds = 90): Promise<void> => {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await delay(200)) if (await holds().catch(() => false)) return;
  throw new Error(`waited in vain for ${what}`);
};

const start = async (folder: string): Promise<Devnet> => {
  const devnet = await runDevnet({ folder, ports: 'auto', prefill: 0, say: () => undefined });
  cleanups.push(() => devnet.stop());
  return devnet;
};

describe('development network', () => {
  test('ND40 genesis follows from its time alone and is what 10 says', () => {
    const genesis = buildDevGenesis(1_800_000_000, DEV_PARAMETERS);
    expect(buildDevGenesis(1_800_000_000, DEV_PARAMETERS).change.hash).toEqual(genesis.change.hash);
    expect(buildDevGenesis(1_800_000_004, DEV_PARAMETERS).change.hash).not.toEqual(genesis.change.hash);
    const [stakes, sources, circulation] = genesis.block.body.transactions;
    expect(stakes!.outputs.filter(({ amount }) => amount === 1_000_000_000_000n).length).toBe(64);
    expect(circulation!.outputs.filter(({ amount }) => amount === 10_000_000_000n).length).toBe(300);
    expect(sources!.outputs.filter(({ element }) => element === 'credit').map(({ amount }) => amount)).toEqual(
      Array.from({ length: 16 }, (_, i) => 100_000_000n << BigInt(i)),
    );
    expect(genesis.change.stakes.length).toBe(64);
    expect(readFileSync(join(import.meta.dirname, '../../SPEC.md'), 'utf8')).toContain(DEVELOPMENT_PHRASE);
  });

  test('ND42 the fixed ports are those of 10, and a busy one is found before anything is started', async () => {
    expect(fixedPorts()).toEqual({
      nodes: [0, 1, 2].map((i) => ({ http: 8480 + i, tcp: 8490 + i, ws: 8500 + i })),
      bitcoin: 8520,
    });
    const ports = await findPorts();
    expect(await findBusyPort(ports)).toBe(undefined);
    const taken = createServer().listen(ports.nodes[1]!.ws, '127.0.0.1');
    await new Promise((ready) => taken.once('listening', ready));
    expect(await findBusyPort(ports)).toBe(ports.nodes[1]!.ws);
    taken.close();
  });

  test('ND42 three processes make blocks; one killed stops nothing; the next start goes on', { timeout: 300_000 }, async () => {
    const folder = makeFolder();
    const devnet = await start(folder);
    expect(devnet.wallet).toMatch(/^http:\/\/localhost:\d+\/$/);
    const served = new Uint8Array(await (await fetch(`${devnet.wallet}network.json`)).arrayBuffer());
    expect(served).toEqual(new Uint8Array(readFileSync(join(folder, 'network.json'))));
    expect(isFault(decodeNetworkFile(served))).toBe(false);
    await until('a block on every node', async () =>
      (await Promise.all([0, 1, 2].map((i) => statusOf(devnet, i)))).every(({ height }) => height >= 1),
    );
    const page = await fetch(`${devnet.wallet}network.json`);
    const cookie = page.headers.get('set-cookie')!.split(';')[0]!;
    const address = encodeAddress(buildPayToKeyHash(new Uint8Array(20).fill(9)), DEV_PARAMETERS.addressPrefix);
    const grant = await fetch(`${devnet.wallet}faucet`, { method: 'POST', headers: { cookie }, body: JSON.stringify({ address }) });
    expect(grant.status).toBe(200);
    const { txid } = (await grant.json()) as { txid: string };
    const ask = (method: string, params: unknown[]): Promise<{ result: { confirmations?: number } | null }> =>
      fetch(`${urlOf(devnet, 2)}/rpc`, { method: 'POST', body: JSON.stringify({ id: 1, method, params }) }).then((r) => r.json() as never);
    await until(
      'the payment in a block of another node',
      async () => ((await ask('gettxout', [txid, 0, false])).result?.confirmations ?? 0) >= 1,
    );
    process.kill(devnet.pids[1]!, 'SIGKILL');
    const before = (await statusOf(devnet, 0)).height;
    await until('two more blocks on the other two', async () => {
      const [first, third] = await Promise.all([statusOf(devnet, 0), statusOf(devnet, 2)]);
      return first.height >= before + 2 && third.height >= before + 2;
    });
    const { genesis, height } = await statusOf(devnet, 0);
    await devnet.stop();
    const again = await start(folder);
    expect((await statusOf(again, 0)).genesis).toBe(genesis);
    await until('the killed node has caught up', async () => (await statusOf(again, 1)).height >= height);
    await again.stop();
    for (const pid of again.pids) expect(() => process.kill(pid, 0)).toThrow();
    const bytes = new Uint8Array(readFileSync(join(folder, 'network.json')));
    const file = decodeNetworkFile(bytes);
    if (isFault(file)) throw new Error(file.fault);
    expect(await verifyStore(join(folder, 'node-2'), { bytes, file }, () => undefined)).toMatchObject({ valid: true });
  });

  test('ND43 a prefilled chain passes the replay, and a changed body does not', { timeout: 300_000 }, async () => {
    const folder = makeFolder();
    const blocks = process.env.VC_SOAK === undefined ? 40 : 2_000;
    const now = Math.floor(Date.now() / 1000);
    const { file } = await prefillDevnet({ folder, ports: await findPorts(), blocks, now, say: () => undefined });
    const bytes = new Uint8Array(readFileSync(join(folder, 'network.json')));
    const verdict = await verifyStore(join(folder, 'node-3'), { bytes, file }, () => undefined);
    expect(verdict).toMatchObject({ valid: true, height: blocks });
    cpSync(join(folder, 'node-3'), join(folder, 'altered'), { recursive: true });
    const database = await openDatabase(join(folder, 'altered', 'store'));
    const bodies: [Uint8Array, Uint8Array][] = [];
    for await (const entry of database.entries(wholeTable('body'))) bodies.push(entry);
    const swapped = bodies.map(([key], i) => ({ type: 'put' as const, key, value: bodies[(i + 1) % bodies.length]![1] }));
    await database.writeDurably(swapped);
    await database.close();
    expect(await verifyStore(join(folder, 'altered'), { bytes, file }, () => undefined)).toMatchObject({ valid: false, fault: 'tx-root' });
    expect(existsSync(join(folder, 'node-1', 'store'))).toBe(true);
  });
});

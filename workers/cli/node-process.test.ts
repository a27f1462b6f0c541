import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { computeStateRoot } from '#protocol/block/state-root';
import { ZERO_HASH } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { encodeCoin } from '#protocol/ledger/coin-codec';
import { computeCoinKey } from '#protocol/ledger/coin-key';
import { type RegtestSource, startRegtestSource } from '#protocol/node/bitcoin/regtest-source';
import { askNode } from '#protocol/node/cli/ask-node';
import { systemClock } from '#protocol/node/cli/start-node';
import { installNodeCrypto } from '#protocol/node/crypto/node-crypto';
import { DevelopmentKeys } from '#protocol/node/devnet/dev-keys';
import { type DevnetFolder, nodeFolder } from '#protocol/node/devnet/devnet-folder';
import { FAUCET_GRANT } from '#protocol/node/devnet/faucet';
import { findPorts } from '#protocol/node/devnet/ports';
import { prefillDevnet } from '#protocol/node/devnet/prefill';
import { openStore } from '#protocol/node/store/store';
import { DEV_PARAMETERS } from '#protocol/params/networks';
import { encodeAddress } from '#protocol/script/address';
import { buildPayToKey, buildPayToKeyHash } from '#protocol/script/forms/pay-to-key';
import { computeOwnerTag } from '#protocol/script/owner-tag';
import { MemoryNodes } from '#protocol/trie/memory-nodes';
import { updateTrie } from '#protocol/trie/update';

const BLOCKS = 12;
const KILLS = 6;

const folder = mkdtempSync(join(tmpdir(), 'vc-process-'));
const data = nodeFolder(folder, 0);
let devnet: DevnetFolder;
let source: RegtestSource;
const running = new Set<ChildProcess>();

interface Node {
  readonly process: ChildProcess;
  readonly url: string;
  readonly logged: () => string;
  readonly printed: () => string;
  readonly closed: Promise<number | null>;
}

const spawnCommand = (args: readonly string[]): Omit<Node, 'url'> => {
  const child = spawn(process.execPath, ['--conditions=source', 'workers/cli/vc.ts', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let [printed, logged] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    logged += chunk.toString();
  });
  const closed = once(child, 'close').then(([code]) => {
    running.delete(child);
    return code as number | null;
  });
  return { process: child, logged: () => logged, printed: () => printed, closed };
};

const until = async (node: Omit<Node, 'url'>, what: string, holds: () => Promise<boolean> | boolean): Promise<void> => {
  for (const end = Date.now() + 120_000; Date.now() < end; await delay(20)) {
    if (await holds()) return;
    if (!running.has(node.process)) break;
  }
  throw new Error(`waited in vain for ${what}: ${node.logged()}`);
};

/** `vc node` as a person starts it: the only maker of its network, with all stakes. */
const startNode = async (...flags: readonly string[]): Promise<Node> => {
  const [{ http, tcp, ws }] = devnet.ports.nodes as [DevnetFolder['ports']['nodes'][number]];
  const ports = ['--http', http, '--tcp', tcp, '--ws', ws].map(String);
  const node = spawnCommand([
    'node',
    '--data',
    data,
    ...ports,
    '--bitcoin',
    source.address,
    '--solo',
    '--dev-node',
    '0',
    '--json',
    ...flags,
  ]);
  await until(node, 'its start', () => node.printed().includes('\n'));
  return { ...node, url: `http://127.0.0.1:${http}/` };
};

const statusOf = async ({ url }: Node): Promise<{ readonly height: number }> =>
  (await fetch(`${url}status`)).json() as Promise<{ height: number }>;

let payee = 0;
const pay = async ({ url }: Node, script = buildPayToKeyHash(new Uint8Array(20).fill(payee++))): Promise<string> => {
  const cookie = (await fetch(`${url}network.json`)).headers.get('set-cookie')?.split(';')[0] ?? '';
  const address = encodeAddress(script, DEV_PARAMETERS.addressPrefix);
  const answer = await fetch(`${url}faucet`, { method: 'POST', headers: { cookie }, body: JSON.stringify({ address }) });
  return ((await answer.json()) as { txid: string }).txid;
};

/** What the store holds, and the root that follows from its coins alone. */
const readStore = async () => {
  const store = await openStore({ folder: data, window: DEV_PARAMETERS.maxReorg, stakeEpoch: DEV_PARAMETERS.stakeEpoch });
  const leaves: { readonly key: Uint8Array; readonly value: Uint8Array }[] = [];
  let granted = 0;
  for await (const coin of store.coins()) {
    leaves.push({ key: computeCoinKey(computeOwnerTag(coin, DEV_PARAMETERS), coin.outpoint), value: encodeCoin(coin) });
    if (coin.amount === FAUCET_GRANT) granted++;
  }
  const roots = store.roots(store.meta!.tip)!;
  await store.close();
  const { root } = updateTrie(new MemoryNodes(), ZERO_HASH, leaves);
  return { coinsRoot: encodeHex(roots.coins), computed: encodeHex(root), stateRoot: encodeHex(computeStateRoot(roots)), granted };
};

const verify = async (): Promise<unknown> => {
  const replay = spawnCommand(['node', '--data', data, '--verify', '--json']);
  const code = await replay.closed;
  return { code, ...(JSON.parse(replay.printed()) as object) };
};

const runVc = async (...args: readonly string[]): Promise<{ readonly code: number | null; readonly printed: string }> => {
  const [{ http }] = devnet.ports.nodes as [DevnetFolder['ports']['nodes'][number]];
  const command = spawnCommand([...args, '--data', data, '--http', String(http), '--json']);
  return { code: await command.closed, printed: command.printed() };
};

beforeAll(async () => {
  installNodeCrypto();
  const now = Math.floor(systemClock.now());
  devnet = await prefillDevnet({ folder, ports: await findPorts(), blocks: BLOCKS, now, say: () => undefined });
  const { parameters, genesisTime } = devnet.file;
  const keys = new DevelopmentKeys();
  const secrets = Array.from({ length: parameters.genesisStakes }, (_, i) => encodeHex(keys.staker(i).secret));
  writeFileSync(join(data, 'staker-keys'), `${secrets.join('\n')}\n`);
  source = await startRegtestSource({
    parameters: parameters.bitcoin,
    file: join(folder, 'bitcoin-headers'),
    port: devnet.ports.bitcoin,
    clock: systemClock,
    genesisTime,
  });
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});
afterAll(async () => {
  await source.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a node in its own process', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    'ND44 logs a JSON object a line, and ends cleanly on %s with its store free',
    async (signal) => {
      const node = await startNode();
      expect(JSON.parse(node.printed())).toMatchObject({ http: devnet.ports.nodes[0]!.http, peerId: expect.any(String) as string });
      const { height } = await statusOf(node);
      await until(node, 'a block', async () => (await statusOf(node)).height > height);
      node.process.kill(signal);
      expect(await node.closed).toBe(0);
      const lines = node
        .logged()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { level: number; time: number; msg: string });
      expect(lines.every(({ level, time, msg }) => level < 40 && time > 0 && msg.length > 0)).toBe(true);
      expect(lines.map(({ msg }) => msg)).toEqual(expect.arrayContaining(['node started', 'block made', 'block']));
      const { coinsRoot, computed } = await readStore();
      expect(computed).toBe(coinsRoot);
    },
  );

  test(`ND2 C1 killed ${KILLS} times while payments run, it goes on each time, and its state is that of an undisturbed replay`, async () => {
    const heights: number[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      const node = await startNode();
      const { height } = await statusOf(node);
      heights.push(height);
      let paying = true;
      const payments = (async () => {
        while (paying)
          await pay(node).then(
            () => delay(30),
            () => delay(30),
          );
      })();
      await until(node, 'a block', async () => (await statusOf(node)).height > height);
      await delay(kill * 60);
      node.process.kill('SIGKILL');
      expect(await node.closed).toBe(null);
      paying = false;
      await payments;
      expect(node.logged()).not.toMatch(/part failed|cannot go on|own block refused/);
    }
    expect(heights.every((height, i) => i === 0 || height > heights[i - 1]!)).toBe(true);
    const { coinsRoot, computed, stateRoot, granted } = await readStore();
    expect(computed).toBe(coinsRoot);
    expect(granted).toBeGreaterThan(KILLS);
    expect(await verify()).toMatchObject({ code: 0, valid: true, stateRoot });
  });

  test('BD9 ND2 C1 killed between the two steps of a record, it goes on with the second', { timeout: 240_000 }, async () => {
    const file = join(folder, 'record.json');
    const agent = new DevelopmentKeys().agent(0).publicKey;
    const local = { folder: data, port: devnet.ports.nodes[0]!.http };
    const ask = <T>(method: string, ...params: readonly unknown[]) => askNode(local, method, params) as Promise<T>;
    const depthOf = async (txid: string): Promise<number> =>
      (await ask<{ confirmations?: number }>('getrawtransaction', txid, true)).confirmations ?? 0;

    const first = await startNode();
    const money = await pay(first, buildPayToKey(agent));
    await until(first, 'money', async () => (await depthOf(money)) > 0);
    const commitment = '5c'.repeat(32);
    const members = ['--dev', 'agent:0', '--dev', 'member:0'];
    const planned = await runVc('record', 'register', '--master', 'account:1', '--commitment', commitment, ...members, '--out', file);
    expect(planned.code).toBe(0);
    const { before } = JSON.parse(readFileSync(file, 'utf8')) as { readonly before: readonly string[] };
    const committed: string[] = [];
    for (const hex of before) committed.push(await ask<string>('sendrawtransaction', hex));
    await until(first, 'the commitment', async () => (await depthOf(committed.at(-1)!)) > 0);
    first.process.kill('SIGKILL');
    expect(await first.closed).toBe(null);

    const second = await startNode();
    for (const txid of committed) expect(await depthOf(txid)).toBeGreaterThan(0);
    expect((await runVc('draft', 'send', file, '--wait', '120')).code).toBe(0);
    const key = spawnCommand(['key', '--dev', 'account:1', '--json']);
    expect(await key.closed).toBe(0);
    const [{ account }] = JSON.parse(key.printed()) as [{ readonly account: string }];
    expect(JSON.parse((await runVc('record', 'show', 'realname', account)).printed)).toMatchObject({ identity: commitment });
    second.process.kill('SIGKILL');
    expect(await second.closed).toBe(null);
    const { coinsRoot, computed, stateRoot } = await readStore();
    expect(computed).toBe(coinsRoot);
    expect(await verify()).toMatchObject({ code: 0, valid: true, stateRoot });
  });
});

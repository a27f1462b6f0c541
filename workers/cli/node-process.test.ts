import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
import { buildPayToKeyHash } from '#protocol/script/forms/pay-to-key';
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
const pay = async ({ url }: Node): Promise<string> => {
  const cookie = (await fetch(`${url}network.json`)).headers.get('set-cookie')?.split(';')[0] ?? '';
  const script = buildPayToKeyHash(new Uint8Array(20).fill(payee++));
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
});

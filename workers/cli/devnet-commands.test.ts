import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tcp } from '@libp2p/tcp';
import { webSockets } from '@libp2p/websockets';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeHex, encodeHex } from '#protocol/codec/hex';
import { encodeField } from '#protocol/codec/schema';
import { Failure } from '#protocol/failure';
import { isFault } from '#protocol/fault';
import { computeOwnerRange } from '#protocol/ledger/coin-key';
import { installNodeCrypto } from '#protocol/node/crypto/node-crypto';
import { type Devnet, runDevnet } from '#protocol/node/devnet/run-devnet';
import { decodeNetworkFile, type NetworkFile } from '#protocol/params/network-file';
import { DEV_PARAMETERS } from '#protocol/params/networks';
import { encodeAddress } from '#protocol/script/address';
import { buildPayToKeyHash } from '#protocol/script/forms/pay-to-key';
import { computeScriptTag } from '#protocol/script/owner-tag';
import { PROTOCOLS, protocolId } from '#protocol/wire/protocols';
import { PeerNetwork } from '../net/peer-network.ts';
import { toJson } from './finish.ts';
import { inspect as inspectInput } from './inspect/register.ts';
import { LightClient } from './light-client.ts';

const EXAMPLE = 'docs/examples/check-payment.ts';
const VC = 100_000_000n;
const addressOf = (seed: number): string => encodeAddress(buildPayToKeyHash(new Uint8Array(20).fill(seed)), DEV_PARAMETERS.addressPrefix)!;

const folder = mkdtempSync(join(tmpdir(), 'vc-tools-'));
let devnet: Devnet;
let network: NetworkFile;
const networkFile = (): string => join(folder, 'network-copy.json');

const rpc = async <T>(method: string, ...params: unknown[]): Promise<T> => {
  const answer = await fetch(`${devnet.wallet}rpc`, { method: 'POST', body: JSON.stringify({ id: 1, method, params }) });
  return ((await answer.json()) as { result: T }).result;
};

const pay = async (address: string): Promise<string> => {
  const page = await fetch(`${devnet.wallet}network.json`);
  const cookie = page.headers.get('set-cookie')?.split(';')[0] ?? '';
  const answer = await fetch(`${devnet.wallet}faucet`, { method: 'POST', headers: { cookie }, body: JSON.stringify({ address }) });
  return ((await answer.json()) as { txid: string }).txid;
};

/** Runs a file of this repository in a process of its own, as a person does. */
const run = async (args: readonly string[], input?: string) => {
  const child: ChildProcess = spawn(process.execPath, args, { stdio: 'pipe' });
  const written = { out: '', err: '' };
  child.stdout?.on('data', (chunk) => (written.out += chunk));
  child.stderr?.on('data', (chunk) => (written.err += chunk));
  child.stdin?.end(input ?? '');
  const [code] = await once(child, 'close');
  return { ...written, code: code as number };
};
const vc = (...args: readonly string[]) => run(['--conditions=source', 'workers/cli/vc.ts', ...args]);
interface Found {
  readonly kind: string;
  readonly fields: Record<string, never>;
  readonly faults: readonly { readonly fault: string }[];
}

/** The command's answer as it is printed. */
const inspect = (input: string, flags: { readonly root?: string; readonly prefix?: string } = {}): Found =>
  JSON.parse(toJson(inspectInput(new TextEncoder().encode(input), { prefix: '', network: 'dev', ...flags }))) as Found;

beforeAll(async () => {
  installNodeCrypto();
  expect(spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'workers/cli']).status).toBe(0);
  devnet = await runDevnet({ folder, ports: 'auto', prefill: 30, say: () => undefined });
  const file = new Uint8Array(await (await fetch(`${devnet.wallet}network.json`)).arrayBuffer());
  writeFileSync(networkFile(), file);
  const decoded = decodeNetworkFile(file);
  if (isFault(decoded)) throw new Error(decoded.fault);
  network = decoded;
}, 180_000);
afterAll(async () => {
  await devnet.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('a merchant', () => {
  test('CW10 CW43 checks a payment in twenty lines that run as they stand in docs/integrate.md', async () => {
    const source = readFileSync(EXAMPLE, 'utf8');
    expect(readFileSync('docs/integrate.md', 'utf8')).toContain(`\`\`\`ts\n${source}\`\`\``);
    expect(source.trim().split('\n').length).toBeLessThanOrEqual(20);
    const waiting = run([EXAMPLE, `${devnet.wallet}network.json`, addressOf(21), '10', '2']);
    const txid = await pay(addressOf(21));
    const { out, code } = await waiting;
    expect(code).toBe(0);
    expect(out).toContain(`1000000000 units in ${txid}:`);
    expect(out).toMatch(/verified: \d+ deep, [123] nodes agree/);
  }, 120_000);

  test('CW43 sees a balance, an empty address, and the failures by their codes', async () => {
    const address = addressOf(22);
    const client = await LightClient.open({ network: networkFile(), privacy: 'exact' });
    const empty = await client.verifyAddress(address, 60);
    expect(empty).toMatchObject({ balance: 0n, coins: [] });
    expect(empty.peersAgreeing).toBeGreaterThan(0);
    const heights: number[] = [];
    const stop = client.follow(address, ({ height }) => heights.push(height));
    await pay(address);
    const paid = await client.waitForPayment({ address, amount: 10n * VC, confirmations: 1, seconds: 60 });
    expect(paid).toMatchObject({ amount: 10n * VC, state: { address, balance: 10n * VC } });
    stop();
    expect(heights).toEqual([...heights].sort((a, b) => a - b));
    await expect(client.waitForPayment({ address, amount: 11n * VC, confirmations: 1, seconds: 0.2 })).rejects.toThrow(
      new Failure('not-verified'),
    );
    await expect(client.verifyAddress('dvc1nothing')).rejects.toThrow(new Failure('address-character'));
    const endless = client.waitForPayment({ address, amount: 99n * VC, confirmations: 1 });
    const ended = expect(endless).rejects.toThrow(new Failure('closed'));
    await client.close();
    await ended;
    await expect(LightClient.open({ network: join(folder, 'nothing.json') })).rejects.toThrow(new Failure('network-file'));
    const shown = await vc('light', address, '--network', `${devnet.wallet}network.json`, '--exact', '--json');
    expect(JSON.parse(shown.out)).toMatchObject({ address, balance: String(10n * VC), coins: [{ element: 'value', layer: 0 }] });
    expect(shown.code).toBe(0);
    const refused = await vc('light', `bc1${address.slice(4)}`, '--network', networkFile());
    expect(refused).toMatchObject({ out: '', code: 1 });
    expect(refused.err).toMatch(/^vc: address-/m);
  }, 120_000);
});

describe('vc inspect on what a running network made', () => {
  test('CW13 names every field of a header, a block and a payment, and finds no fault in them', async () => {
    const txid = await pay(addressOf(23));
    const hash = await rpc<string>('getbestblockhash');
    const shown = await rpc<Record<string, unknown>>('getblockheader', hash, true);
    const header = inspect(await rpc<string>('getblockheader', hash, false));
    expect(header).toMatchObject({ kind: 'header', faults: [] });
    expect(header.fields).toMatchObject({
      hash,
      height: shown.height,
      time: shown.time,
      txRoot: shown.merkleroot,
      stateRoot: shown.stateroot,
    });
    const fields = [
      'previous',
      'bits',
      'bitcoin',
      'config',
      'txRoot',
      'witnessRoot',
      'historyRoot',
      'filterHash',
      'versionsRoot',
      'economy',
    ];
    for (const field of [...fields, 'weight', 'right', 'signature']) expect(header.fields).toHaveProperty(field);
    const payment = inspect(await rpc<string>('getrawtransaction', txid));
    expect(payment).toMatchObject({ kind: 'transaction', faults: [], fields: { txid, layer: 'circulation', type: 'transfer' } });
    expect(JSON.stringify(payment.fields)).toContain(addressOf(23));
  }, 120_000);

  test('CW13 reads a block from a file and from stdin, and ends with 1 when a bit of it is another', async () => {
    const hash = await rpc<string>('getbestblockhash');
    const block = await rpc<string>('getblock', hash, 0);
    const file = join(folder, 'block.bin');
    writeFileSync(file, decodeHex(block) as Uint8Array);
    const read = await vc('inspect', '--file', file);
    expect(JSON.parse(read.out)).toMatchObject({ kind: 'block', faults: [], fields: { header: { hash } } });
    expect(read.code).toBe(0);
    const broken = `${block.slice(0, 1400)}${block[1400] === '0' ? '1' : '0'}${block.slice(1401)}`;
    expect((await run(['--conditions=source', 'workers/cli/vc.ts', 'inspect'], broken)).code).toBe(1);
  }, 120_000);

  test('CW13 verifies the answer of a node under the state root of a header', async () => {
    const hash = await rpc<string>('getbestblockhash');
    const { stateroot: root } = await rpc<{ stateroot: string }>('getblockheader', hash, true);
    const peers = new PeerNetwork([tcp(), webSockets()]);
    await peers.start({ connected: () => undefined, lost: () => undefined, gossip: async () => 'ignore' });
    const peer = await peers.dial(network.bootstrap[0]!);
    const range = computeOwnerRange(computeScriptTag(buildPayToKeyHash(new Uint8Array(20).fill(22))));
    const ask = async (trie: 'coins' | 'stakes', ranges: (typeof range)[]) => {
      const request = encodeField(PROTOCOLS.proof.request, { block: decodeHex(hash) as never, trie, ranges });
      return encodeHex(await peers.ask(peer, protocolId('dev', 'proof'), request, { seconds: 30, maxAnswer: PROTOCOLS.proof.maxAnswer }));
    };
    const prefix = encodeHex(range.lo).slice(0, 24);
    const answer = await ask('coins', [range]);
    const found = inspect(answer, { root, prefix });
    expect(found).toMatchObject({ kind: 'proof', faults: [], fields: { complete: true, answer: { trie: 'coins', rest: 0 } } });
    expect(found.fields.leaves).toMatchObject([{ coin: { amount: String(10n * VC) }, address: addressOf(22) }]);
    const other = `${prefix.slice(0, 23)}${prefix[23] === '0' ? '1' : '0'}`;
    expect(inspect(answer, { root, prefix: other }).faults).not.toEqual([]);
    expect(inspect(answer, { root: hash, prefix }).faults).toMatchObject([{ fault: 'root' }]);
    const all = inspect(await ask('stakes', [{ lo: new Uint8Array(32), hi: new Uint8Array(32).fill(255) }]), { root, prefix: '/0' });
    expect(all.fields.leaves).toHaveLength(64);
    expect(all.faults).toEqual([]);
    await peers.stop();
  }, 120_000);
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeReversedHex } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { hash160, sha256 } from '#protocol/crypto/hash';
import { checkParameters } from '#protocol/params/check-parameters';
import { encodeNetworkFile } from '#protocol/params/network-file';
import { DEV_PARAMETERS } from '#protocol/params/networks';
import { encodeAddress } from '#protocol/script/address';
import { buildPayToKeyHash } from '#protocol/script/forms/pay-to-key';
import { computeTxid } from '#protocol/tx/identity';
import { encodeTransaction } from '#protocol/tx/transaction-codec';
import { type FixtureNode, faucetPayment, openFixtureNode } from '../chain/chain-fixture.ts';
import { buildGrant, buildRepayment, DEBTOR, draw, include, personOf, scriptOf } from '../chain/debt-fixture.ts';
import { installNodeCrypto } from '../crypto/node-crypto.ts';
import { Faucet } from '../devnet/faucet.ts';
import { findPorts } from '../devnet/ports.ts';
import type { NodeNetwork } from '../network/contract.ts';
import { startNetwork } from '../network/start-network.ts';
import { namesStaleBitcoin } from './metrics.ts';
import { escapeHtml } from './page.ts';
import { toWebSocketUrl } from './policy.ts';
import { makeRpcTable } from './rpc-methods.ts';
import { type HttpServer, startHttp } from './server.ts';
import type { NodeServices } from './services.ts';

const TOKEN = 'f'.repeat(64);
const folder = mkdtempSync(join(tmpdir(), 'vc-http-'));
const webFolder = join(folder, 'web');

let node: FixtureNode;
let network: NodeNetwork;
let http: HttpServer;
let services: NodeServices;
let stopped = false;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly bytes: Buffer;
}

/** A request as any program could make it, Host and Origin included. */
const ask = (path: string, options: { method?: string; headers?: Record<string, string>; body?: string } = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body } = options;
    const sent = request(
      { host: '127.0.0.1', port: http.port, agent: false, path, method, headers: { host: `localhost:${http.port}`, ...headers } },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          const bytes = Buffer.concat(chunks);
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: bytes.toString(), bytes });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });

const cookie = (): Record<string, string> => ({ cookie: `other=1; vc-token-${http.port}=${TOKEN}` });

const rpc = async (
  method: string,
  params: readonly unknown[] = [],
  headers: Record<string, string> = {},
): Promise<{ readonly result: never; readonly error: unknown }> => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  return JSON.parse((await ask('/rpc', { method: 'POST', headers, body })).text);
};

beforeAll(async () => {
  installNodeCrypto();
  mkdirSync(join(webFolder, 'assets'), { recursive: true });
  writeFileSync(join(webFolder, 'index.html'), '<!doctype html><title>wallet</title>');
  writeFileSync(join(webFolder, 'assets/app-1234.js'), 'export {};');
  writeFileSync(join(webFolder, 'assets/large-1234.js'), 'export const same = 1;\n'.repeat(5_000));
  writeFileSync(join(webFolder, '.secret.json'), '{}');
  writeFileSync(join(folder, 'outside.json'), '{}');
  writeFileSync(
    join(webFolder, 'csp.json'),
    JSON.stringify({ policy: "default-src 'none'; connect-src 'self' {connect}; base-uri 'none'" }),
  );
  node = await openFixtureNode(join(folder, 'node'));
  await node.grow(3);
  const clock = { now: () => node.time() };
  network = await startNetwork({
    chain: node.chain,
    mempool: node.mempool,
    bitcoin: node.bitcoin,
    clock,
    seed: sha256(Uint8Array.of(1)),
    listen: ['/ip4/127.0.0.1/tcp/0'],
    bootstrap: [],
  });
  const parameters = checkParameters(DEV_PARAMETERS);
  if ('fault' in parameters) throw new Error(parameters.fault);
  const networkFile = new Uint8Array(
    encodeNetworkFile({
      name: 'dev',
      genesisHash: node.chain.genesis,
      genesisTime: node.chain.genesisTime,
      from: 0,
      parameters,
      checkpoints: [],
      bootstrap: ['/ip4/127.0.0.1/tcp/8490/p2p/12D3', '/ip4/127.0.0.1/tcp/8500/ws/p2p/12D3', '/dns4/node.example/tcp/443/wss/p2p/12D3'],
    }),
  );
  services = {
    chain: node.chain,
    mempool: node.mempool,
    bitcoin: node.bitcoin,
    network,
    mailbox: { figures: () => ({ posts: 7, bytes: 28_672, topics: 2 }) },
    policy: node.policy,
    punishments: () => 5,
    staking: () => ({ enabled: true, stakes: 64, blocksMade: 3, waitsFor: undefined }),
    faucet: new Faucet({ chain: node.chain, mempool: node.mempool, clock, node: 0 }).give,
    networkFile,
    log: pino({ level: 'silent' }),
    startedAt: node.time(),
    now: clock.now,
    stop: () => {
      stopped = true;
    },
  };
  const { nodes } = await findPorts();
  http = await startHttp(services, { port: nodes[0]!.http, token: TOKEN, webFolder });
});

afterAll(async () => {
  await http.close();
  await network.close();
  await node.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('http', () => {
  test('ND30 W5 every response carries the policy and the protective headers, errors included', async () => {
    const policy = "default-src 'none'; connect-src 'self' ws://127.0.0.1:8500 wss://node.example:443; base-uri 'none'";
    const answers = await Promise.all([
      ask('/'),
      ask('/send/review'),
      ask('/assets/app-1234.js'),
      ask('/assets/missing.js'),
      ask('/status'),
      ask('/network.json'),
      ask('/rpc', { method: 'POST', body: '{' }),
      ask('/', { headers: { host: 'evil.example' } }),
      ask('/status', { method: 'DELETE' }),
      ask('/faucet', { method: 'POST', headers: cookie(), body: 'x'.repeat(1_000_001) }),
    ]);
    for (const { headers } of answers) {
      expect(headers['content-security-policy']).toBe(policy);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['cross-origin-opener-policy']).toBe('same-origin');
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 404, 200, 200, 200, 403, 404, 413]);
  });

  test('ND30 the wallet is served with its types, and nothing outside its folder', async () => {
    expect((await ask('/')).headers['content-type']).toContain('text/html');
    expect((await ask('/assets/app-1234.js')).headers['cache-control']).toContain('immutable');
    expect((await ask('/')).headers['cache-control']).toBe('no-cache');
    for (const path of ['/../outside.json', '/%2e%2e/outside.json', '/..%2foutside.json', '/.secret.json', '/assets/../../outside.json'])
      expect([path, (await ask(path)).status]).toEqual([path, 404]);
    expect(toWebSocketUrl('/ip4/127.0.0.1/tcp/8490/p2p/x')).toBe(undefined);
    expect(toWebSocketUrl('/ip6/::1/tcp/8500/ws')).toBe('ws://[::1]:8500');
  });

  test('ND45 the wallet is compressed for who accepts it, what may hold secrets never', async () => {
    const accepting = { 'accept-encoding': 'gzip, br' };
    const plain = await ask('/assets/large-1234.js');
    const packed = await ask('/assets/large-1234.js', { headers: accepting });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(packed.headers['content-security-policy']).toBe(plain.headers['content-security-policy']);
    expect(packed.headers.vary).toBe('Accept-Encoding');
    expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 10);
    expect(gunzipSync(packed.bytes)).toEqual(plain.bytes);
    for (const path of ['/status', '/health', '/network.json', '/node'])
      expect((await ask(path, { headers: accepting })).headers['content-encoding']).toBeUndefined();
    const call = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'getblockchaininfo', params: [] });
    expect((await ask('/rpc', { method: 'POST', headers: accepting, body: call })).headers['content-encoding']).toBeUndefined();
  });

  test('ND31 another Host, another Origin, a missing or wrong token are refused', async () => {
    const port = http.port;
    for (const host of ['localhost', `localhost:${port + 1}`, 'evil.example', `evil.example:${port}`])
      expect([host, (await ask('/status', { headers: { host } })).status]).toEqual([host, 403]);
    for (const origin of ['null', 'http://evil.example', `http://localhost:${port + 1}`, `https://localhost:${port}`])
      expect([origin, (await ask('/status', { headers: { origin } })).status]).toEqual([origin, 403]);
    for (const host of [`127.0.0.1:${port}`, `[::1]:${port}`]) expect((await ask('/status', { headers: { host } })).status).toBe(200);
    expect((await ask('/status', { headers: { origin: `http://localhost:${port}` } })).status).toBe(200);
    expect((await ask('/faucet', { method: 'POST', body: '{}' })).status).toBe(403);
    expect((await ask('/faucet', { method: 'POST', headers: { cookie: `vc-token-${port}=wrong` }, body: '{}' })).status).toBe(403);
    expect((await ask('/faucet', { method: 'POST', headers: { cookie: `vc-token-1=${TOKEN}` }, body: '{}' })).status).toBe(403);
    expect(await rpc('stop')).toMatchObject({ error: { message: 'token-missing' } });
    expect(await rpc('sendrawtransaction', ['00'])).toMatchObject({ error: { message: 'token-missing' } });
    expect(stopped).toBe(false);
    const set = (await ask('/')).headers['set-cookie'];
    expect(String(set)).toMatch(new RegExp(`^vc-token-${port}=${TOKEN}; Path=/; HttpOnly; SameSite=Strict$`));
  });

  test('ND32 JSON-RPC answers as Bitcoin Core does where the thing exists here', async () => {
    const tip = node.chain.tip();
    expect((await rpc('getblockcount')).result).toBe(3);
    expect((await rpc('getblockchaininfo')).result).toMatchObject({
      chain: 'dev',
      blocks: 3,
      headers: 3,
      bestblockhash: encodeHex(tip.hash),
    });
    const hash = (await rpc('getblockhash', [2])).result;
    expect(hash).toBe(encodeHex(node.chain.headerAt(2)!.hash));
    expect((await rpc('getblockheader', [hash])).result).toMatchObject({ height: 2, confirmations: 2, nextblockhash: encodeHex(tip.hash) });
    expect((await rpc('getblockheader', [hash, false])).result).toBe(encodeHex(node.chain.headerAt(2)!.bytes));
    expect(await rpc('getblock', [hash])).toMatchObject({ result: { nTx: 1, tx: [expect.any(String)] } });
    expect(await rpc('getblock', [hash, 2])).toMatchObject({ result: { tx: [{ locktime: 2 }] } });
    expect((await rpc('getblock', [hash, 0])).result).toMatch(/^[0-9a-f]+$/);
    expect(await rpc('getblockhash', [99])).toMatchObject({ error: { code: -8 } });
    expect(await rpc('getblockhash', ['2'])).toMatchObject({ error: { code: -8 } });
    expect(await rpc('getblock', ['00'.repeat(32)])).toMatchObject({ error: { code: -5 } });
    expect(await rpc('getblock', ['zz'])).toMatchObject({ error: { code: -8 } });
    expect(await rpc('nosuchmethod')).toMatchObject({ error: { code: -32601 } });
    expect(await rpc('toString')).toMatchObject({ error: { code: -32601 } });
    expect((await rpc('help')).result).toContain('getblockchaininfo');
    expect(JSON.parse((await ask('/rpc', { method: 'POST', body: '[]' })).text)).toMatchObject({ error: { code: -32600 } });
    expect(JSON.parse((await ask('/rpc', { method: 'POST', body: 'null' })).text)).toMatchObject({ error: { code: -32600 } });
    const batch = JSON.stringify([
      { id: 1, method: 'uptime' },
      { id: 2, method: 'getconnectioncount' },
    ]);
    expect(JSON.parse((await ask('/rpc', { method: 'POST', body: batch })).text)).toMatchObject([{ id: 1 }, { id: 2, result: 0 }]);
  });

  test('ND32 a transaction is sent, seen in the pool, in a block, and refused with its code', async () => {
    const payment = faucetPayment(node, 5, 700n);
    const hex = encodeHex(encodeTransaction(payment));
    const txid = encodeReversedHex(computeTxid(payment));
    const bearer = { authorization: `Bearer ${TOKEN}` };
    expect(await rpc('sendrawtransaction', [hex.slice(0, -2)], bearer)).toMatchObject({
      error: { code: -26, data: { fault: expect.any(String) } },
    });
    expect(await rpc('sendrawtransaction', [hex], bearer)).toMatchObject({ result: txid });
    expect((await rpc('getrawmempool')).result).toEqual([txid]);
    expect((await rpc('getrawmempool', [true])).result[txid]).toMatchObject({ fees: { base: '0.00000700' }, ancestorcount: 1 });
    expect((await rpc('getmempoolentry', [txid])).result).toMatchObject({ descendantcount: 1 });
    expect((await rpc('getmempoolinfo')).result).toMatchObject({ size: 1, bytes: hex.length / 2 });
    expect((await rpc('gettxout', [txid, 0])).result).toMatchObject({ confirmations: 0, value: '99.99999300' });
    expect((await rpc('gettxout', [txid, 0, false])).result).toBe(null);
    expect((await rpc('getrawtransaction', [txid])).result).toBe(hex);
    await node.grow(1);
    expect((await rpc('gettxout', [txid, 0, false])).result).toMatchObject({ confirmations: 1, element: 'value' });
    expect((await rpc('getrawtransaction', [txid, true])).result).toMatchObject({ txid, confirmations: 1, hex });
    expect(await rpc('getrawtransaction', ['11'.repeat(32)])).toMatchObject({ error: { code: -5 } });
    expect((await rpc('decoderawtransaction', [hex])).result).toMatchObject({ txid });
  });

  test('BD13 coins of an address, its debts, sources and records are listed', async () => {
    const { script, publicKey } = { script: scriptOf(DEBTOR), publicKey: personOf(DEBTOR).publicKey };
    const address = encodeAddress(script, DEV_PARAMETERS.addressPrefix);
    const scanned = async (desc: unknown) =>
      (await rpc('scantxoutset', ['start', [desc]])).result as { unspents: object[]; total_amount: string };
    const coins = await scanned(`addr(${address})`);
    expect(coins).toMatchObject({ success: true, unspents: [{ element: 'value', amount: '100.00000000', spentinpool: false }] });
    expect(await scanned({ desc: `raw(${encodeHex(script)})` })).toEqual(coins);
    expect(await scanned(`tag(${encodeHex(hash160(publicKey))})`)).toEqual(coins);
    for (const wrong of ['addr(x)', 'tag(00)', 'other(00)', 7, null])
      expect(await rpc('scantxoutset', ['start', [wrong]])).toMatchObject({ error: { code: -8 } });
    expect(await rpc('scantxoutset', ['abort', []])).toMatchObject({ error: { code: -8 } });
    expect(await rpc('scantxoutset', ['start', Array(101).fill(`addr(${address})`)])).toMatchObject({ error: { code: -8 } });
    const sources = (await rpc('listcreditsources')).result as { amount: string; layer: number }[];
    expect(sources.map(({ amount }) => amount)).toEqual(Array.from({ length: 16 }, (_, i) => `${2 ** i}.00000000`));
    const group = (await rpc('getrecord', ['group', encodeHex(new TextEncoder().encode('admission'))])).result;
    expect(group).toMatchObject({ table: 'group', seat: null, height: 0, value: expect.stringMatching(/^0[23][0-9a-f]{64}$/) });
    expect((await rpc('getrecord', ['agent', '00'])).result).toBe(null);
    expect(await rpc('getrecord', [1, '00'])).toMatchObject({ error: { code: -8 } });
    expect((await rpc('listdebts', [`addr(${address})`])).result).toEqual([]);
    const drawn = await draw(node, { kind: 'blocks', blocks: 50 }, 12);
    const [debt] = (await rpc('listdebts', [`addr(${address})`])).result as object[];
    expect(debt).toMatchObject({
      element: 'debt',
      term: { kind: 'blocks' },
      due: { kind: 'height', due: expect.any(Number) },
      overdue: false,
    });
    await include(node, buildRepayment(drawn, 1_000n));
    expect((await rpc('listdebts', [`addr(${address})`])).result).toEqual([]);
  });

  test('ND32 an address is validated, or refused with its code', async () => {
    const script = buildPayToKeyHash(new Uint8Array(20).fill(3));
    const address = encodeAddress(script, DEV_PARAMETERS.addressPrefix)!;
    expect((await rpc('validateaddress', [address])).result).toEqual({
      isvalid: true,
      address,
      scriptPubKey: encodeHex(script),
      isscript: false,
      iswitness: true,
      witness_version: 0,
      witness_program: '03'.repeat(20),
    });
    const shared = encodeAddress(Uint8Array.of(0, 32, ...new Uint8Array(32)), DEV_PARAMETERS.addressPrefix)!;
    expect((await rpc('validateaddress', [shared.toUpperCase()])).result).toMatchObject({ isvalid: true, address: shared, isscript: true });
    const bad = async (text: string) => (await rpc('validateaddress', [text])).result;
    expect(await bad(address.replace('dvc', 'tvc'))).toEqual({ isvalid: false, error_locations: [], error: 'address-checksum' });
    expect(await bad('bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4')).toMatchObject({ isvalid: false, error: 'address-network' });
    expect(await rpc('validateaddress', [7])).toMatchObject({ error: { code: -3 } });
  });

  test('ND32 a transaction is tested without being taken', async () => {
    const payment = faucetPayment(node, 7, 700n);
    const hex = encodeHex(encodeTransaction(payment));
    const txid = encodeReversedHex(computeTxid(payment));
    const judge = async (...given: readonly string[]) => (await rpc('testmempoolaccept', [given])).result;
    expect(await judge(hex)).toEqual([
      { txid, wtxid: expect.any(String), allowed: true, vsize: expect.any(Number), fees: { base: '0.00000700' } },
    ]);
    expect(node.mempool.pool.size).toBe(0);
    const poor = encodeHex(encodeTransaction(faucetPayment(node, 7, 1n)));
    const unsigned = encodeHex(encodeTransaction({ ...payment, inputs: payment.inputs.map((input) => ({ ...input, witness: [] })) }));
    const refused = [
      { allowed: false, 'reject-reason': 'fee-rate', 'reject-details': { fee: '1' } },
      { txid, allowed: false, 'reject-reason': expect.any(String) },
      { txid, allowed: true },
    ];
    expect(await judge(poor, unsigned, hex)).toMatchObject(refused);
    await node.mempool.submit(encodeTransaction(payment));
    expect(await judge(hex)).toMatchObject([{ txid, allowed: false, 'reject-reason': 'already-pooled' }]);
    await node.grow(1);
    expect(await judge(hex)).toMatchObject([{ txid, allowed: false, 'reject-reason': 'already-confirmed' }]);
    for (const params of [[], [[]], [Array<string>(26).fill(hex)], [['zz']]])
      expect(await rpc('testmempoolaccept', params)).toMatchObject({ error: { code: -8 } });
    expect(await rpc('testmempoolaccept', [[hex.slice(0, -2)]])).toMatchObject({ error: { message: 'TX decode failed' } });
  });

  test('ND32 filters, all coins together, tips and bans are told as they are', async () => {
    const tip = node.chain.tip();
    const hash = encodeHex(tip.hash);
    const filter = (await rpc('getblockfilter', [hash, 'basic'])).result as { filter: string; filterhash: string };
    expect(encodeHex(sha256(Buffer.from(filter.filter, 'hex')))).toBe(encodeHex(tip.header.filterHash));
    expect(filter.filterhash).toBe(encodeHex(tip.header.filterHash));
    expect(await rpc('getblockfilter', [hash, 'other'])).toMatchObject({ error: { code: -5 } });
    expect(await rpc('getblockfilter', ['00'.repeat(32)])).toMatchObject({ error: { code: -5 } });
    const supply = await node.countSupply();
    const amount = (units: bigint) => `${units / 100_000_000n}.${String(units % 100_000_000n).padStart(8, '0')}`;
    expect((await rpc('gettxoutsetinfo')).result).toEqual({
      height: tip.header.height,
      bestblock: hash,
      txouts: (await node.coins()).length,
      coinsroot: encodeHex(node.chain.view().roots.coins),
      total_amount: amount(supply.value),
      locked: amount(supply.locked),
      credit: amount(supply.credit),
      debt: amount(supply.debt),
    });
    expect(await rpc('gettxoutsetinfo', ['muhash'])).toMatchObject({ error: { code: -8 } });
    expect((await rpc('getchaintips')).result).toEqual([{ height: tip.header.height, hash, branchlen: 0, status: 'active' }]);
    const rival = await node.versionsOfNext(2);
    for (const { header, proof } of rival) await node.chain.acceptHeader(header, proof);
    await node.chain.acceptBody(rival[0]!.hash, rival[0]!.body);
    const tips = (await rpc('getchaintips')).result as readonly object[];
    expect(tips).toHaveLength(2);
    expect(tips).toMatchObject([
      { height: tip.header.height + 1, hash: encodeHex(rival[0]!.hash), branchlen: 0, status: 'active' },
      { height: tip.header.height + 1, hash: encodeHex(rival[1]!.hash), branchlen: 1, status: 'headers-only' },
    ]);
    await node.chain.acceptBody(rival[1]!.hash, rival[1]!.body);
    expect((await rpc('getchaintips')).result).toMatchObject([{ status: 'active' }, { status: 'valid-headers' }]);
    expect((await rpc('listbanned')).result).toEqual([]);
    const until = Math.floor(services.now()) + 90;
    const banning = makeRpcTable({ ...services, network: { ...network, banned: () => [['a-peer', until]] } });
    expect(banning.methods.listbanned?.([])).toEqual([{ address: 'a-peer', banned_until: until, time_remaining: 90 }]);
  });

  test('ND33 W1 the page shows the node, and what came from outside is escaped', async () => {
    const page = await ask('/node');
    expect(page.text).toContain(encodeHex(node.chain.tip().hash));
    expect(page.text).not.toMatch(/<script|style=|<style/);
    expect((await ask('/node/style.css')).headers['content-type']).toContain('text/css');
    expect(escapeHtml(`<img src=x onerror="a">'&`)).toBe('&lt;img src=x onerror=&quot;a&quot;&gt;&#39;&amp;');
    const peer = { id: '<b>x</b>', address: '"><script>', direction: 'inbound', status: () => undefined };
    const { renderNodePage } = await import('./page.ts');
    const hostile = { ...services, network: { ...services.network, peers: () => [peer] as never } };
    expect(renderNodePage(hostile)).not.toMatch(/<b>|<script>/);
  });

  test('ND48 a block that names another Bitcoin header than its slot’s best one is told from the others', () => {
    const { header } = node.chain.tip();
    const other = node.bitcoin.slotHeader(header.time - DEV_PARAMETERS.bitcoinLag - 10);
    expect(namesStaleBitcoin(header, node.bitcoin, DEV_PARAMETERS)).toBe(false);
    expect(namesStaleBitcoin({ ...header, bitcoin: other!.hash }, node.bitcoin, DEV_PARAMETERS)).toBe(true);
    expect(namesStaleBitcoin(header, { slotHeader: () => undefined }, DEV_PARAMETERS)).toBe(false);
  });

  test('ND32 status, health and metrics say where the node stands', async () => {
    const status = JSON.parse((await ask('/status')).text);
    expect(status).toMatchObject({ network: 'dev', height: node.chain.tip().header.height, peers: 0, deepRival: false });
    expect(JSON.parse((await ask('/health')).text)).toMatchObject({ healthy: true, reasons: ['no-peers'] });
    const metrics = (await ask('/metrics')).text;
    expect(metrics).toMatch(new RegExp(`^vc_height ${node.chain.tip().header.height}$`, 'm'));
    expect(metrics).toContain('vc_mempool_bytes');
    expect(metrics).toMatch(/^vc_blocks_on_stale_bitcoin_total 0$/m);
    expect(metrics).toContain('process_resident_memory_bytes');
  });

  test('ND41 the faucet gives once per address and minute, and refuses what is no address here', async () => {
    const address = encodeAddress(buildPayToKeyHash(new Uint8Array(20).fill(3)), DEV_PARAMETERS.addressPrefix)!;
    const give = (body: unknown): Promise<Answer> => ask('/faucet', { method: 'POST', headers: cookie(), body: JSON.stringify(body) });
    const first = await give({ address });
    expect(first.status).toBe(200);
    expect(JSON.parse(first.text)).toMatchObject({ amount: '1000000000' });
    const again = await give({ address: address.toUpperCase() });
    expect([again.status, JSON.parse(again.text)]).toEqual([429, { fault: 'faucet-wait' }]);
    for (const body of [{}, { address: 7 }, { address: 'x'.repeat(300) }, null]) expect((await give(body)).status).toBe(400);
    const { status, text } = await give({ address: address.replace(/^dvc/, 'tvc') });
    expect([status, Object.keys(JSON.parse(text))]).toEqual([400, ['fault']]);
    node.setTime(node.time() + 61);
    expect((await give({ address })).status).toBe(200);
    await node.grow(1);
    expect(node.mempool.pool.size).toBe(0);
  });

  test('ND34 a port that is taken is a failure with a code', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((ready) => taken.once('listening', ready));
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(startHttp(services, { port, token: TOKEN, webFolder })).rejects.toMatchObject({ code: 'port-in-use' });
    taken.close();
  });

  test('ND31 stop ends the node', async () => {
    expect(await rpc('stop', [], cookie())).toMatchObject({ result: expect.any(String) });
    await new Promise((passed) => setTimeout(passed, 20));
    expect(stopped).toBe(true);
  });

  test('MP9 MP10 policies are read by anybody here, set with the token alone, and what was refused is listed and counted', async () => {
    const bearer = { authorization: `Bearer ${TOKEN}` };
    expect(await rpc('getmakerpolicy')).toMatchObject({
      result: { policies: { 'credit-reserve': { share: 1_000 } }, figures: { overdue: '0.00000000', debtage: 0 } },
    });
    expect(await rpc('setmakerpolicy', ['emergency-stop', { enabled: true }])).toMatchObject({ error: { message: 'token-missing' } });
    expect(await rpc('setmakerpolicy', ['emergency-stop', { enabled: 1 }], bearer)).toMatchObject({
      error: { code: -8, message: 'policy-value', data: { detail: { parameter: 'enabled' } } },
    });
    expect(await rpc('setmakerpolicy', [5], bearer)).toMatchObject({ error: { message: 'policy-unknown' } });
    expect(await rpc('setmakerpolicy', ['emergency-stop', { enabled: true }], bearer)).toMatchObject({
      result: { 'emergency-stop': { enabled: true } },
    });
    const grant = buildGrant(node, { by: 50 });
    const hex = encodeHex(encodeTransaction(grant));
    for (let i = 0; i < 2; i++)
      expect(await rpc('sendrawtransaction', [hex], bearer)).toMatchObject({ error: { message: 'emergency-stop' } });
    expect(await rpc('getpolicyrefusals', [1])).toMatchObject({
      result: [{ txid: encodeReversedHex(computeTxid(grant)), policy: 'emergency-stop', fault: 'emergency-stop', from: 'pool', times: 2 }],
    });
    expect((await ask('/metrics')).text).toContain('vc_policy_refusals_total{policy="emergency-stop"} 2');
    expect((await ask('/metrics')).text).toContain('vc_policy_refusals_total{policy="debt-age"} 0');
    await rpc('setmakerpolicy', ['emergency-stop', { enabled: false }], bearer);
  });
});

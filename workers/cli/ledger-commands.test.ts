import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeHex, encodeHex } from '#protocol/codec/hex';
import { DEVELOPMENT_PHRASE, DevelopmentKeys } from '#protocol/node/devnet/dev-keys';
import { nodeFolder } from '#protocol/node/devnet/devnet-folder';
import { type Devnet, runDevnet } from '#protocol/node/devnet/run-devnet';
import { DEV_PARAMETERS } from '#protocol/params/networks';
import { encodeRealNameAddress } from '#protocol/records/real-name-address';
import { encodeAddress } from '#protocol/script/address';
import { buildPayToKey } from '#protocol/script/forms/pay-to-key';

const keys = new DevelopmentKeys();
const addressOf = (publicKey: Uint8Array): string => encodeAddress(buildPayToKey(publicKey), DEV_PARAMETERS.addressPrefix)!;
const AGENT = addressOf(keys.agent(0).publicKey);
const folder = mkdtempSync(join(tmpdir(), 'vc-ledger-'));
const draft = join(folder, 'draft.json');
let devnet: Devnet;

const rpc = async <T>(method: string, ...params: unknown[]): Promise<T> => {
  const answer = await fetch(`${devnet.wallet}rpc`, { method: 'POST', body: JSON.stringify({ id: 1, method, params }) });
  return ((await answer.json()) as { result: T }).result;
};

const fund = async (address: string): Promise<void> => {
  const page = await fetch(`${devnet.wallet}network.json`);
  const cookie = page.headers.get('set-cookie')?.split(';')[0] ?? '';
  await fetch(`${devnet.wallet}faucet`, { method: 'POST', headers: { cookie }, body: JSON.stringify({ address }) });
  while ((await rpc<{ unspents: unknown[] }>('scantxoutset', 'start', [`addr(${address})`])).unspents.length === 0) await sleep(300);
};

/** A command in a process of its own, as an operator runs it. */
const vc = async (...args: readonly string[]) => {
  const child = spawn(process.execPath, ['--conditions=source', 'workers/cli/vc.ts', ...args], { stdio: 'pipe' });
  const written = { out: '', err: '' };
  child.stdout.on('data', (chunk) => (written.out += chunk));
  child.stderr.on('data', (chunk) => (written.err += chunk));
  const [code] = await once(child, 'close');
  return { ...written, code: code as number };
};

const here = (): readonly string[] => ['--data', nodeFolder(folder, 0), '--http', new URL(devnet.wallet).port, '--json'];
const run = (...args: readonly string[]) => vc(...args, ...here());
const done = async <T>(...args: readonly string[]): Promise<T> => {
  const { out, err, code } = await run(...args);
  expect([code, err]).toEqual([0, expect.any(String)]);
  return JSON.parse(out) as T;
};
const WAIT = ['--wait', '150'];
const BOTH = ['--dev', 'agent:0', '--dev', 'member:0'];

interface ShownDebt {
  readonly outpoint: string;
  readonly amount: string;
  readonly due: string;
  readonly overdue: boolean;
}

const debts = (): Promise<readonly ShownDebt[]> => done('debt', 'list', AGENT);

beforeAll(async () => {
  expect(spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'workers/cli']).status).toBe(0);
  devnet = await runDevnet({ folder, ports: 'auto', prefill: 30, say: () => undefined });
  await fund(AGENT);
}, 180_000);
afterAll(async () => {
  await devnet?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('what a server does with credit', () => {
  test('BD15 BD4 BD5 BD6 BD7 credit is granted, drawn, rolled over and repaid by commands', async () => {
    const sources = await done<{ live: boolean; threshold: number }[]>('credit', 'sources');
    expect(sources).toHaveLength(16);
    expect(sources.every(({ live, threshold }) => live && threshold === 1)).toBe(true);
    expect(await run('debt', 'draw', '--amount', '2', '--term', '500', '--dev', 'agent:0')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('vc: credit-insufficient'),
    });
    await done('credit', 'grant', '--to', AGENT, '--amount', '5', '--free', '5000', ...BOTH, ...WAIT);
    await done('debt', 'draw', '--amount', '2', '--term', '500', '--instalments', '2', '--dev', 'agent:0', ...WAIT);
    const [first, second] = (await debts()).toSorted((a, b) => a.due.localeCompare(b.due));
    expect([first, second]).toMatchObject([
      { amount: '1.00000000', overdue: false },
      { amount: '1.00000000', overdue: false },
    ]);
    await done('debt', 'roll', first!.outpoint, '--term', '2000', '--dev', 'agent:0', ...WAIT);
    const left = await debts();
    expect(left.map(({ outpoint }) => outpoint)).not.toContain(first!.outpoint);
    await done('debt', 'repay', ...left.map(({ outpoint }) => outpoint), '--dev', 'agent:0', ...WAIT);
    expect(await debts()).toEqual([]);
    expect(await run('debt', 'repay', first!.outpoint, '--dev', 'agent:0')).toMatchObject({
      code: 1,
      err: expect.stringContaining('debt-absent'),
    });
    const { unspents } = await rpc<{ unspents: { element: string; amount: string }[] }>('scantxoutset', 'start', [`addr(${AGENT})`]);
    expect(unspents.filter(({ element }) => element === 'credit')).toMatchObject([{ amount: '2.00000000' }]);
  }, 480_000);

  test('BD15 BD9 BD10 BD12 an account is signed by two people one after the other, a department and a child follow', async () => {
    const papers = join(folder, 'papers');
    writeFileSync(papers, 'an enterprise');
    const registering = await run('record', 'register', '--master', 'account:0', '--identity', papers, '--dev', 'agent:0', '--out', draft);
    expect(registering.code).toBe(3);
    expect(registering.err).toMatch(/salt [0-9a-f]{64}/);
    const [, account = ''] = /account ([0-9a-f]{40})/.exec(registering.err) ?? [];
    expect(await run('draft', 'show', draft)).toMatchObject({ code: 3, out: expect.stringContaining('"missing"') });
    expect(await run('draft', 'send', draft)).toMatchObject({ code: 1, err: expect.stringContaining('vc: draft-incomplete') });
    expect(await run('draft', 'sign', draft, '--dev', 'agent:1')).toMatchObject({
      code: 1,
      err: expect.stringContaining('vc: signature-unwanted'),
    });
    const words = join(folder, 'words');
    writeFileSync(words, DEVELOPMENT_PHRASE);
    const whole = readFileSync(draft, 'utf8');
    const fields = JSON.parse(whole) as { before: string[] };
    writeFileSync(draft, JSON.stringify({ ...fields, before: [] }));
    expect(await run('draft', 'sign', draft, '--dev', 'member:0')).toMatchObject({
      code: 1,
      err: expect.stringContaining('vc: draft-coins'),
    });
    writeFileSync(draft, whole);
    const signed = await run('draft', 'sign', draft, '--words', words, '--path', "m/7743'/1'/1'/0");
    expect(signed.err).toContain('"table":"realname"');
    expect(JSON.parse(signed.out)).toMatchObject({ signed: 1, missing: 0 });
    await done('draft', 'send', draft, ...WAIT);
    expect(await done('record', 'show', 'realname', account)).toMatchObject({ table: 'realname', key: account, parent: '00'.repeat(20) });

    const commitment = '5c'.repeat(32);
    const department = ['--master', 'account:1', '--commitment', commitment, '--parent', account];
    await done('record', 'register', ...department, ...BOTH, ...WAIT);
    const [shown] = JSON.parse((await vc('key', '--dev', 'account:1', '--json')).out) as { account: string }[];
    expect(await done('record', 'show', 'realname', shown!.account)).toMatchObject({ identity: commitment, parent: account });

    const id = decodeHex(account) as Uint8Array;
    const child = encodeRealNameAddress({ account: id, path: [0, 5] }, DEV_PARAMETERS.addressPrefix);
    await done('record', 'child', child, '--dev', 'agent:0', ...WAIT);
    const below = keys.account(0).neutered().derive(0).derive(5).publicKey;
    expect(await done('record', 'show', 'child', addressOf(below))).toMatchObject({ account, path: '0/5' });
    expect(await run('record', 'show', 'child', AGENT)).toMatchObject({ code: 1, err: expect.stringContaining('vc: record-absent') });
  }, 480_000);

  test('BD8 BD15 BD16 the group takes a member in who signs the draft, a source goes over to both, and both then put an agent on record', async () => {
    const added = encodeHex(keys.member(1).publicKey);
    const adding = await run('group', 'add', added, ...BOTH, '--out', draft);
    expect([adding.code, JSON.parse(adding.out)]).toMatchObject([3, { missing: 1 }]);
    await done('draft', 'sign', draft, '--dev', 'agent:0', '--dev', 'member:1');
    await done('draft', 'send', draft, ...WAIT);
    expect(await done('group', 'show')).toMatchObject({ members: [encodeHex(keys.member(0).publicKey), added], majority: 2 });
    const sources = await done<{ outpoint: string; amount: string }[]>('credit', 'sources');
    const large = sources.find(({ amount }) => amount === '128')!;
    expect(await run('credit', 'reissue', `${'00'.repeat(32)}:0`, ...BOTH)).toMatchObject({
      code: 1,
      err: expect.stringContaining('source-absent'),
    });
    await done('credit', 'reissue', large.outpoint, ...BOTH, ...WAIT);
    const after = await done<{ amount: string; threshold: number; live: boolean }[]>('credit', 'sources');
    expect(after.filter(({ amount }) => amount === '128')).toMatchObject([{ threshold: 2, live: true }]);
    expect(after).toHaveLength(16);
    expect(await run('group', 'remove', added, ...BOTH)).toMatchObject({ code: 1, err: expect.stringContaining('vc: group-small') });
    expect(await run('record', 'agent', AGENT, '--quota', '10', ...BOTH)).toMatchObject({
      code: 1,
      err: expect.stringContaining('vc: draft-incomplete'),
    });
    await done('record', 'agent', AGENT, '--quota', '10', '--label', 'bank', ...BOTH, '--dev', 'member:1', ...WAIT);
    expect(await done('record', 'show', 'agent', AGENT)).toMatchObject({ quota: '10', label: 'bank' });
  }, 480_000);
});

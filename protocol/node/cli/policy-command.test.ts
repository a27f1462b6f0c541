import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installNodeCrypto } from '../crypto/node-crypto.ts';
import { makeDevnetFolder } from '../devnet/devnet-folder.ts';
import { findPorts } from '../devnet/ports.ts';
import { vc } from './run-fixture.ts';
import { type RunningNode, startNode } from './start-node.ts';

const folder = mkdtempSync(join(tmpdir(), 'vc-policy-cli-'));
const data = join(folder, 'node');
let port = 0;
let node: RunningNode;

const start = async (): Promise<RunningNode> => {
  const bytes = new Uint8Array(readFileSync(join(folder, 'network.json')));
  const { file } = await made;
  return startNode({
    folder: data,
    networkFile: { bytes, file },
    httpPort: port,
    listen: [],
    bootstrap: [],
    bitcoinPeers: [],
    solo: false,
    staking: false,
    devNode: undefined,
    webFolder: folder,
    log: pino({ level: 'silent' }),
    onFatal: (error) => {
      throw error;
    },
  });
};

let made: ReturnType<typeof makeDevnetFolder>;

const policy = (verb: string, ...args: readonly string[]) => vc('policy', verb, '--data', data, '--http', String(port), ...args);

beforeAll(async () => {
  installNodeCrypto();
  const ports = await findPorts();
  port = ports.nodes[0]?.http ?? 0;
  made = makeDevnetFolder(folder, ports, 1_800_000_000);
  await made;
  node = await start();
}, 60_000);

afterAll(async () => {
  await node.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('vc policy', () => {
  test('MP9 shows and sets the policies of a running node, which keeps them over a restart', async () => {
    const shown = await policy('show');
    expect([shown.code, shown.err]).toEqual([0, '']);
    expect(shown.out).toMatch(/^emergency-stop +enabled=off$/m);
    expect(shown.out).toMatch(/^credit-reserve +enabled=on share=1000$/m);
    expect(shown.out).toMatch(/^now +circulating=30000.00000000 /m);
    expect((await policy('set', 'emergency-stop', 'enabled=on')).out).toMatch(/^emergency-stop +enabled=on$/m);
    const changed = await policy('set', 'credit-rate', 'share=500', 'maximum=7', '--json');
    expect(JSON.parse(changed.out)).toMatchObject({ 'credit-rate': { enabled: true, share: 500, maximum: 7 } });
    await node.stop();
    node = await start();
    expect(JSON.parse((await policy('show', '--json')).out)).toMatchObject({
      policies: { 'emergency-stop': { enabled: true }, 'credit-rate': { share: 500, maximum: 7 } },
    });
    expect(await policy('refusals')).toMatchObject({ out: '', code: 0 });
    expect(await policy('refusals', '--json')).toMatchObject({ out: '[]\n' });
  }, 30_000);

  test('MP9 says by its code what cannot be set, and where no node is', async () => {
    expect(await policy('set', 'credit-rate', 'share=10001')).toMatchObject({ code: 1, out: '', err: 'vc: policy-value\n' });
    expect(await policy('set', 'bad-debts', 'share=1')).toMatchObject({ code: 1, err: 'vc: policy-unknown\n' });
    for (const setting of ['share', 'share=', 'share=-1', 'share=1=2', 'share=0x1'])
      expect(await policy('set', 'credit-rate', setting)).toMatchObject({ code: 1, out: '' });
    expect(await vc('policy', 'show', '--data', join(folder, 'nowhere'))).toMatchObject({ code: 1, err: 'vc: node-folder\n' });
    const { nodes } = await findPorts();
    const away = await vc('policy', 'show', '--data', data, '--http', String(nodes[0]?.http));
    expect(away).toMatchObject({ code: 1, out: '', err: 'vc: node-unreachable\n' });
  });
});

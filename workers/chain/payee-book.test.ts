import { beforeAll, describe, expect, test } from 'vitest';
import { isFault } from '#protocol/fault';
import { DEV_PARAMETERS } from '#protocol/params/networks';
import { computeAccountTag } from '#protocol/records/real-name';
import { encodeRealNameAddress } from '#protocol/records/real-name-address';
import { encodeAddress } from '#protocol/script/address';
import { buildPayToKeyHash } from '#protocol/script/forms/pay-to-key';
import { encodePaymentUri } from '#protocol/script/payment-uri';
import { registerAccount, testXpub } from '#protocol/state/test-accounts';
import { TestLedger } from '#protocol/state/test-ledger';
import type { AnswerOf, RequestOf } from '#protocol/wire/protocols';
import { executeJob } from '#spv/proof/execute-job';
import { startTestChain, TestPeer } from '#spv/test-network';
import { settleFor } from '../../setup/settle.ts';
import { createMemoryPlatform, ManualClock } from '../platform/memory.ts';
import type { ChainView } from '../rpc/chain-view.ts';
import { ChainService } from './chain-service.ts';
import { identityFor, TestStreams } from './test-streams.ts';

const [MASTER, DEPARTMENT, STRANGER] = [8_000, 8_001, 8_002];
const prefix = DEV_PARAMETERS.addressPrefix;
const network = startTestChain(0.2);
let head: Uint8Array;
let account: Uint8Array;
let address: string;

beforeAll(() => {
  const ledger = new TestLedger({}, network.chain);
  head = registerAccount(ledger, MASTER).key;
  account = registerAccount(ledger, DEPARTMENT, { parent: head }).key;
  address = encodeRealNameAddress({ account, path: [4, 1] }, prefix);
});

class Withholding extends TestPeer {
  /** what it answers for a record */
  withheld: AnswerOf<'proof'> | undefined;
  override proof(request: RequestOf<'proof'>): AnswerOf<'proof'> {
    return request.trie === 'records' && this.withheld !== undefined ? this.withheld : super.proof(request);
  }
}

const open = async (peers: Readonly<Record<string, TestPeer>>) => {
  const clock = new ManualClock(network.chain.state.tip.time);
  let view: ChainView | undefined;
  const service = await ChainService.open(identityFor(Object.values(peers)[0] as TestPeer, Object.keys(peers)), {
    platform: createMemoryPlatform(clock, (length) => new Uint8Array(length).fill(5)),
    network: new TestStreams(peers),
    compute: async (job) => executeJob(job),
    onView: (next) => {
      view = next;
    },
    failed: (error) => {
      throw error;
    },
    faucet: undefined,
  });
  const settle = (): Promise<void> => settleFor(clock);
  await service.start();
  await settle();
  const alarms = async () => {
    await settle();
    return view?.alarms.map(({ code }) => code);
  };
  return { service, alarms };
};

const honest = (): Withholding => new Withholding(network.chain, network.bitcoin);

describe('payees by real name', () => {
  test('CW44 an address of a department is read with a proof of its record, plain or in a link', async () => {
    const { service } = await open({ a: honest() });
    const height = network.chain.state.tip.height;
    const expected = { address, own: false, realName: { address, provedAt: height, recordedAt: height } };
    expect(await service.parseRecipient(address)).toMatchObject(expected);
    expect(await service.parseRecipient(address.toUpperCase())).toMatchObject(expected);
    const link = encodePaymentUri({ address, amount: 150n, label: 'July' });
    expect(await service.parseRecipient(link)).toMatchObject({ ...expected, amount: 150n, label: 'July' });
    const script = buildPayToKeyHash(computeAccountTag(testXpub(DEPARTMENT), [4, 1]));
    const parent = Buffer.from(head).toString('hex');
    expect(await service.realNameOf(script)).toMatchObject({ address, parent });
    const plain = await service.parseRecipient(encodeAddress(script, prefix) ?? '');
    expect(plain).toMatchObject({ realName: undefined });
  });

  test('CW44 a name that nobody registered, and one that nobody proves, are not read', async () => {
    const unknown = encodeRealNameAddress({ account: Uint8Array.from(testXpub(STRANGER).subarray(46, 66)), path: [] }, prefix);
    const one = await open({ a: honest() });
    expect(await one.service.parseRecipient(unknown)).toMatchObject({ fault: 'payee-unknown' });
    const silent = honest();
    silent.withheld = { kind: 'refused', code: 'busy' };
    const other = await open({ a: silent });
    expect(await other.service.parseRecipient(address)).toMatchObject({ fault: 'payee-unproved' });
    const intent = { account: 0, to: address, amount: 1_000n, feeRate: 1n, coins: [] };
    expect(await other.service.planPayment(intent)).toMatchObject({ fault: 'payee-unproved' });
    expect(await other.alarms()).not.toContain('peer-lied');
  });

  test('CW44 LC11 a peer that denies a registered name is dropped, and the next one is asked', async () => {
    const liar = honest();
    const [first, second] = [honest(), honest()];
    const elsewhere = first.proof({
      block: first.hash(first.height),
      trie: 'records',
      ranges: [{ lo: new Uint8Array(32), hi: new Uint8Array(32) }],
    });
    liar.withheld = elsewhere;
    const { service, alarms } = await open({ a: liar, b: first, c: second });
    const read = await service.parseRecipient(address);
    expect(isFault(read)).toBe(false);
    expect(read).toMatchObject({ realName: { address } });
    expect(await alarms()).toContain('peer-lied');
  });
});

import { beforeAll, describe, expect, test } from 'vitest';
import { startRegtest } from '#protocol/bitcoin/test-branch';
import { encodeUtf8 } from '#protocol/codec/utf8';
import { computeAccountTag, decodeRealName, type RealName } from '#protocol/records/real-name';
import { ADMISSION_KEY, GROUP_TABLE, REAL_NAME_TABLE } from '#protocol/records/tables';
import { buildPayToKeyHash } from '#protocol/script/forms/pay-to-key';
import type { ChainedHeader } from '#protocol/stake/header-view';
import { FOUNDER, registerAccount, testXpub } from '#protocol/state/test-accounts';
import { testKey } from '#protocol/state/test-chain';
import { TestLedger } from '#protocol/state/test-ledger';
import type { AnswerOf, RequestOf } from '#protocol/wire/protocols';
import { judgePeer } from '../policy/judge-peer.ts';
import { recordRange } from '../proof/proven-record.ts';
import { runTest, TestPeer } from '../test-network.ts';
import { provePayee } from './prove-payee.ts';
import { proveRecords } from './prove-records.ts';

const [FIRST, SECOND, STRANGER] = [8_000, 8_001, 8_002];
const ledger = new TestLedger();
let peer: TestPeer;
let ids: readonly Uint8Array[];

const headerAt = (height: number): ChainedHeader =>
  ({ header: ledger.state.headerAt(height), hash: ledger.state.changeOf(height).hash, stake: undefined }) as unknown as ChainedHeader;
const tip = (): ChainedHeader => headerAt(ledger.state.tip.height);
const ask = (table: Uint8Array, key: Uint8Array | undefined, given = peer, header = tip()) =>
  runTest(proveRecords('p', header, { table, key }), { p: given });

beforeAll(() => {
  ids = [FIRST, SECOND].map((master) => registerAccount(ledger, master).key);
  peer = new TestPeer(ledger.chain, startRegtest());
});

class Forger extends TestPeer {
  change: (answer: Extract<AnswerOf<'proof'>, { kind: 'proof' }>) => AnswerOf<'proof'> = (answer) => answer;
  override proof(request: RequestOf<'proof'>): AnswerOf<'proof'> {
    const answer = super.proof(request);
    return answer.kind === 'proof' ? this.change(answer) : answer;
  }
}

describe('records', () => {
  test('LC17 one record, its absence and a whole table are proved against a verified header', () => {
    expect(ask(GROUP_TABLE, ADMISSION_KEY)).toMatchObject({ records: [{ key: ADMISSION_KEY, value: testKey(FOUNDER).publicKey }] });
    expect(ask(GROUP_TABLE, encodeUtf8('nobody'))).toMatchObject({ height: tip().header.height, records: [] });
    const table = ask(REAL_NAME_TABLE, undefined);
    expect('records' in table && table.records.map(({ key }) => key).sort()).toEqual([...ids].sort());
    expect(ask(encodeUtf8('suspension'), undefined)).toMatchObject({ records: [] });
  });

  test('LC17 what was recorded later is not in the state of an older block', () => {
    expect(ask(REAL_NAME_TABLE, undefined, peer, headerAt(1))).toMatchObject({ height: 1, records: [] });
  });

  test('LC17 LC11 a proof that leaves a record out, or is of another trie, is a lie', () => {
    const forger = new Forger(ledger.chain, peer.bitcoin);
    const other = new Forger(ledger.chain, peer.bitcoin);
    const elsewhere = recordRange({ table: REAL_NAME_TABLE, key: encodeUtf8('nobody') });
    const absent = peer.proof({ block: tip().hash, trie: 'records', ranges: [elsewhere] });
    if (absent.kind !== 'proof') throw new Error(absent.code);
    forger.change = (answer) => ({ ...answer, proof: absent.proof });
    other.change = (answer) => ({ ...answer, trie: 'coins' });
    for (const liar of [forger, other]) {
      const proven = ask(REAL_NAME_TABLE, ids[0], liar);
      expect('fault' in proven && judgePeer(proven)).toBe('lied');
    }
  });
});

describe('payees', () => {
  const payee = (account: Uint8Array, path: readonly number[]) => runTest(provePayee('p', tip(), { account, path }), { p: peer });

  test('LC18 a real-name address is paid at the key that its proved record derives', () => {
    const account = ids[1] as Uint8Array;
    const proven = payee(account, [3, 7]);
    const realName = decodeRealName(ledger.record(REAL_NAME_TABLE, account)?.value ?? new Uint8Array()) as RealName;
    expect(proven).toMatchObject({ account, realName, provedAt: tip().header.height });
    expect(proven).toHaveProperty('script', buildPayToKeyHash(computeAccountTag(testXpub(SECOND), [3, 7])));
    expect(proven).not.toHaveProperty('script', (payee(account, [3, 8]) as { script: Uint8Array }).script);
  });

  test('LC18 an account that nobody registered has no address', () => {
    expect(payee(Uint8Array.from(testKey(STRANGER).publicKey.subarray(1, 21)), [0])).toBeUndefined();
  });
});

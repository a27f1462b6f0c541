import { describe, expect, test } from 'vitest';
import type { AccountView, BalanceView, EconomyPoint } from '#workers/rpc/chain-view';
import type { ProofView } from '#workers/rpc/proof-view';
import type { VaultView } from '#workers/rpc/vault-calls';
import { FIRST_ROUTES, paymentPath, ROUTES, sendPath } from '../app/routes.ts';
import { onlyEmptyHtml } from '../app/trusted-types.ts';
import { en } from '../text/en.ts';
import { zh } from '../text/zh.ts';
import { BACKUP_LIMIT, mustBackUp, nextBackup } from './backup-limit.ts';
import { conserved } from './conservation.ts';
import { contactsOf } from './contacts.ts';
import { markState, proofText } from './proof-state.ts';

const proof = (stage: ProofView['stage'], depth = 1): ProofView => ({
  stage,
  height: 20_417,
  depth,
  headerHash: undefined,
  peers: 3,
  checkedAt: 1000,
  checks: [],
  reason: undefined,
});

const account = (spendable: bigint, activityCount = 1): AccountView => {
  const zero = { incoming: 0n, returning: 0n, frozen: 0n, outgoing: 0n, maturing: 0n, locked: 0n, credit: 0n, debt: 0n };
  const balance: BalanceView = { spendable, ...zero, proof: proof('verified') };
  const receive = { address: '', account: 0, index: 0, used: false };
  return { account: 0, name: '', balance, receive, activityCount, recent: [] };
};

const vault = (file: number | undefined, words: number | undefined): VaultView => ({
  state: 'unlocked',
  backup: { file, words },
  accounts: [],
  autoLock: 300,
  askAbove: 0n,
  wordCount: 12,
});

describe('the proof mark', () => {
  test('WB5 closes its arc only with depth, and only where verified', () => {
    expect(markState(proof('verified', 3), 12)).toEqual({ stage: 'verified', arc: 0.25 });
    expect(markState(proof('verified', 40), 12).arc).toBe(1);
    for (const stage of ['claimed', 'in-block', 'stale', 'refused'] as const) expect(markState(proof(stage, 12), 12).arc).toBe(0);
  });

  test('WB5 says the same in words, with the age where it is stale', () => {
    expect(proofText(proof('verified'), 2000, en.proof, 'en')).toBe('Verified at height 20,417');
    expect(proofText(proof('stale'), 4600, en.proof, 'en')).toBe('Stale: last verified 1 hour ago');
    expect(proofText({ ...proof('stale'), checkedAt: undefined }, 0, zh.proof, 'zh')).toBe('尚未核验');
    const said = (['claimed', 'in-block', 'verified', 'stale', 'refused'] as const).map((stage) =>
      proofText(proof(stage), 2000, zh.proof, 'zh'),
    );
    expect(new Set(said).size).toBe(5);
  });
});

describe('backup', () => {
  test('WB9 comes before more than the limit is received', () => {
    expect(mustBackUp(vault(undefined, undefined), [account(BACKUP_LIMIT)])).toBe(false);
    expect(mustBackUp(vault(undefined, undefined), [account(BACKUP_LIMIT), account(1n)])).toBe(true);
    expect(mustBackUp(vault(5, undefined), [account(BACKUP_LIMIT * 9n)])).toBe(false);
  });

  test('WB9 is asked for with the first money: the file first, then the words', () => {
    expect(nextBackup(vault(undefined, undefined), [account(0n, 0)])).toBeUndefined();
    expect(nextBackup(vault(undefined, undefined), [account(1n)])).toBe('file');
    expect(nextBackup(vault(5, undefined), [account(1n)])).toBe('words');
    expect(nextBackup(vault(5, 6), [account(1n)])).toBeUndefined();
  });
});

describe('places', () => {
  test('WB7 are paths of the fragment, each once', () => {
    const paths = Object.values(ROUTES);
    expect(new Set(paths).size).toBe(paths.length);
    expect([...paths, ...Object.values(FIRST_ROUTES)].every((path) => path.startsWith('/'))).toBe(true);
    expect(paymentPath('ab')).toBe('/activity/ab');
    expect(sendPath('valuecyber:x?amount=1&label=a b')).toBe('/send?to=valuecyber%3Ax%3Famount%3D1%26label%3Da%20b');
  });
});

describe('the default policy', () => {
  test('WB10 lets the empty string through as HTML and nothing else', () => {
    expect(onlyEmptyHtml('')).toBe('');
    for (const html of [' ', '<b>', 'text']) expect(onlyEmptyHtml(html)).toBeNull();
  });
});

describe('what is read from the chain worker', () => {
  test('the conserved number is one for all headers, or none', () => {
    const point = (value: bigint, debt: bigint, fees: bigint): EconomyPoint => ({
      height: 0,
      time: 0,
      value,
      locked: 0n,
      credit: 0n,
      debt,
      overdue: 0n,
      fees,
    });
    expect(conserved([point(10n, 0n, 1n), point(15n, 4n, 0n)])).toBe(11n);
    expect(conserved([point(10n, 0n, 1n), point(15n, 5n, 0n)])).toBeUndefined();
    expect(conserved([])).toBeUndefined();
  });

  test('contacts are the address labels of an export; other lines are passed over', () => {
    const lines = [
      '{"type":"addr","ref":"b","label":"Zoe"}',
      '{"type":"tx","ref":"x","label":"rent"}',
      'no json',
      '',
      '{"type":"addr","ref":"a","label":"Ann"}',
    ];
    expect(contactsOf(lines.join('\n'))).toEqual([
      { address: 'a', name: 'Ann' },
      { address: 'b', name: 'Zoe' },
    ]);
  });
});

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CONFORMANCE_FILES } from './adapters.ts';
import type { ConformanceReport } from './report.ts';

const folder = process.env.VC_VECTORS ?? '';
const pathOf = (name: string): string => join(folder, name);

const report = (name: string): ConformanceReport => {
  const { run, beside } = CONFORMANCE_FILES[name]!;
  return run(readFileSync(pathOf(name)), ...beside.map((other) => readFileSync(pathOf(other))));
};

const expectAll = (name: string, cases: number, share = 0): void => {
  const { failed, notApplicable, ...counts } = report(name);
  expect(failed).toEqual([]);
  expect(counts).toEqual({ cases, passed: cases - notApplicable.length });
  expect(notApplicable.length).toBeLessThanOrEqual(cases * share);
  for (const { reason } of notApplicable) expect(reason).toMatch(/^01 /);
};

describe.skipIf(!existsSync(folder))('test data of others', () => {
  test('SC1, SC3 and SC8 core/script_tests.json, with the error that each case names', () =>
    expectAll('core/script_tests.json', 1211, 0.05));
  test('SC12 core/tx_valid.json', () => expectAll('core/tx_valid.json', 120, 0.05));
  test('SC12 core/tx_invalid.json', () => expectAll('core/tx_invalid.json', 93, 0.05));
  test('SC10 core/sighash.json: the hashes before BIP143, in the adapter only', () => expectAll('core/sighash.json', 500));
  test('SC10 bips/bip-0143_examples.json', () => expectAll('bips/bip-0143_examples.json', 31));
  test('SF2 bips/bip-0067.json', () => expectAll('bips/bip-0067.json', 4));
  test('AD1 bips/bip-0173.json', () => expectAll('bips/bip-0173.json', 35, 0.1));
  test('AD1 bips/bip-0350.json', () => expectAll('bips/bip-0350.json', 44));
  test('SC12 blocks/btcd_blocks1-256.dat', () => expectAll('blocks/btcd_blocks1-256.dat', 518));
  test('SC12 blocks/mainnet_block300025.raw, all scripts, and not with a flipped bit', () =>
    expectAll('blocks/mainnet_block300025.raw', 1432));
  test('TX3 blocks/mainnet_block482683.raw', () => expectAll('blocks/mainnet_block482683.raw', 4));
  test('TX2 blocks/bcoin_block300025-undo.raw', () => expectAll('blocks/bcoin_block300025-undo.raw', 1));
});

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

/** The reference backend runs what the vectors command runs with the host's own. */
const expectAll = (name: string, cases: number, share = 0): void => {
  const { failed, notApplicable, ...counts } = report(name);
  expect(failed).toEqual([]);
  expect(counts).toEqual({ cases, passed: cases - notApplicable.length });
  expect(notApplicable.length).toBeLessThanOrEqual(cases * share);
};

describe.skipIf(!existsSync(folder))('test data of others, without a host', () => {
  test('SC1, SC3 and SC8 V1 core/script_tests.json, with the error that each case names', () =>
    expectAll('core/script_tests.json', 1211, 0.05));
  test('SC12 V1 core/tx_valid.json', () => expectAll('core/tx_valid.json', 120, 0.05));
  test('SC12 V1 core/tx_invalid.json', () => expectAll('core/tx_invalid.json', 93, 0.05));
  test('SC10 V1 core/sighash.json: the hashes before BIP143, in the adapter only', () => expectAll('core/sighash.json', 500));
  test('SC10 W9 bips/bip-0143_examples.json', () => expectAll('bips/bip-0143_examples.json', 169, 0.1));
  test('SF2 bips/bip-0067.json', () => expectAll('bips/bip-0067.json', 4));
  test('AD1 W10 bips/bip-0173.json', () => expectAll('bips/bip-0173.json', 35, 0.1));
  test('AD1 W10 bips/bip-0350.json', () => expectAll('bips/bip-0350.json', 44));
  test('SC12 V2 blocks/btcd_blocks1-256.dat', () => expectAll('blocks/btcd_blocks1-256.dat', 517));
  test('TX3 V2 blocks/mainnet_block482683.raw', () => expectAll('blocks/mainnet_block482683.raw', 64, 0.05));
});

import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { useCrypto as chooseCrypto, NOBLE_CURVE, NOBLE_HASH } from '#protocol/crypto/backend';
import { Failure } from '#protocol/failure';
import { installNodeCrypto } from '#protocol/node/crypto/node-crypto';
import { type FileReport, runVectors } from './run-vectors.ts';
import { VECTOR_FILES } from './vector-files.ts';

const folder = process.env.VC_VECTORS ?? '';
const scratch = mkdtempSync(join(tmpdir(), 'vc-vectors-'));

beforeAll(installNodeCrypto);
afterAll(() => {
  chooseCrypto({ hash: NOBLE_HASH, curve: NOBLE_CURVE });
  rmSync(scratch, { recursive: true, force: true });
});

const collect = async (of: string): Promise<readonly FileReport[]> => {
  const reports: FileReport[] = [];
  await runVectors(of, (report) => reports.push(report));
  return reports;
};

/** a section of the ledger's specification, or a rule of SPEC.md by its number */
const OF_THE_RULES = /^(01 [A-Z]\w+|[A-Z]{2}\d+)[:,] \S/;
/** a file of prose: some of its labels name nothing that could be computed */
const LABELS = 'bips/bip-0143_examples.json';
const OF_THE_FILE = /no value stands behind this label|a transaction that does not stand in this file/;

/** title, file, its cases as the manifest counts them, and how many of them do not apply here */
const FILES: readonly (readonly [string, string, number, number])[] = [
  ['HK1, HK2 W11 every chain, no invalid key', 'bips/bip-0032.json', 33, 0],
  ['SF2 the order of keys', 'bips/bip-0067.json', 4, 0],
  ['HK1, VT4 W11 every value', 'bips/bip-0084.json', 14, 0],
  ['SC10 W9 every labelled value', 'bips/bip-0143_examples.json', 169, 16],
  ['FI1, FI2 B12 every filter', 'bips/bip-0158_testnet-19.json', 10, 0],
  ['AD1 W10 every string and address', 'bips/bip-0173.json', 35, 3],
  ['PS1, PS2 and PS4 W12 20 invalid, 10 valid, 4 that a signer refuses', 'bips/bip-0174_psbt.json', 34, 0],
  ['PS5 W12 all roles byte for byte, and the combiner', 'bips/bip-0174_workflow.txt', 2, 0],
  ['MS1, MS2 and MS3 every message but one of taproot', 'bips/bip-0322_basic.json', 15, 1],
  ['CW6 every label', 'bips/bip-0329_labels.jsonl', 8, 0],
  ['HD11 W9 every row', 'bips/bip-0340_schnorr.csv', 19, 0],
  ['AD1 W10 every string and address', 'bips/bip-0350.json', 44, 0],
  ['PS1, PS2 and PS3 W12 24 invalid, 14 valid, 8 lock times, one without', 'bips/bip-0370_psbt.json', 47, 0],
  ['TX2 V2 every spent output with the input that spends it', 'blocks/bcoin_block300025-undo.raw', 1427, 0],
  ['SC12 V2 255 blocks, 262 transactions', 'blocks/btcd_blocks1-256.dat', 517, 0],
  ['SC12 V2 one block, 461 transactions, 1427 inputs, none with a flipped bit', 'blocks/mainnet_block300025.raw', 1889, 0],
  ['TX3 V2 one block, 12 transactions, 51 inputs', 'blocks/mainnet_block482683.raw', 64, 2],
  ['SC1, SC3 and SC8 V1 every script', 'core/script_tests.json', 1211, 4],
  ['SC10 V1 every hash', 'core/sighash.json', 500, 0],
  ['SC12 V1 every transaction', 'core/tx_invalid.json', 93, 0],
  ['SC12 V1 every transaction', 'core/tx_valid.json', 120, 2],
  ['BT3 B4 every pair', 'headers/electrum_mainnet_checkpoints.json', 473, 0],
  ['BT2, BT3 B4 every header', 'headers/mainnet_0_10236.bin', 10_237, 0],
  ['BT2, BT3 B4 every header and its chain work', 'headers/mainnet_retarget_boundaries.json', 827, 0],
  ['BT2 B4 every header', 'headers/signet_0_2015.bin', 2016, 0],
  ['MK8 B3 every proof, and no flipped bit of one', 'merkle/mainnet_txoutproofs.json', 11, 0],
  ['MK8 B3 the message, and no flipped bit of it', 'merkle/merkle300025.raw', 1, 0],
  ['MK6, MK7 B1 B2 every branch', 'merkle/spv_attack_vectors.json', 5, 0],
  ['VT1 W2 the one function that the vault uses', 'misc/kdf_rfc.json', 7, 6],
  ['SC13 not in force yet', 'misc/rsa2048_modulus.json', 1, 1],
  ['HK3, VT4 W11 every phrase in twelve languages', 'mnemonic/trezor_vectors.json', 288, 0],
  ['CW41 every order', 'wallet/bip69.json', 12, 0],
  ['VT1 a cipher that nothing here uses', 'wycheproof/aes_gcm_test.json', 316, 316],
  ['SC8 V6 W9 every signature', 'wycheproof/ecdsa_secp256k1_sha256_bitcoin_test.json', 463, 0],
];

describe.skipIf(!existsSync(folder))('a folder of vectors', () => {
  let reports: readonly FileReport[] = [];
  beforeAll(async () => {
    reports = await collect(folder);
  }, 120_000);

  test.each(FILES)('%s: %s', (_, file, cases, outside) => {
    const report = reports.find((each) => each.file === file);
    expect(report?.failed).toEqual([]);
    expect(report).toMatchObject({ cases, passed: cases - outside });
    expect(report?.notApplicable.length).toBe(outside);
    for (const { reason } of report?.notApplicable ?? []) expect(reason).toMatch(file === LABELS ? OF_THE_FILE : OF_THE_RULES);
  });

  test('CW42 every rule that a reason cites is one', () => {
    const rules = readFileSync('protocol/SPEC.md', 'utf8');
    const cited = reports.flatMap(({ notApplicable }) => notApplicable.flatMap(({ reason }) => /^[A-Z]{2}\d+/.exec(reason) ?? []));
    expect([...new Set(cited)].filter((id) => !rules.includes(`- **${id}** `))).toEqual([]);
    expect(cited.length).toBeGreaterThan(300);
  });

  test('CW42 every file of the manifest is known, and nothing else is', () => {
    const manifest = readFileSync(join(folder, 'MANIFEST.md'), 'utf8');
    const named = [...manifest.matchAll(/^\| ([a-z]+\/\S+) \|/gm)].map(([, file]) => file as string);
    expect(named.length).toBeGreaterThan(30);
    expect(Object.keys(VECTOR_FILES).sort()).toEqual(named.sort());
    expect(FILES.map(([, file]) => file).sort()).toEqual(named);
  });

  test('CW42 a changed case fails by its name, a strange file is named, one without its companion says so', async () => {
    const copy = (file: string): string => {
      const to = join(scratch, file);
      cpSync(join(folder, file), to, { recursive: true });
      return to;
    };
    const rows = copy('bips/bip-0340_schnorr.csv');
    writeFileSync(rows, readFileSync(rows, 'utf8').replace(',TRUE,', ',FALSE,'));
    writeFileSync(copy('wallet/bip69.json'), '{"inputs":');
    copy('blocks/bcoin_block300025-undo.raw');
    writeFileSync(join(dirname(rows), 'bip-9999.json'), '[]');
    const found = new Map((await collect(scratch)).map((report) => [report.file, report]));
    expect(found.get('bips/bip-0340_schnorr.csv')).toMatchObject({ cases: 19, passed: 18, failed: ['0 '] });
    expect(found.get('wallet/bip69.json')?.failed[0]).toMatch(/^unreadable/);
    expect(found.get('blocks/bcoin_block300025-undo.raw')?.notApplicable[0]?.reason).toContain('mainnet_block300025.raw');
    expect(found.get('bips/bip-9999.json')?.notApplicable[0]?.reason).toBe('no adapter knows this file');
  });
});

test('CW42 a folder that is not there is a failure with a code', async () => {
  await expect(collect(join(scratch, 'nowhere'))).rejects.toThrow(new Failure('vectors-missing'));
});

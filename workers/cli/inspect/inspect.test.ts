import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findCheckpointHeader } from '#protocol/bitcoin/known-headers';
import { encodeBody } from '#protocol/block/body-codec';
import { encodeHeader } from '#protocol/block/header-codec';
import { concatBytes } from '#protocol/codec/bytes';
import { encodeHex } from '#protocol/codec/hex';
import { isFault } from '#protocol/fault';
import { DEV_PARAMETERS } from '#protocol/params/networks';
import { admissionRecord, encodeRecord } from '#protocol/records/record-leaf';
import { AGENT_TABLE, ANCHOR_TABLE, CHILD_TABLE, GROUP_TABLE, REAL_NAME_TABLE, SUSPENSION_TABLE } from '#protocol/records/tables';
import { payment, TestChain, testKey, VC } from '#protocol/state/test-chain';
import { proveRanges } from '#protocol/trie/prove';
import { prefixRange } from '#protocol/trie/ranges';
import { encodeTransaction } from '#protocol/tx/transaction-codec';
import { inspect } from './register.ts';

const flags = { prefix: '', network: 'dev' as const };
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const hex = (bytes: Uint8Array): Uint8Array => text(encodeHex(bytes));
const chain = new TestChain();
chain.grow(2, [payment(chain.coinOf(2_000), 2_000, [{ element: 'value', amount: 99n * VC, script: testKey(1).script }])]);
const block = chain.state.blockOf(1);
if (block === undefined) throw new Error('made');
const codes = (input: Uint8Array, extra: object = {}) => inspect(input, { ...flags, ...extra }).faults.map((found) => found.fault);

describe('inspect', () => {
  test('CW13 names transactions, headers, blocks, Bitcoin headers and records, in hexadecimal and as bytes', () => {
    const transaction = encodeTransaction(block.body.transactions.at(-1)!);
    const given: readonly [string, Uint8Array][] = [
      ['transaction', transaction],
      ['header', encodeHeader(block.header)],
      ['block', concatBytes(encodeHeader(block.header), encodeBody(block.body))],
      ['bitcoin-header', findCheckpointHeader(DEV_PARAMETERS.bitcoin)!],
      ['record', encodeRecord(admissionRecord([testKey(1).publicKey], 0))],
    ];
    for (const [kind, bytes] of given) {
      expect(inspect(hex(bytes), flags)).toMatchObject({ kind, faults: [] });
      expect(inspect(bytes, flags)).toMatchObject({ kind, faults: [] });
    }
  });

  test('CW13 shows what a header and a block break', () => {
    expect(codes(hex(encodeHeader({ ...block.header, time: block.header.time + 1 })))).toContain('signature');
    const other = { ...block.body, transactions: block.body.transactions.slice(0, 1) };
    expect(codes(concatBytes(encodeHeader(block.header), encodeBody(other)))).toEqual(['tx-root', 'witness-root']);
    const regtest = findCheckpointHeader(DEV_PARAMETERS.bitcoin)!.slice();
    regtest[72] = 0xff;
    regtest[75] = 0x03;
    expect(codes(hex(regtest))).toContain('bitcoin-work');
  });

  test('CW13 verifies a multiproof for a root and a prefix, and names what is wrong with one', () => {
    const { coins } = chain.state.roots;
    const key = new Uint8Array(32);
    const proved = proveRanges(chain.state.coinNodes, coins, [prefixRange(key, 3)]);
    if (isFault(proved)) throw new Error(proved.fault);
    const found = inspect(hex(proved.proof), { ...flags, root: encodeHex(coins), prefix: '0/3' });
    expect(found).toMatchObject({ kind: 'proof', faults: [], fields: { complete: true } });
    expect((found.fields.leaves as unknown[]).length).toBe(proved.leaves);
    expect(codes(hex(proved.proof), { root: encodeHex(coins), prefix: '8/3' })).not.toEqual([]);
    expect(codes(hex(proved.proof), { root: 'ab'.repeat(32), prefix: '0/3' })).toEqual(['root']);
    expect(codes(hex(proved.proof), { root: 'ab', prefix: '' })).toEqual(['root-form']);
    expect(codes(hex(proved.proof), { root: encodeHex(coins), prefix: 'xyz' })).toEqual(['prefix']);
  });

  test('CW13 reads addresses of every network and links, and says what is wrong with them', () => {
    const address = 'dvc1qpln0pwv8vd8ur3qxpgghs59a3r7kglanq907jy';
    expect(inspect(text(address), flags)).toMatchObject({ kind: 'address', fields: { network: 'dev', form: 'key' }, faults: [] });
    expect(codes(text(`${address.slice(0, -1)}x`))).toEqual(['address-checksum']);
    expect(codes(text(`${address.slice(0, 12)}${address.slice(12).toUpperCase()}`))).toEqual(['address-mixed-case']);
    expect(codes(text('bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'))).toEqual(['address-network']);
    expect(inspect(text(`valuecyber:${address}?amount=1.5`), flags)).toMatchObject({
      kind: 'uri',
      fields: { amountText: '1.5' },
      faults: [],
    });
    expect(codes(text(`valuecyber:${address}?amount=1.123456789`))).toEqual(['amount-decimals']);
  });

  test('CW13 names the table of every kind of record, and one that is no table', () => {
    const tables = { GROUP_TABLE, REAL_NAME_TABLE, AGENT_TABLE, SUSPENSION_TABLE, CHILD_TABLE, ANCHOR_TABLE };
    const entry = { key: text('a key'), value: text('a value'), height: 7 };
    for (const seat of [undefined, { txid: block.header.txRoot, index: 3 }])
      for (const table of Object.values(tables)) {
        const found = inspect(hex(encodeRecord({ ...entry, table, seat })), { ...flags, as: 'record' });
        expect(found).toMatchObject({ kind: 'record', faults: [], fields: { tableName: new TextDecoder().decode(table), height: 7 } });
      }
    const strange = encodeRecord({ ...entry, table: text('nothing'), seat: undefined });
    expect(inspect(hex(strange), { ...flags, as: 'record' }).fields).toMatchObject({ tableName: undefined });
    expect(codes(hex(strange.subarray(1)), { as: 'record' })).not.toEqual([]);
  });

  test('CW13 reads the clear part of vault and backup files', () => {
    const head = concatBytes(text('VCB1'), Uint8Array.of(0, 0, 1, 0, 3, 0, 0, 0, 1), new Uint8Array(40 + 64));
    expect(inspect(head, flags)).toMatchObject({ kind: 'backup', fields: { kdf: { memory: 65_536, passes: 3, lanes: 1 } }, faults: [] });
    expect(codes(head.slice(0, 30))).toEqual(['sealed-file-size']);
    const vault = concatBytes(text('VCV1'), head.slice(4));
    expect(inspect(vault, flags)).toMatchObject({ kind: 'vault', fields: { sealedBytes: 64 }, faults: [] });
    expect(codes(vault.map((byte, at) => (at === 8 ? 1 : byte)))).toEqual(['kdf-parameters']);
    expect(codes(concatBytes(text('VCX1'), head.slice(4)), { as: 'sealed' })).toEqual(['not-a-sealed-file']);
  });

  test('CW13 whatever comes in, an answer comes out', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 700 }), fc.string().map(text)), (input) => {
        expect(inspect(input, flags)).toHaveProperty('faults');
      }),
      { numRuns: 500 },
    );
  });
});

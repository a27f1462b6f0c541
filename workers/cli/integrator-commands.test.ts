import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { base64 } from '@scure/base';
import { Command, CommanderError } from 'commander';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { concatBytes } from '#protocol/codec/bytes';
import { ZERO_HASH } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { encodeBytes } from '#protocol/codec/writer';
import { computeMessageSighash, encodeMessageSignature } from '#protocol/message/message-signature';
import { DEV_PARAMETERS } from '#protocol/params/networks';
import { decodePsbtForm, encodePsbt, type Psbt, type PsbtEntry } from '#protocol/psbt/psbt';
import { encodeAddress } from '#protocol/script/address';
import { SIGHASH_ALL } from '#protocol/script/sighash';
import { payment, testKey } from '#protocol/state/test-chain';
import { encodeTransaction } from '#protocol/tx/transaction-codec';
import { inspect } from './inspect/register.ts';
import { registerMessageCommand } from './message.ts';
import { registerPsbtCommands } from './psbt.ts';

const folder = mkdtempSync(join(tmpdir(), 'vc-psbt-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command line in this process and catches what it writes. */
const vc = async (...args: readonly string[]) => {
  const written = { out: '', err: '' };
  const catchInto = (name: 'out' | 'err') => (text: unknown) => {
    written[name] += String(text);
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(catchInto('out')),
    vi.spyOn(process.stderr, 'write').mockImplementation(catchInto('err')),
  ];
  const program = new Command('vc').exitOverride().configureOutput({ writeOut: catchInto('out'), writeErr: catchInto('err') });
  registerPsbtCommands(program);
  registerMessageCommand(program);
  for (const command of program.commands) command.exitOverride().copyInheritedSettings(program);
  process.exitCode = 0;
  try {
    await program.parseAsync(['node', 'vc', ...args]);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode;
  } finally {
    for (const each of spies) each.mockRestore();
  }
  const { exitCode } = process;
  process.exitCode = 0;
  return { ...written, out: written.out.trim(), exitCode };
};

const KEY = 5;
const coin = { outpoint: { txid: ZERO_HASH, index: 1 }, element: 'value', amount: 5_000n, script: testKey(KEY).script } as const;
const place = { layer: 0, type: 0, height: 1, medianTime: 1 } as const;
const signed = payment({ ...coin, ...place }, KEY, [{ element: 'value', amount: 4_000n, script: testKey(6).script }]);
const unsigned = encodeTransaction({ ...signed, inputs: signed.inputs.map((input) => ({ ...input, witness: [] })) });

describe('vc psbt', () => {
  test('PS5 W12 a payment goes from creator to network through a file, base64 and hexadecimal', async () => {
    const created = await vc('psbt', 'create', encodeHex(unsigned));
    const psbt = decodePsbtForm(base64.decode(created.out)) as Psbt;
    const [signature, publicKey] = signed.inputs[0]!.witness as [Uint8Array, Uint8Array];
    const coinEntry = { key: Uint8Array.of(1), value: encodeBytes((writer) => writer.u64(coin.amount).varBytes(coin.script)) };
    const signatureEntry = { key: concatBytes(Uint8Array.of(2), publicKey), value: signature };
    const withEntry = (entry: PsbtEntry) => encodePsbt({ ...psbt, maps: [[entry], ...psbt.maps.slice(1)] });
    const file = join(folder, 'updated.psbt');
    writeFileSync(file, withEntry(coinEntry));
    const combined = await vc('psbt', 'combine', file, encodeHex(withEntry(signatureEntry)));
    const finalized = await vc('psbt', 'finalize', combined.out);
    expect(await vc('psbt', 'extract', finalized.out)).toMatchObject({ out: encodeHex(encodeTransaction(signed)), exitCode: 0 });
    expect(await vc('psbt', 'extract', combined.out)).toMatchObject({ out: '', exitCode: 1 });
    const found = inspect(new TextEncoder().encode(combined.out), { prefix: '', network: 'dev' });
    expect(found).toMatchObject({
      kind: 'psbt',
      faults: [],
      fields: { version: 0, transaction: { inputs: [{}], outputs: [{ amount: 4_000n }] } },
    });
    expect(JSON.stringify(found.fields.inputs)).toContain('partialSignature');
  });

  test('PS2 what is no PSBT is a code and exit 1, and help teaches by examples', async () => {
    expect(await vc('psbt', 'finalize', 'cHNidP8B')).toMatchObject({ out: '', exitCode: 1 });
    expect((await vc('psbt', 'finalize', 'cHNidP8B')).err).toContain('vc: short');
    expect((await vc('psbt', 'combine', join(folder, 'nothing'))).err).toContain('vc: file-unreadable');
    expect((await vc('psbt', '--help')).out).toContain('vc psbt combine alice.psbt bob.psbt');
  });
});

describe('vc verify-message', () => {
  test('MS3 says signed, or why not', async () => {
    const { script, secret, publicKey } = testKey(9);
    const digest = computeMessageSighash(script, script.subarray(2), 'hello');
    const der = secp256k1.sign(digest, secret, { prehash: false, lowS: true, format: 'der' });
    const signature = encodeMessageSignature([Uint8Array.of(...der, SIGHASH_ALL), publicKey]);
    const address = encodeAddress(script, DEV_PARAMETERS.addressPrefix)!;
    expect(await vc('verify-message', address, 'hello', signature)).toMatchObject({ out: 'signed', exitCode: 0 });
    expect(await vc('verify-message', address, 'hello!', signature)).toMatchObject({ out: '', exitCode: 1 });
    expect((await vc('verify-message', address, 'hello', signature, '--network', 'test')).err).toContain('vc: address-network');
    expect((await vc('verify-message', '--help')).out).toContain('Exit code 0');
  });
});

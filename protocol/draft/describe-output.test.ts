import { expect, test } from 'vitest';
import { DEV_PARAMETERS } from '../params/networks.ts';
import { encodeAddress } from '../script/address.ts';
import { buildDataScript } from '../script/forms/data-output.ts';
import { FREE_SCRIPT } from '../script/forms/free-output.ts';
import { buildKeyHashCheck } from '../script/forms/key-check.ts';
import { buildMultisigInOrder } from '../script/forms/multisig.ts';
import { buildRecordCommitment } from '../script/forms/record-commitment.ts';
import { testKey, VC } from '../state/test-chain.ts';
import { credit, DEBTOR, debt, FOUNDER, OTHER, pubkeys, tagOf, value } from '../state/test-market.ts';
import { describeOwner } from './describe-output.ts';

const prefix = DEV_PARAMETERS.addressPrefix;
const addressOf = (key: number): string => encodeAddress(testKey(key).script, prefix) as string;
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test('BD17 whose an output is is read from its script, and what is nobody\u2019s known form is shown as it is', () => {
  const own = testKey(OTHER).script;
  const keys = pubkeys(FOUNDER, OTHER);
  const sources = buildMultisigInOrder({ threshold: 2, keys });
  const commitment = buildRecordCommitment(new Uint8Array(32), buildKeyHashCheck(tagOf(OTHER)));
  const at = (layer: 0 | 1 | 2) => (output: ReturnType<typeof value>) => describeOwner({ ...output, layer }, prefix);
  expect(at(0)(value(VC, own))).toEqual({ kind: 'address', address: addressOf(OTHER) });
  expect(at(2)(value(0n, own))).toEqual({ kind: 'seat', address: addressOf(OTHER) });
  expect(at(1)(value(0n, own))).toEqual({ kind: 'address', address: addressOf(OTHER) });
  const term = { kind: 'blocks', blocks: 3 } as const;
  expect(at(0)(debt(VC, tagOf(DEBTOR), term))).toEqual({ kind: 'debtor', address: addressOf(DEBTOR), term });
  expect(at(0)({ ...debt(VC, tagOf(DEBTOR), term), element: 'value' })).toMatchObject({ kind: 'script' });
  expect(at(2)(credit(VC, sources))).toEqual({ kind: 'members', threshold: 2, keys: keys.map(hex) });
  expect(at(2)(value(0n, commitment))).toEqual({ kind: 'commitment' });
  expect(at(0)(value(1_000n, FREE_SCRIPT))).toEqual({ kind: 'maker' });
  expect(at(0)(value(0n, buildDataScript(Uint8Array.of(1, 2))))).toEqual({ kind: 'data' });
  expect(at(0)(value(VC, Uint8Array.of(0x51, 0x51)))).toEqual({ kind: 'script', script: '5151' });
});

import { Command } from 'commander';
import { beforeAll, describe, expect, test } from 'vitest';
import { encodeUtf8 } from '#protocol/codec/utf8';
import { checkDraft } from '#protocol/draft/check-draft';
import type { Draft } from '#protocol/draft/draft';
import { makeDraft } from '#protocol/draft/fund-draft';
import { installNodeCrypto } from '#protocol/node/crypto/node-crypto';
import { DEV_PARAMETERS } from '#protocol/params/networks';
import { encodeAgent } from '#protocol/records/agent';
import { planGoverned } from '#protocol/records/plan-records';
import { AGENT_TABLE } from '#protocol/records/tables';
import { encodeAddress } from '#protocol/script/address';
import { buildRecordCommitment, computeRecordHash } from '#protocol/script/forms/record-commitment';
import { testKey, VC } from '#protocol/state/test-chain';
import { AGENT, credit, DEBTOR, debt, FOUNDER, Market, pubkeys, tagOf, value } from '#protocol/state/test-market';
import { describeDraft, draftLines } from './describe-draft.ts';
import { orFail } from './node-view.ts';
import { registerLedgerCommands } from './register.ts';

const shown = (draft: Draft): string => draftLines(describeDraft(orFail(checkDraft(draft, DEV_PARAMETERS)), DEV_PARAMETERS)).join('\n');
const addressOf = (key: number): string => encodeAddress(testKey(key).script, DEV_PARAMETERS.addressPrefix)!;

describe('what a signer is shown', () => {
  beforeAll(installNodeCrypto);

  test('BD15 BD17 a draw says what is spent, who gets what, who owes how long, and who has still to sign', () => {
    const market = new Market();
    const coins = [market.grant(3n * VC), market.chain.coinOf(DEBTOR)];
    const outputs = [
      debt(2n * VC, tagOf(DEBTOR), { kind: 'expiry', lockTime: 1_900_000_000 }),
      value(coins[1]!.amount + 2n * VC - 700n, testKey(DEBTOR).script),
      credit(VC, testKey(AGENT).script),
    ];
    expect(shown(makeDraft({ coins, outputs })).split('\n')).toEqual([
      'transfer, circulation layer, fee 0.000007 VC',
      `  spends  3 VC credit  ${addressOf(AGENT)}`,
      `  spends  100 VC value  ${addressOf(DEBTOR)}`,
      `  makes   2 VC debt  answered for by ${addressOf(DEBTOR)}, due after 2030-03-17T17:46:40.000Z`,
      `  makes   101.999993 VC value  ${addressOf(DEBTOR)}`,
      `  makes   1 VC credit  ${addressOf(AGENT)}`,
      `  missing 1 of ${addressOf(AGENT)} (input 0)`,
      `  missing 1 of ${addressOf(DEBTOR)} (input 1)`,
    ]);
  });

  test('BD15 a record is shown by its table, and its text cannot act on a terminal', () => {
    const market = new Market();
    const label = encodeUtf8('bank\u001b[2J\u202ex');
    const { claim, keyCheck } = planGoverned(
      { table: AGENT_TABLE, key: tagOf(AGENT), value: encodeAgent({ quota: 5n * VC, label }) },
      pubkeys(FOUNDER),
    );
    const script = buildRecordCommitment(computeRecordHash(claim.table, claim.key, claim.value), keyCheck);
    const fee = market.fee().coin;
    const commitment = { ...fee, ...value(0n, script), layer: 2 as const, outpoint: { ...fee.outpoint, index: 9 } };
    const text = shown(makeDraft({ layer: 2, type: 3, coins: [commitment, fee], outputs: [], claim }));
    expect(text).toContain('record, management layer, fee 0.00002 VC');
    expect(text).toContain('"table":"agent"');
    expect(text).toContain('"quota":"5","label":"bank�[2J�x"');
    for (const mark of ['\u001b', '\u202e']) expect(text).not.toContain(mark);
    expect(text).toContain(`missing 1 of ${Buffer.from(testKey(FOUNDER).publicKey).toString('hex')} (input 0)`);
  });

  test('BD14 BD15 every command explains itself, and none takes a key or words as its argument', () => {
    const program = new Command('vc');
    registerLedgerCommands(program);
    const all = (command: Command): Command[] => [command, ...command.commands.flatMap(all)];
    const commands = program.commands.flatMap(all);
    expect(commands.length).toBeGreaterThan(20);
    for (const command of commands) {
      expect([command.name(), command.description()]).not.toEqual([command.name(), '']);
      const taken = [...command.options.map(({ long }) => long), ...command.registeredArguments.map((each) => each.name())];
      expect(taken.filter((name) => /secret|private|phrase|mnemonic|xprv/.test(name ?? ''))).toEqual([]);
    }
  });
});

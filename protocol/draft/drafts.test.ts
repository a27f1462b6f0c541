import { describe, expect, test } from 'vitest';
import { planAuthorisation, selectSources } from '../admission/build-authorisation.ts';
import { planReissue } from '../admission/build-reissue.ts';
import { decodeGroup } from '../admission/group.ts';
import { planGroupChange } from '../admission/plan-group-change.ts';
import { encodeUtf8 } from '../codec/utf8.ts';
import { planDraw } from '../debt/build-draw.ts';
import { planRepayment } from '../debt/build-repayment.ts';
import { planRoll } from '../debt/build-roll.ts';
import { type Fault, isFault } from '../fault.ts';
import type { Coin } from '../ledger/coin.ts';
import { DEV_PARAMETERS } from '../params/networks.ts';
import { encodeAgent } from '../records/agent.ts';
import { planRecord, type RecordPlan } from '../records/build-record.ts';
import { planChild, planGoverned, planRealName } from '../records/plan-records.ts';
import { computeAccountTag } from '../records/real-name.ts';
import { ADMISSION_KEY, AGENT_TABLE, CHILD_TABLE, GROUP_TABLE } from '../records/tables.ts';
import { buildMultisigInOrder } from '../script/forms/multisig.ts';
import { computeMedianPast } from '../state/block-effect.ts';
import { testXpub } from '../state/test-accounts.ts';
import { testKey, VC } from '../state/test-chain.ts';
import { AGENT, DEBTOR, FOUNDER, Market, OTHER, pubkeys, tagOf, value } from '../state/test-market.ts';
import { encodeTransaction } from '../tx/transaction-codec.ts';
import { checkDraft } from './check-draft.ts';
import { askOf, type Draft } from './draft.ts';
import { computeDraftFee, computeDraftSize } from './draft-size.ts';
import { decodeDraftFile, encodeDraftFile } from './draft-text.ts';
import { computeSurplus, type Funding, fundDraft, makeDraft } from './fund-draft.ts';
import { addSignature, computeDraftDigest, findMissing, finishDraft } from './sign-draft.ts';
import { finished, signatureOf, signBy } from './test-signer.ts';

const RATE = 1_000n;
const PAYER = OTHER;

const must = <T>(result: T): Exclude<T, Fault> => {
  if (isFault(result))
    throw new Error(`${result.fault} ${JSON.stringify(result.detail, (_, each) => (typeof each === 'bigint' ? `${each}` : each))}`);
  return result as Exclude<T, Fault>;
};

const coinsOf = (market: Market, key: number, element: Coin['element'] = 'value'): Coin[] =>
  [...market.state.coins.values()].filter(
    (coin) => coin.element === element && coin.layer === 0 && Buffer.from(coin.script).equals(testKey(key).script),
  );

const fundingOf = (market: Market, key: number = PAYER): Funding => ({
  coins: coinsOf(market, key),
  changeScript: testKey(key).script,
  feeRate: RATE,
  parameters: market.chain.parameters,
});

const sourcesOf = (market: Market): Coin[] =>
  [...market.state.coins.values()].filter(({ layer, element }) => layer === 2 && element === 'credit');
const placeOf = (market: Market) => ({ height: market.state.tip.height, medianTime: computeMedianPast(market.state) });
const members = pubkeys(FOUNDER);

const grant = (market: Market, amount: bigint, over: { free?: bigint; members?: Uint8Array[] } = {}) =>
  planAuthorisation({ sources: sourcesOf(market), members, amount, free: 0n, script: testKey(AGENT).script, ...over }, fundingOf(market));

/** A market on which the debtor himself holds credit. */
const withCredit = (amount: bigint): Market => {
  const market = new Market();
  market.grant(amount, testKey(DEBTOR).script);
  return market;
};

const draw = (market: Market, over: Partial<Parameters<typeof planDraw>[0]> = {}) =>
  planDraw({
    credit: coinsOf(market, DEBTOR, 'credit'),
    consent: undefined,
    tag: tagOf(DEBTOR),
    amount: VC,
    terms: [{ kind: 'blocks', blocks: 10 }],
    valueScript: testKey(DEBTOR).script,
    creditScript: testKey(DEBTOR).script,
    place: placeOf(market),
    feeRate: RATE,
    parameters: market.chain.parameters,
    ...over,
  });

const writeRecord = (market: Market, plan: RecordPlan, ...keys: readonly number[]): void => {
  const { funding, commitment, record } = must(planRecord(plan, fundingOf(market)));
  market.mine(finished(funding, PAYER));
  market.mine(finished(commitment, PAYER));
  const transaction = finished(record, PAYER, ...keys);
  expect(market.codeOf(transaction)).toBe('accepted');
  market.mine(transaction);
};

describe('drafts', () => {
  test('BD1 BD3 a source asks its members, a payer his key; what nobody asked for is refused at once', () => {
    const market = new Market();
    const draft = must(grant(market, 3n * VC));
    expect(draft.transaction.inputs).toHaveLength(3);
    expect(must(findMissing(draft)).map(({ input, count, keys, keyHash }) => [input, count, keys.length, keyHash !== undefined])).toEqual([
      [0, 1, 1, false],
      [1, 1, 1, false],
      [2, 1, 0, true],
    ]);
    const sign = (input: number, key: number, over: { digestOf?: number; type?: number } = {}) => {
      const digest = computeDraftDigest(draft, over.digestOf ?? input, testKey(over.digestOf === undefined ? key : PAYER).publicKey);
      if (isFault(digest)) return digest;
      return addSignature(draft, { input, publicKey: testKey(key).publicKey, signature: signatureOf(digest, key, over.type) });
    };
    expect(sign(0, AGENT)).toMatchObject({ fault: 'signature-unwanted' });
    expect(sign(2, FOUNDER)).toMatchObject({ fault: 'signature-unwanted' });
    expect(sign(7, FOUNDER)).toMatchObject({ fault: 'draft-script' });
    expect(sign(0, FOUNDER, { digestOf: 2 })).toMatchObject({ fault: 'signature-invalid' });
    expect(sign(0, FOUNDER, { type: 0x81 })).toMatchObject({ fault: 'signature-invalid' });
    const half = signBy(draft, FOUNDER);
    expect(computeDraftDigest(half, 0, testKey(FOUNDER).publicKey)).toMatchObject({ fault: 'signature-twice' });
    expect(finishDraft(half)).toMatchObject({ fault: 'draft-incomplete', detail: { signatures: 1 } });
    expect(market.codeOf(must(finishDraft(signBy(half, PAYER))))).toBe('accepted');
  });

  test('BD3 a threshold takes no signature too many, in whichever order they came', () => {
    const market = new Market();
    const keys = pubkeys(FOUNDER, AGENT, DEBTOR);
    const source = { ...sourcesOf(market)[0]!, script: buildMultisigInOrder({ threshold: 2, keys }) };
    const draft = must(
      planAuthorisation({ sources: [source], members: keys, amount: VC, free: 0n, script: testKey(AGENT).script }, fundingOf(market)),
    );
    const two = signBy(draft, DEBTOR, FOUNDER);
    expect(computeDraftDigest(two, 0, testKey(AGENT).publicKey)).toMatchObject({ fault: 'signature-enough' });
    const [, first, second] = finished(two, PAYER).inputs[0]!.witness;
    expect([first, second]).toEqual([two.signatures[1]!.signature, two.signatures[0]!.signature]);
  });

  test('BD3 a named key that is a member too signs once for both, and no signature is one too many', () => {
    const market = new Market();
    const list = pubkeys(FOUNDER, AGENT, DEBTOR);
    const plan = must(planRealName({ xpub: testXpub(FOUNDER), commitment: new Uint8Array(32), parent: new Uint8Array(20) }, list));
    const { record } = must(planRecord(plan, fundingOf(market)));
    expect(finishDraft(signBy(record, PAYER, AGENT, DEBTOR))).toMatchObject({ fault: 'draft-incomplete', detail: { signatures: 1 } });
    const signed = signBy(record, PAYER, AGENT, DEBTOR, FOUNDER);
    const by = (key: number) => signed.signatures.find(({ publicKey }) => Buffer.from(publicKey).equals(testKey(key).publicKey))!.signature;
    const { table, key, value: shown } = plan.claim;
    expect(must(finishDraft(signed)).inputs[0]!.witness).toEqual([
      new Uint8Array(0),
      by(FOUNDER),
      by(AGENT),
      by(FOUNDER),
      table,
      key,
      shown,
    ]);
  });

  test('BD1 a debt that is repaid asks for nothing, an unknown script is refused', () => {
    const market = new Market();
    const { debt } = market.draw();
    const repayment = must(planRepayment([debt], fundingOf(market)));
    expect(askOf(repayment, 0)).toEqual({ kind: 'nothing' });
    const seat = { ...coinsOf(market, OTHER)[0]!, layer: 2 as const };
    expect(askOf(makeDraft({ coins: [seat], outputs: [] }), 0)).toEqual({ kind: 'nothing' });
    expect(askOf(makeDraft({ layer: 2, coins: [seat], outputs: [] }), 0)).toMatchObject({ kind: 'key' });
    const odd = { ...debt, element: 'value' as const, script: Uint8Array.of(0x51) };
    expect(askOf(makeDraft({ coins: [odd], outputs: [] }), 0)).toMatchObject({ fault: 'draft-script' });
  });

  test('BD2 the fee covers the signed size, change comes back or is not worth it, and is never locked', () => {
    const market = new Market();
    const draft = must(grant(market, VC));
    const transaction = finished(draft, FOUNDER, PAYER);
    const verdict = must(market.verdict(transaction));
    expect(verdict.fee).toBe(computeDraftFee(draft, RATE));
    expect(encodeTransaction(transaction).length).toBeLessThanOrEqual(computeDraftSize(draft) * 4);
    const funding = fundingOf(market);
    const [coin] = funding.coins as [Coin];
    const bare = { coins: [], outputs: [value(1_000n, testKey(AGENT).script)] };
    const exact = must(fundDraft(bare, { ...funding, coins: [{ ...coin, amount: 1_110n }] }));
    expect([exact.transaction.outputs.length, computeSurplus(exact)]).toEqual([1, 110n]);
    const outputsOf = (amount: bigint, minOutput = 1n): number =>
      must(fundDraft(bare, { ...funding, coins: [{ ...coin, amount }], parameters: { ...funding.parameters, minOutput } })).transaction
        .outputs.length;
    expect([outputsOf(1_172n), outputsOf(1_173n)]).toEqual([1, 2]);
    expect([outputsOf(1_141n + 999n, 1_000n), outputsOf(1_141n + 1_000n, 1_000n)]).toEqual([1, 2]);
    expect(fundDraft(bare, { ...funding, coins: [{ ...coin, amount: 1_109n }] })).toMatchObject({ fault: 'funds-insufficient' });
    expect(fundDraft({ ...bare, layer: 1 }, funding)).toMatchObject({ fault: 'change-locked' });
  });
});

describe('credit', () => {
  test('BD4 any amount up to all sources is granted out of those it needs, with interest', () => {
    const market = new Market();
    for (const [amount, used] of [
      [1n, [VC]],
      [VC, [VC]],
      [5n * VC, [VC, 4n * VC]],
      [5n * VC + 1n, [2n * VC, 4n * VC]],
      [15n * VC, [VC, 2n * VC, 4n * VC, 8n * VC]],
    ] as const) {
      expect(must(selectSources(sourcesOf(market), members, amount)).map((coin) => coin.amount)).toEqual(used);
      const transaction = finished(must(grant(market, amount, { free: 700n })), FOUNDER, PAYER);
      expect(market.codeOf(transaction)).toBe('accepted');
      expect(transaction.outputs.slice(0, 2)).toMatchObject([
        { element: 'credit', amount },
        { element: 'value', amount: 700n, script: Uint8Array.of(0x51) },
      ]);
    }
    expect(grant(market, 15n * VC + 1n)).toMatchObject({ fault: 'sources-insufficient' });
    expect(grant(market, VC, { members: pubkeys(OTHER) })).toMatchObject({ fault: 'sources-insufficient' });
    expect(grant(market, 0n)).toMatchObject({ fault: 'grant-empty' });
    const small = { ...fundingOf(market), parameters: { ...DEV_PARAMETERS, groupMin: 3 } };
    expect(
      planAuthorisation({ sources: sourcesOf(market), members, amount: VC, free: 0n, script: testKey(AGENT).script }, small),
    ).toMatchObject({ fault: 'group-small' });
  });

  test('BD5 own credit becomes money and debts, in instalments, and what is left comes back', () => {
    const market = withCredit(4n * VC);
    const terms = [10, 20, 30].map((blocks) => ({ kind: 'blocks', blocks }) as const);
    const draft = must(draw(market, { amount: VC, terms }));
    const transaction = finished(draft, DEBTOR);
    expect(market.codeOf(transaction)).toBe('accepted');
    expect(transaction.outputs.map(({ element, amount }) => [element, amount])).toEqual([
      ['debt', 33_333_333n],
      ['debt', 33_333_333n],
      ['debt', 33_333_334n],
      ['value', VC - computeDraftFee(draft, RATE)],
      ['credit', 3n * VC],
    ]);
    market.mine(transaction);
    expect(draw(market, { amount: 3n * VC + 1n })).toMatchObject({ fault: 'credit-insufficient' });
    expect(must(draw(market, { amount: 3n * VC })).transaction.outputs).toHaveLength(2);
  });

  test('BD5 bounds: the least debt, a term of its own block, a date gone by, terms out of range', () => {
    const market = withCredit(VC);
    const { height, medianTime } = placeOf(market);
    const minimum = market.chain.parameters.minDebt;
    expect(market.codeOf(finished(must(draw(market, { amount: minimum })), DEBTOR))).toBe('accepted');
    expect(draw(market, { amount: minimum - 1n })).toMatchObject({ fault: 'debt-minimum' });
    expect(
      draw(market, {
        amount: 2n * minimum - 1n,
        terms: [
          { kind: 'blocks', blocks: 9 },
          { kind: 'blocks', blocks: 9 },
        ],
      }),
    ).toMatchObject({
      fault: 'debt-minimum',
    });
    expect(draw(market, { amount: minimum, feeRate: 100_000n })).toMatchObject({ fault: 'draw-small' });
    const coarse = { ...market.chain.parameters, minOutput: VC - computeDraftFee(must(draw(market)), RATE) };
    expect(isFault(draw(market, { parameters: coarse }))).toBe(false);
    expect(draw(market, { parameters: { ...coarse, minOutput: coarse.minOutput + 1n } })).toMatchObject({ fault: 'draw-small' });
    const withTerm = (term: Parameters<typeof planDraw>[0]['terms'][number]) => draw(market, { terms: [term] });
    expect(withTerm({ kind: 'blocks', blocks: 1 })).toMatchObject({ fault: 'debt-overdue' });
    expect(isFault(withTerm({ kind: 'blocks', blocks: 2 }))).toBe(false);
    expect(withTerm({ kind: 'expiry', lockTime: height + 1 })).toMatchObject({ fault: 'debt-overdue' });
    expect(isFault(withTerm({ kind: 'expiry', lockTime: height + 2 }))).toBe(false);
    expect(withTerm({ kind: 'expiry', lockTime: medianTime - 1 })).toMatchObject({ fault: 'debt-overdue' });
    expect(isFault(withTerm({ kind: 'expiry', lockTime: medianTime }))).toBe(false);
    for (const blocks of [0, 65_536, 1.5]) expect(withTerm({ kind: 'blocks', blocks })).toMatchObject({ fault: 'debt-term' });
    expect(withTerm({ kind: 'expiry', lockTime: 2 ** 32 })).toMatchObject({ fault: 'debt-term' });
  });

  test("BD5 an agent's credit is drawn with both signatures, and not with one", () => {
    const market = new Market();
    market.grant(VC);
    const [consent] = coinsOf(market, DEBTOR);
    const draft = must(
      draw(market, { credit: coinsOf(market, AGENT, 'credit'), consent: consent!, creditScript: testKey(AGENT).script, amount: VC }),
    );
    expect(finishDraft(signBy(draft, AGENT))).toMatchObject({ fault: 'draft-incomplete' });
    expect(market.codeOf(finished(draft, DEBTOR, AGENT))).toBe('accepted');
  });

  test('BD6 anybody repays, several debts at once, in circulation or with an exact coin in the debt layer', () => {
    const market = new Market();
    const { debt } = market.draw();
    const draft = must(planRepayment([debt], fundingOf(market)));
    expect(must(findMissing(draft)).map(({ input }) => input)).toEqual([1]);
    const transaction = finished(draft, PAYER);
    expect(market.codeOf(transaction)).toBe('accepted');
    expect(planRepayment([{ ...debt, layer: 1 }], fundingOf(market))).toMatchObject({ fault: 'change-locked' });
    expect(planRepayment([debt, ...coinsOf(market, DEBTOR)], fundingOf(market))).toMatchObject({ fault: 'debt-absent' });
    expect(planRepayment([debt], { ...fundingOf(market), coins: [] })).toMatchObject({ fault: 'funds-insufficient' });
    market.mine(transaction);
    expect(market.state.findCoin(debt.outpoint)).toBeUndefined();
  });

  test('BD7 a debt goes on by its own key with as much credit; an overdue one leaves the debtor none of his', () => {
    const market = new Market();
    const { debt } = market.draw({ kind: 'blocks', blocks: 5 });
    market.grant(2n * VC, testKey(DEBTOR).script);
    const orderOf = () => ({
      debt,
      credit: coinsOf(market, DEBTOR, 'credit'),
      term: { kind: 'blocks', blocks: 50 } as const,
      creditScript: testKey(DEBTOR).script,
      place: placeOf(market),
    });
    const roll = (over: Partial<ReturnType<typeof orderOf>> = {}) => planRoll({ ...orderOf(), ...over }, fundingOf(market, DEBTOR));
    const draft = must(roll());
    expect(market.codeOf(finished(draft, DEBTOR))).toBe('accepted');
    expect(draft.transaction.outputs.slice(0, 2)).toMatchObject([
      { element: 'debt', amount: debt.amount },
      { element: 'credit', amount: VC },
    ]);
    expect(roll({ credit: [] })).toMatchObject({ fault: 'credit-insufficient' });
    expect(roll({ debt: { ...debt, layer: 1 } })).toMatchObject({ fault: 'debt-absent' });
    expect(planRoll({ ...orderOf(), term: { kind: 'blocks', blocks: 1 } as never }, fundingOf(market, DEBTOR))).toMatchObject({
      fault: 'debt-overdue',
    });
    market.chain.grow(5);
    expect(market.codeOf(finished(draft, DEBTOR))).toBe('frozen');
    expect(roll()).toMatchObject({ fault: 'credit-frozen', detail: { left: VC } });
    market.grant(2n * VC);
    const agents = { credit: coinsOf(market, AGENT, 'credit'), creditScript: testKey(AGENT).script };
    expect(market.codeOf(finished(must(roll(agents)), DEBTOR, AGENT))).toBe('accepted');
  });
});

describe('records', () => {
  const xpub = testXpub(DEBTOR);
  const noParent = new Uint8Array(20);

  test('BD9 BD10 an account, a department of it, an agent and a child are written by whom they ask for', () => {
    const market = new Market();
    const commitment = new Uint8Array(32).fill(7);
    const account = must(planRealName({ xpub, commitment, parent: noParent }, members));
    writeRecord(market, account, FOUNDER, DEBTOR);
    expect(market.holds(account.claim)).toBe(true);
    const department = must(planRealName({ xpub: testXpub(AGENT), commitment, parent: account.claim.key }, members));
    writeRecord(market, department, FOUNDER, AGENT);
    expect(market.holds(department.claim)).toBe(true);
    const agent = planGoverned(
      { table: AGENT_TABLE, key: tagOf(AGENT), value: encodeAgent({ quota: VC, label: encodeUtf8('bank') }) },
      members,
    );
    writeRecord(market, agent, FOUNDER);
    expect(market.holds(agent.claim)).toBe(true);
    const child = must(planChild(xpub, [1, 2], tagOf(PAYER)));
    writeRecord(market, child);
    expect(market.record(CHILD_TABLE, computeAccountTag(xpub, [1, 2]))?.seat).toBeDefined();
    expect(planChild(xpub, [1, 2, 3, 4, 5, 6, 7], tagOf(PAYER))).toMatchObject({ fault: 'size' });
    expect(planChild(xpub, [2 ** 31], tagOf(PAYER))).toMatchObject({ fault: 'size' });
    expect(planRealName({ xpub: new Uint8Array(78), commitment, parent: noParent }, members)).toMatchObject({ fault: 'form' });
  });

  test('BD9 the record is signed before anything is sent, pays exactly, and shows what was committed to', () => {
    const market = new Market();
    const plan = must(planRealName({ xpub, commitment: new Uint8Array(32), parent: noParent }, members));
    const drafts = must(planRecord(plan, fundingOf(market)));
    const signed = [finished(drafts.funding, PAYER), finished(drafts.commitment, PAYER), finished(drafts.record, PAYER, FOUNDER, DEBTOR)];
    for (const [i, transaction] of signed.entries()) {
      const verdict = must(market.verdict(transaction));
      expect(verdict.fee).toBe(computeDraftFee([drafts.funding, drafts.commitment, drafts.record][i]!, RATE));
      market.mine(transaction);
    }
    expect(market.holds(plan.claim)).toBe(true);
    const other: Draft = { ...drafts.record, claim: { ...plan.claim, key: noParent } };
    expect(findMissing(other)).toMatchObject({ fault: 'draft-claim' });
    const large = { ...plan, claim: { ...plan.claim, value: new Uint8Array(521) } };
    expect(planRecord(large, fundingOf(market))).toMatchObject({ fault: 'record-size' });
  });

  test('BD8 the group grows, replaces and shrinks by whom it has to ask', () => {
    const market = new Market();
    const { parameters } = market.chain;
    let list = members;
    const change = (plan: ReturnType<typeof planGroupChange>, ...keys: readonly number[]): void => {
      writeRecord(market, must(plan), ...keys);
      list = [...must(decodeGroup(market.record(GROUP_TABLE, ADMISSION_KEY)!.value, parameters))];
    };
    const [second, third, fourth, fifth] = [9_001, 9_002, 9_003, 9_004];
    const key = (n: number): Uint8Array => testKey(n).publicKey;
    change(planGroupChange(list, { kind: 'add', key: key(second) }, parameters), FOUNDER, second);
    change(planGroupChange(list, { kind: 'add', key: key(third) }, parameters), FOUNDER, second, third);
    expect(planGroupChange(list, { kind: 'remove', key: key(third) }, parameters)).toMatchObject({ fault: 'group-small' });
    change(planGroupChange(list, { kind: 'add', key: key(fourth) }, parameters), FOUNDER, second, third, fourth);
    change(planGroupChange(list, { kind: 'replace', key: key(second), by: key(fifth) }, parameters), FOUNDER, second, third, fourth, fifth);
    change(planGroupChange(list, { kind: 'remove', key: key(third) }, parameters), FOUNDER, fourth, fifth);
    expect(list).toEqual(pubkeys(FOUNDER, fifth, fourth));
    expect(planGroupChange(list, { kind: 'add', key: key(fifth) }, parameters)).toMatchObject({ fault: 'group-form' });
    expect(planGroupChange(list, { kind: 'remove', key: key(third) }, parameters)).toMatchObject({ fault: 'group-member' });
    expect(planGroupChange(list, { kind: 'replace', key: key(fourth), by: key(fifth) }, parameters)).toMatchObject({ fault: 'group-form' });
    expect(planGroupChange(members, { kind: 'remove', key: members[0]! }, parameters)).toMatchObject({ fault: 'group-small' });
    expect(planGroupChange(list, { kind: 'add', key: new Uint8Array(33) }, parameters)).toMatchObject({ fault: 'group-form' });
  });
});

describe('sources', () => {
  test('BD16 are issued anew by their own keys, or by all members where one left, and granted from again', () => {
    const market = new Market();
    const key = (n: number): Uint8Array => testKey(n).publicKey;
    const [second, third] = [9_001, 9_002];
    const reissue = (members: Uint8Array[], keys: Uint8Array[], threshold: number) =>
      planReissue({ sources: sourcesOf(market).slice(0, 2), members, keys, threshold }, fundingOf(market));
    const run = (plan: ReturnType<typeof reissue>, ...keys: readonly number[]): Draft => {
      const { funding, reissue: draft } = must(plan);
      market.mine(finished(funding, PAYER));
      const read = must(decodeDraftFile(encodeDraftFile({ network: 'dev', before: [], draft }))).draft;
      expect(must(checkDraft(read, market.chain.parameters)).fee).toBe(computeDraftFee(draft, RATE));
      const transaction = finished(read, PAYER, ...keys);
      expect(must(market.verdict(transaction)).fee).toBe(computeDraftFee(draft, RATE));
      market.mine(transaction);
      return draft;
    };
    writeRecord(market, must(planGroupChange(members, { kind: 'add', key: key(second) }, market.chain.parameters)), FOUNDER, second);
    const two = [...members, key(second)];
    run(reissue(two, [key(second), ...members], 2), FOUNDER);
    writeRecord(
      market,
      must(planGroupChange(two, { kind: 'replace', key: members[0]!, by: key(third) }, market.chain.parameters)),
      ...[FOUNDER, second, third],
    );
    const after = [key(third), key(second)];
    const stale = must(reissue(after, [key(second)], 1));
    expect(must(findMissing(signBy(stale.reissue, FOUNDER, PAYER))).map(({ count }) => count)).toEqual([2, 2]);
    const held = sourcesOf(market).slice(0, 2);
    run(reissue(after, [key(second)], 1), second, third);
    const fresh = sourcesOf(market).filter(({ script }) =>
      Buffer.from(script).equals(buildMultisigInOrder({ threshold: 1, keys: [key(second)] })),
    );
    expect(fresh.map(({ amount }) => amount).toSorted()).toEqual(held.map(({ amount }) => amount).toSorted());
    const granted = grant(market, fresh[0]!.amount, { members: after });
    expect(market.codeOf(finished(must(granted), second, PAYER))).toBe('accepted');
    expect(reissue(after, members, 1)).toMatchObject({ fault: 'group-member' });
    for (const threshold of [0, 3, 1.5]) expect(reissue(after, after, threshold)).toMatchObject({ fault: 'group-keys' });
    expect(planReissue({ sources: [], members: after, keys: after, threshold: 1 }, fundingOf(market))).toMatchObject({
      fault: 'sources-insufficient',
    });
  });
});

describe('drafts that are handed over', () => {
  const { parameters } = new Market().chain;

  test('BD11 what is planned is understood, with its fee', () => {
    const market = withCredit(VC);
    const drafts = [must(grant(market, 3n * VC, { free: 10n })), must(draw(market))];
    const plan = must(planRealName({ xpub: testXpub(DEBTOR), commitment: new Uint8Array(32), parent: new Uint8Array(20) }, members));
    const { funding, commitment, record } = must(planRecord(plan, fundingOf(market)));
    for (const draft of [...drafts, funding, commitment, record])
      expect(must(checkDraft(draft, parameters)).fee).toBe(computeDraftFee(draft, RATE));
  });

  test('BD11 what a signer could not be told is refused', () => {
    const market = withCredit(VC);
    const draft = must(draw(market));
    const { transaction, coins } = draft;
    const [coin] = coins as [Coin];
    const codeOf = (over: Partial<Draft>) => {
      const understood = checkDraft({ ...draft, ...over }, parameters);
      return isFault(understood) ? understood.fault : 'understood';
    };
    const withOutputs = (...outputs: Draft['transaction']['outputs']) => ({ transaction: { ...transaction, outputs } });
    expect(codeOf({ coins: [] })).toBe('draft-coins');
    expect(codeOf({ coins: [{ ...coin, outpoint: { ...coin.outpoint, index: 9 } }] })).toBe('draft-coins');
    expect(codeOf({ transaction: { ...transaction, type: 2 } })).toBe('draft-type');
    expect(codeOf({ transaction: { ...transaction, type: 1 } })).toBe('type-mismatch');
    expect(codeOf(withOutputs(value(1n, Uint8Array.of(0x51, 0x51))))).toBe('draft-output');
    expect(codeOf({ coins: [{ ...coin, script: Uint8Array.of(0x51) }] })).toBe('draft-script');
    expect(codeOf(withOutputs(value(1n, testKey(DEBTOR).script)))).toBe('value-created');
    expect(codeOf(withOutputs(value(0n, testKey(DEBTOR).script)))).toBe('amount-minimum');
    expect(codeOf({ claim: { table: encodeUtf8('other'), key: tagOf(DEBTOR), value: tagOf(DEBTOR) } })).toBe('draft-claim');
  });

  test('BD12 a file gives the same draft back with its signatures, and is refused where it was changed', () => {
    const market = new Market();
    const plan = must(planRealName({ xpub: testXpub(DEBTOR), commitment: new Uint8Array(32), parent: new Uint8Array(20) }, members));
    const { funding, record } = must(planRecord(plan, fundingOf(market)));
    const before = [encodeTransaction(finished(funding, PAYER))];
    const text = encodeDraftFile({ network: 'dev', before, draft: signBy(record, DEBTOR) });
    const read = must(decodeDraftFile(text));
    expect(read).toEqual({ network: 'dev', before, draft: signBy(record, DEBTOR) });
    expect(finishDraft(signBy(read.draft, PAYER, FOUNDER))).toEqual(finished(record, DEBTOR, PAYER, FOUNDER));
    const changed = (change: (fields: Record<string, unknown>) => object) =>
      decodeDraftFile(JSON.stringify({ ...JSON.parse(text), ...change(JSON.parse(text)) }));
    for (const [part, over] of [
      ['file', { draft: 2 }],
      ['network', { network: 'other' }],
      ['before', { before: 'none' }],
      ['transaction', { transaction: 'zz' }],
      ['coins', { coins: [] }],
      ['coins', { coins: ['00', '00'] }],
      ['claim', { claim: { table: 1 } }],
      ['members', { members: [] }],
      ['members', { members: ['00'] }],
      ['signatures', { signatures: [{ input: 0.5 }] }],
    ] as const)
      expect(changed(() => over)).toMatchObject({ fault: 'draft-form', detail: { part } });
    expect(decodeDraftFile('{')).toMatchObject({ fault: 'draft-form' });
    expect(changed(({ signatures }) => ({ signatures: [{ ...(signatures as object[])[0], input: 1 }] }))).toMatchObject({
      fault: 'signature-unwanted',
    });
    expect(changed(({ signatures }) => ({ signatures: [...(signatures as object[]), ...(signatures as object[])] }))).toMatchObject({
      fault: 'signature-twice',
    });
  });
});

import { beforeEach, describe, expect, test } from 'vitest';
import { encodeHex } from '#protocol/codec/hex';
import { planRoll } from '#protocol/debt/build-roll';
import { type DraftFile, decodeDraftFile, encodeDraftFile } from '#protocol/draft/draft-text';
import { fundDraft, makeDraft } from '#protocol/draft/fund-draft';
import { finishDraft } from '#protocol/draft/sign-draft';
import { signBy } from '#protocol/draft/test-signer';
import { type Fault, isFault } from '#protocol/fault';
import type { Coin } from '#protocol/ledger/coin';
import { DEV_PARAMETERS } from '#protocol/params/networks';
import { encodeAgent } from '#protocol/records/agent';
import { planRecord } from '#protocol/records/build-record';
import { planRealName } from '#protocol/records/plan-records';
import { AGENT_TABLE } from '#protocol/records/tables';
import { encodeAddress } from '#protocol/script/address';
import { matchPayToKey } from '#protocol/script/forms/pay-to-key';
import { testXpub } from '#protocol/state/test-accounts';
import { testKey, VC } from '#protocol/state/test-chain';
import { AGENT, debt, FOUNDER, Market, OTHER, pubkeys, tagOf, value } from '#protocol/state/test-market';
import { computeTxid } from '#protocol/tx/identity';
import type { Transaction } from '#protocol/tx/transaction';
import { decodeTransaction, encodeTransaction } from '#protocol/tx/transaction-codec';
import type { AnswerOf, RequestOf } from '#protocol/wire/protocols';
import { executeJob } from '#spv/proof/execute-job';
import { startTestChain, TestPeer } from '#spv/test-network';
import { settleFor } from '../../setup/settle.ts';
import { createMemoryPlatform, ManualClock, MemoryStore } from '../platform/memory.ts';
import type { GroupView } from '../rpc/chain-calls.ts';
import type { DraftView } from '../rpc/draft-view.ts';
import { keySchemeOf } from '../vault/secrets.ts';
import { Vault } from '../vault/vault.ts';
import { VAULT_TABLES, VaultStore } from '../vault/vault-store.ts';
import { ChainService } from './chain-service.ts';
import { identityFor, TestStreams } from './test-streams.ts';

const PASSWORD = 'a long enough password';
const LATER = 4_000_000_000;
const addressOf = (script: Uint8Array): string => encodeAddress(script, DEV_PARAMETERS.addressPrefix) ?? '';

const must = <T>(answer: T): Exclude<T, Fault> => {
  if (isFault(answer)) throw new Error(JSON.stringify(answer, (_, each) => (typeof each === 'bigint' ? `${each}` : each)));
  return answer as Exclude<T, Fault>;
};

class Node extends TestPeer {
  readonly taken: Uint8Array[] = [];
  silent = false;
  refusal: string | undefined;
  override tx(request: RequestOf<'tx'>): AnswerOf<'tx'> {
    if (request.kind !== 'submit') return super.tx(request);
    if (this.refusal !== undefined) return { kind: 'refused', code: this.refusal };
    this.taken.push(request.transaction);
    return { kind: 'accepted', txid: new Uint8Array(32) as never };
  }

  override proof(request: RequestOf<'proof'>): AnswerOf<'proof'> {
    return this.silent ? { kind: 'refused', code: 'busy' } : super.proof(request);
  }
}

let market: Market;
let node: Node;
let clock: ManualClock;
let service: ChainService;
let vault: Vault;
let mine: Uint8Array;

const settle = (seconds = 2): Promise<void> => settleFor(clock, seconds);

const follow = async (): Promise<void> => {
  clock.advance(Math.max(0, market.state.tip.time - clock.now()));
  await settle(12);
};

const signedBy = (text: string, ...keys: readonly number[]): string => {
  const file = must(decodeDraftFile(text)) as DraftFile;
  return encodeDraftFile({ ...file, draft: signBy(file.draft, ...keys) });
};

const transactionOf = (text: string): Transaction => must(finishDraft((must(decodeDraftFile(text)) as DraftFile).draft)) as Transaction;

const payer = () => ({
  coins: coinsOf(testKey(OTHER).script),
  changeScript: testKey(OTHER).script,
  feeRate: 1_000n,
  parameters: DEV_PARAMETERS,
});

const fileOf = (draft: DraftFile['draft'], before: readonly Uint8Array[] = []): string =>
  encodeDraftFile({ network: 'dev', before, draft });

const read = async (text: string): Promise<DraftView> => must(await vault.reviewDraft(text)) as DraftView;
const signed = async (text: string): Promise<DraftView> => must(await vault.signDraft((await read(text)).id, PASSWORD)) as DraftView;

/** What nodes were given, judged as the chain stands, and mined. */
const mineTaken = (): void => {
  for (const bytes of node.taken.splice(0)) {
    const transaction = must(decodeTransaction(bytes)) as Transaction;
    expect(market.codeOf(transaction)).toBe('accepted');
    market.mine(transaction);
  }
};

const coinsOf = (script: Uint8Array, element: Coin['element'] = 'value'): Coin[] =>
  [...market.state.coins.values()].filter((coin) => coin.element === element && encodeHex(coin.script) === encodeHex(script));

beforeEach(async () => {
  const network = startTestChain(0.3);
  network.chain.grow(40);
  market = new Market({}, network.chain);
  clock = new ManualClock(market.state.tip.time);
  node = new Node(network.chain, network.bitcoin);
  let drawn = 0;
  const platform = createMemoryPlatform(clock, (length) => Uint8Array.from({ length }, (_, i) => (drawn++ * 31 + i) & 255));
  service = await ChainService.open(identityFor(node, ['a']), {
    platform,
    network: new TestStreams({ a: node }),
    compute: async (job) => executeJob(job),
    onView: () => undefined,
    failed: (error) => {
      throw error;
    },
    faucet: undefined,
  });
  await service.start();
  vault = await Vault.open({
    platform: { ...platform, clock: { ...clock, now: () => clock.now() + drawn / 1_000, after: () => () => undefined } },
    store: new VaultStore(new MemoryStore(VAULT_TABLES)),
    chain: service,
    parameters: DEV_PARAMETERS,
    scheme: keySchemeOf(DEV_PARAMETERS),
  });
  must(await vault.create({ words: 12, password: PASSWORD }));
  const { address } = must(await vault.signingKey(0)) as { readonly address: string };
  mine = service.wallet.addresses.at(0, 0, 0)?.owner.script as Uint8Array;
  expect(addressOf(mine)).toBe(address);
  market.pay(OTHER, value(10n * VC, mine), value(90n * VC - 10_000n, testKey(OTHER).script));
  await follow();
}, 60_000);

describe('what several people sign', () => {
  test('CW49 WB23 the group is proved with its members and what each may grant from', async () => {
    const group = must(await service.group()) as GroupView;
    expect(group.members).toEqual([{ publicKey: encodeHex(testKey(FOUNDER).publicKey), own: false }]);
    expect(group).toMatchObject({ least: 1, recordedAt: 0, provedAt: market.state.tip.height });
    const sources = [...market.state.coins.values()].filter(({ layer, element }) => layer === 2 && element === 'credit');
    const amounts = sources.map(({ amount }) => amount).toSorted((a, b) => (a < b ? -1 : 1));
    expect(amounts).toHaveLength(4);
    expect(group.sources).toEqual([{ threshold: 1, keys: [encodeHex(testKey(FOUNDER).publicKey)], amounts }]);
    node.silent = true;
    expect(await service.group()).toMatchObject({ fault: 'group-unproved' });
  });

  test('VT12 CW48 CW49 a grant is planned, signed by who pays and by the member, sent, and every node takes it', async () => {
    const to = addressOf(testKey(AGENT).script);
    const text = must(await service.planGrant({ account: 0, to, amount: 5n * VC, interest: 1_000n, feeRate: 2n })) as string;
    const shown = await read(text);
    expect(shown).toMatchObject({ kind: 'grant', type: 1, creditChange: 0n, debtChange: 0n, signed: 0, before: 0 });
    expect(shown.valueChange).toBe(-shown.fee - 1_000n);
    expect(shown.inputs.map(({ use, own, provedAt }) => [use, own, provedAt])).toEqual([
      ['reference', false, market.state.tip.height],
      ['reference', false, market.state.tip.height],
      ['spend', true, market.state.tip.height],
    ]);
    expect(shown.outputs[0]).toEqual({
      element: 'credit',
      amount: 5n * VC,
      own: false,
      locked: false,
      owner: { kind: 'address', address: to },
    });
    expect(shown.missing.map(({ own, count }) => [own, count])).toEqual([
      [false, 1],
      [false, 1],
      [true, 1],
    ]);
    expect(await vault.sendDraft(shown.id)).toMatchObject({ fault: 'draft-incomplete' });
    expect(await vault.signDraft(shown.id, 'not the password')).toMatchObject({ fault: 'wrong-password' });
    const half = must(await vault.signDraft(shown.id, PASSWORD)) as DraftView;
    expect(half.missing.map(({ own }) => own)).toEqual([false, false]);
    expect(await vault.signDraft(half.id, PASSWORD)).toMatchObject({ fault: 'signature-unwanted' });
    const whole = await read(signedBy(half.text, FOUNDER));
    expect(whole).toMatchObject({ missing: [], signed: 2 });
    must(await vault.sendDraft(whole.id));
    await settle();
    mineTaken();
    await follow();
    expect(coinsOf(testKey(AGENT).script, 'credit').map(({ amount }) => amount)).toEqual([5n * VC]);
    expect(await service.planGrant({ account: 0, to: 'nobody', amount: VC, interest: 0n, feeRate: 2n })).toHaveProperty('fault');
    expect(await service.planGrant({ account: 0, to, amount: 0n, interest: 0n, feeRate: 2n })).toMatchObject({ fault: 'grant-empty' });
  });

  test('VT12 CW49 an agent’s credit is drawn: the debtor agrees to what he reads, the agent signs for the credit', async () => {
    market.grant(4n * VC);
    await follow();
    const agent = addressOf(testKey(AGENT).script);
    const intent = { account: 0, agent, amount: 3n * VC, due: LATER, feeRate: 2n };
    const shown = await read(must(await service.planRequest(intent)) as string);
    expect(shown).toMatchObject({ kind: 'draw', debtChange: 3n * VC, creditChange: 0n, valueChange: 3n * VC - shown.fee });
    expect(shown.outputs[0]).toEqual({
      element: 'debt',
      amount: 3n * VC,
      own: true,
      locked: false,
      owner: { kind: 'debtor', address: addressOf(mine), due: { kind: 'time', time: LATER } },
    });
    expect(shown.outputs.find(({ element }) => element === 'credit')).toMatchObject({ amount: VC, own: false, owner: { address: agent } });
    const whole = await read(signedBy((await signed(shown.text)).text, AGENT));
    must(await vault.sendDraft(whole.id));
    await settle();
    mineTaken();
    await follow();
    expect(await service.debts(0)).toMatchObject([{ amount: 3n * VC, address: addressOf(mine), due: { time: LATER + 1 } }]);
    expect(await service.planRequest({ ...intent, agent: addressOf(testKey(OTHER).script) })).toMatchObject({ fault: 'no-credit' });
    expect(await service.planRequest({ ...intent, agent: `${agent}x` })).toHaveProperty('fault');
    expect(await service.planRequest({ ...intent, account: 0, amount: 50n * VC })).toMatchObject({ fault: 'credit-insufficient' });
  });

  test('CW49 BD7 a debt goes on under a new term by an agent’s credit, or alone by credit of our own', async () => {
    market.grant(4n * VC);
    market.grant(4n * VC, mine);
    await follow();
    const agent = addressOf(testKey(AGENT).script);
    const drawn = must(await service.planRequest({ account: 0, agent, amount: 2n * VC, due: LATER, feeRate: 2n })) as string;
    must(await vault.sendDraft((await read(signedBy((await signed(drawn)).text, AGENT))).id));
    await settle();
    mineTaken();
    await follow();
    const roll = async (over: { readonly agent: string }) => {
      const [debt] = await service.debts(0);
      return service.planRoll({ account: 0, debt: debt?.outpoint ?? '', due: LATER + 500, feeRate: 2n, ...over });
    };
    const byAgent = await read(must(await roll({ agent })) as string);
    expect(byAgent).toMatchObject({ kind: 'roll', debtChange: 0n, creditChange: 0n, valueChange: -byAgent.fee });
    expect(byAgent.missing.map(({ own }) => own)).toEqual([true, false, true]);
    expect(market.codeOf(transactionOf(signedBy((await signed(byAgent.text)).text, AGENT)))).toBe('accepted');
    const alone = await signed(must(await roll({ agent: '' })) as string);
    expect(alone).toMatchObject({ missing: [], creditChange: -2n * VC });
    must(await vault.sendDraft(alone.id));
    await settle();
    mineTaken();
    await follow();
    expect(await service.debts(0)).toMatchObject([{ amount: 2n * VC, due: { time: LATER + 501 } }]);
    expect(await roll({ agent: addressOf(testKey(OTHER).script) })).toMatchObject({ fault: 'no-credit' });
    expect(await service.planRoll({ account: 0, debt: 'none', agent, due: LATER, feeRate: 2n })).toMatchObject({ fault: 'debt-absent' });
  });

  test('CW49 who has no coin of his own has nothing to agree with', async () => {
    must(await vault.addAccount('empty'));
    await settle();
    const intent = { account: 1, agent: addressOf(testKey(AGENT).script), amount: VC, due: LATER, feeRate: 2n };
    expect(await service.planRequest(intent)).toMatchObject({ fault: 'consent-coin' });
  });

  test('VT12 coins that are not there, are others, or are spoken for, are not signed for', async () => {
    const to = addressOf(testKey(AGENT).script);
    const grant = { account: 0, to, amount: VC, interest: 0n, feeRate: 2n };
    const text = must(await service.planGrant(grant)) as string;
    const file = must(decodeDraftFile(text)) as DraftFile;
    const { coins, transaction } = file.draft;
    const changed = (over: Partial<Coin>): string =>
      fileOf(makeDraft({ ...transaction, coins: coins.map((coin, i) => (i === coins.length - 1 ? { ...coin, ...over } : coin)) }));
    expect(await vault.reviewDraft(changed({ amount: 11n * VC }))).toMatchObject({ fault: 'draft-coins' });
    expect(await vault.reviewDraft(changed({ script: testKey(OTHER).script }))).toMatchObject({ fault: 'draft-coins' });
    expect(await vault.reviewDraft(changed({ layer: 1 }))).toHaveProperty('fault');
    node.silent = true;
    const unproved = vault.reviewDraft(text);
    for (let turn = 0; turn < 8; turn++) await settle(10);
    expect(await unproved).toMatchObject({ fault: 'coins-unproved' });
    node.silent = false;
    await follow();
    expect(await vault.reviewDraft(encodeDraftFile({ ...file, network: 'test' }))).toMatchObject({ fault: 'draft-network' });
    expect(await vault.reviewDraft('{}')).toMatchObject({ fault: 'draft-form' });
    const spent = await read(signedBy((await signed(text)).text, FOUNDER));
    must(await vault.sendDraft(spent.id));
    await settle();
    expect(await vault.reviewDraft(text)).toMatchObject({ fault: 'coin-reserved' });
    await vault.lock();
    expect(await vault.reviewDraft(text)).toMatchObject({ fault: 'vault-locked' });
    expect(await vault.signDraft(1, PASSWORD)).toMatchObject({ fault: 'vault-locked' });
    expect(await vault.signingKey(0)).toMatchObject({ fault: 'vault-locked' });
  });

  test('VT12 DE5 a coin that is frozen is signed for what the freeze rule allows, with others too', async () => {
    market.grant(2n * VC);
    await follow();
    const agent = addressOf(testKey(AGENT).script);
    const soon = market.state.tip.time + 60;
    const drawn = must(await service.planRequest({ account: 0, agent, amount: VC, due: soon, feeRate: 2n })) as string;
    must(await vault.sendDraft((await read(signedBy((await signed(drawn)).text, AGENT))).id));
    await settle();
    mineTaken();
    while (market.state.tip.time < soon + 120) market.chain.grow(1);
    market.pay(OTHER, value(VC, mine), value(80n * VC, testKey(OTHER).script));
    await follow();
    const [owed] = coinsOf(coinsOf(mine, 'debt')[0]?.script ?? new Uint8Array(), 'debt').concat(
      [...market.state.coins.values()].filter(({ element }) => element === 'debt'),
    );
    const [frozen] = coinsOf(mine);
    const leaving = fundDraft(
      { coins: [frozen as Coin], outputs: [value(VC / 2n, testKey(OTHER).script)] },
      { coins: coinsOf(testKey(OTHER).script), changeScript: testKey(OTHER).script, feeRate: 1_000n, parameters: DEV_PARAMETERS },
    );
    expect(await vault.reviewDraft(fileOf(must(leaving) as DraftFile['draft']))).toMatchObject({ fault: 'frozen' });
    const rolled = planRoll(
      {
        debt: owed as Coin,
        credit: coinsOf(testKey(AGENT).script, 'credit'),
        term: { kind: 'blocks', blocks: 500 },
        creditScript: testKey(AGENT).script,
        place: { height: market.state.tip.height, medianTime: market.state.tip.time },
      },
      { coins: coinsOf(testKey(OTHER).script), changeScript: testKey(OTHER).script, feeRate: 1_000n, parameters: DEV_PARAMETERS },
    );
    const shown = await read(fileOf(must(rolled) as DraftFile['draft']));
    expect(shown).toMatchObject({ kind: 'roll', debtChange: 0n });
    expect(market.codeOf(transactionOf(signedBy((await signed(shown.text)).text, AGENT, OTHER)))).toBe('accepted');
  });

  test('VT12 CW48 a record goes with what comes before it, in order, and waits for its depth', async () => {
    const plan = must(
      planRealName({ xpub: testXpub(FOUNDER), commitment: new Uint8Array(32), parent: new Uint8Array(20) }, pubkeys(FOUNDER)),
    );
    const funding = {
      coins: coinsOf(testKey(OTHER).script),
      changeScript: testKey(OTHER).script,
      feeRate: 1_000n,
      parameters: DEV_PARAMETERS,
    };
    const planned = must(planRecord(plan as Parameters<typeof planRecord>[0], funding)) as Exclude<ReturnType<typeof planRecord>, Fault>;
    const before = [planned.funding, planned.commitment].map((draft) => encodeTransaction(transactionOf(signedBy(fileOf(draft), OTHER))));
    const whole = await read(signedBy(fileOf(planned.record, before), OTHER, FOUNDER));
    expect(whole).toMatchObject({ kind: 'record', before: 2, missing: [], record: { table: 'realname' }, valueChange: 0n });
    expect(whole.inputs.map(({ provedAt }) => provedAt)).toEqual(whole.inputs.map(() => undefined));
    node.refusal = 'record-early';
    must(await vault.sendDraft(whole.id));
    await settle();
    expect(node.taken).toEqual([]);
    node.refusal = undefined;
    for (let turn = 0; turn < 4; turn++) await settle(11);
    expect(node.taken.map((bytes) => encodeHex(bytes)).slice(0, 2)).toEqual(before.map(encodeHex));
    expect(node.taken.length).toBeGreaterThanOrEqual(3);
  });

  test('VT12 money that would be locked for good counts as gone, and is shown as locked', async () => {
    const [coin] = coinsOf(mine);
    const locked = makeDraft({ layer: 1, coins: [coin as Coin], outputs: [value((coin?.amount ?? 0n) - 1_000n, mine)] });
    const shown = await read(fileOf(locked));
    expect(shown).toMatchObject({ layer: 1, fee: 1_000n, valueChange: -(coin?.amount ?? 0n) });
    expect(shown.outputs[0]).toMatchObject({ own: true, locked: true });
  });

  test('VT12 what could not be sent at once, or shows a record that it does not write, is not signed', async () => {
    const [coin] = coinsOf(mine);
    const plain = makeDraft({ coins: [coin as Coin], outputs: [value((coin?.amount ?? 0n) - 1_000n, testKey(OTHER).script)] });
    const { transaction } = plain;
    const withTransaction = (over: Partial<Transaction>): string => fileOf({ ...plain, transaction: { ...transaction, ...over } });
    expect(await vault.reviewDraft(withTransaction({ lockTime: 499_999_999 }))).toMatchObject({ fault: 'draft-time' });
    const relative = transaction.inputs.map((input) => ({ ...input, sequence: 10 }));
    expect(await vault.reviewDraft(withTransaction({ inputs: relative }))).toMatchObject({ fault: 'draft-time' });
    const claim = { table: AGENT_TABLE, key: tagOf(AGENT), value: encodeAgent({ quota: VC, label: new Uint8Array() }) };
    expect(await vault.reviewDraft(fileOf({ ...plain, claim }))).toMatchObject({ fault: 'draft-claim' });
    const many = makeDraft({
      coins: Array.from({ length: 101 }, (_, i) => ({
        ...(coin as Coin),
        script: testKey(20_000 + i).script,
        outpoint: { ...(coin as Coin).outpoint, index: i },
      })),
      outputs: [value(VC, mine)],
    });
    expect(await vault.reviewDraft(fileOf(many))).toMatchObject({ fault: 'draft-large' });
  });

  test('VT12 transactions before a draft are few, lead to it, and hide no coin from its proof', async () => {
    const [coin] = coinsOf(mine);
    const plain = makeDraft({ coins: [coin as Coin], outputs: [value((coin?.amount ?? 0n) - 1_000n, testKey(OTHER).script)] });
    const stray = encodeTransaction(
      transactionOf(signedBy(fileOf(must(fundDraft({ coins: [], outputs: [value(VC, mine)] }, payer())) as DraftFile['draft']), OTHER)),
    );
    expect(await vault.reviewDraft(fileOf(plain, [stray]))).toMatchObject({ fault: 'draft-form', detail: { part: 'before' } });
    expect(
      await vault.reviewDraft(
        fileOf(
          plain,
          Array.from({ length: 5 }, () => stray),
        ),
      ),
    ).toMatchObject({ fault: 'draft-form' });
    const parent = market.state
      .blockOf(coin?.height ?? 0)
      ?.body.transactions.find((each) => encodeHex(computeTxid(each)) === encodeHex((coin as Coin).outpoint.txid));
    const shown = await read(fileOf(plain, [encodeTransaction(parent as Transaction)]));
    expect(shown.inputs[0]?.provedAt).toBe(market.state.tip.height);
  });

  test('VT12 a debt of ours that is due as soon as it is made is not signed for, and a coin whose name owes is pointed out', async () => {
    market.grant(4n * VC);
    await follow();
    const agent = addressOf(testKey(AGENT).script);
    const text = must(await service.planRequest({ account: 0, agent, amount: VC, due: LATER, feeRate: 2n })) as string;
    const { draft } = must(decodeDraftFile(text)) as DraftFile;
    const early = (lockTime: number): string =>
      fileOf({
        ...draft,
        transaction: {
          ...draft.transaction,
          outputs: draft.transaction.outputs.map((output) =>
            output.element === 'debt' ? debt(output.amount, matchPayToKey(mine) as Uint8Array, { kind: 'expiry', lockTime }) : output,
          ),
        },
      });
    expect(await vault.reviewDraft(early(market.state.tip.height))).toMatchObject({ fault: 'debt-overdue' });
    expect(await vault.reviewDraft(early(market.state.tip.time - 5))).toMatchObject({ fault: 'debt-overdue' });
    expect(await read(early(market.state.tip.height + 50))).toMatchObject({ owing: false });
    must(await vault.sendDraft((await read(signedBy((await signed(text)).text, AGENT))).id));
    await settle();
    mineTaken();
    market.pay(OTHER, value(VC, mine), value(80n * VC, testKey(OTHER).script));
    await follow();
    const coin = coinsOf(mine).find(({ amount }) => amount === VC) as Coin;
    expect(await read(fileOf(makeDraft({ coins: [coin], outputs: [value(VC / 2n, testKey(OTHER).script)] })))).toMatchObject({
      owing: true,
    });
  });

  test('CW48 what nodes refused is sent again when it is asked for, and what they took and lost sets its coins free', async () => {
    const to = addressOf(testKey(AGENT).script);
    const grant = must(await service.planGrant({ account: 0, to, amount: VC, interest: 0n, feeRate: 2n })) as string;
    const whole = signedBy((await signed(grant)).text, FOUNDER);
    node.refusal = 'fee-rate';
    const { txid } = must(await vault.sendDraft((await read(whole)).id)) as { readonly txid: string };
    await settle();
    expect(await service.payment(txid)).toMatchObject({ proof: { stage: 'refused', reason: 'fee-rate' } });
    node.refusal = undefined;
    must(await vault.sendDraft((await read(whole)).id));
    await settle();
    expect(node.taken).toHaveLength(1);
    expect(await vault.reviewDraft(grant)).toMatchObject({ fault: 'coin-reserved' });
    node.refusal = 'missing-input';
    for (let round = 0; round < 12; round++) await settle(11);
    expect(await service.payment(txid)).toMatchObject({ proof: { stage: 'refused', reason: 'missing-input' } });
    expect(await vault.reviewDraft(grant)).toHaveProperty('id');
  });

  test('CW48 what comes before a draft replaces nothing of ours that is under way, whatever its witnesses are', async () => {
    const to = addressOf(testKey(AGENT).script);
    const grant = must(await service.planGrant({ account: 0, to, amount: VC, interest: 0n, feeRate: 2n })) as string;
    must(await vault.sendDraft((await read(signedBy((await signed(grant)).text, FOUNDER))).id));
    await settle();
    const [good] = node.taken;
    const transaction = must(decodeTransaction(good as Uint8Array)) as Transaction;
    const spoiled = { ...transaction, inputs: transaction.inputs.map((input) => ({ ...input, witness: [Uint8Array.of(1)] })) };
    const [last] = coinsOf(testKey(OTHER).script);
    const other = encodeTransaction(
      transactionOf(signedBy(fileOf(makeDraft({ coins: [last as Coin], outputs: [value(VC, mine)] })), OTHER)),
    );
    must(await service.relayTogether([encodeTransaction(spoiled), other]));
    for (let round = 0; round < 5; round++) await settle(11);
    const sent = node.taken.filter((bytes) => encodeHex(bytes) !== encodeHex(other));
    expect(sent.length).toBeGreaterThan(1);
    for (const bytes of sent) expect(encodeHex(bytes)).toBe(encodeHex(good as Uint8Array));
  });

  test('VT12 a debt in another name is shown as his who owes it', async () => {
    const draft = makeDraft({
      coins: coinsOf(testKey(OTHER).script).slice(0, 1),
      outputs: [debt(VC, tagOf(OTHER), { kind: 'blocks', blocks: 9 })],
    });
    expect(await vault.reviewDraft(fileOf(draft))).toHaveProperty('fault');
    market.grant(2n * VC);
    await follow();
    const coins = [...coinsOf(testKey(AGENT).script, 'credit'), ...coinsOf(testKey(OTHER).script).slice(0, 1)];
    const held = coins.at(-1)?.amount as bigint;
    const drawn = makeDraft({
      coins,
      outputs: [debt(2n * VC, tagOf(OTHER), { kind: 'blocks', blocks: 9 }), value(held + 2n * VC - 5_000n, testKey(OTHER).script)],
    });
    const shown = await read(fileOf(drawn));
    expect(shown).toMatchObject({ kind: 'draw', debtChange: 0n, valueChange: 0n, fee: 5_000n });
    expect(shown.outputs[0]).toMatchObject({ own: false, owner: { kind: 'debtor', due: { kind: 'blocks-after', blocks: 9 } } });
    expect(shown.missing.map(({ own }) => own)).toEqual([false, false]);
  });
});

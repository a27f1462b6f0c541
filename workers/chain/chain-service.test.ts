import { secp256k1 } from '@noble/curves/secp256k1.js';
import { beforeEach, describe, expect, test } from 'vitest';
import { encodeReversedHex } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { encodeField } from '#protocol/codec/schema';
import { deriveMasterKey, type HdKey } from '#protocol/crypto/hd-key';
import { isFault } from '#protocol/fault';
import { DEV_PARAMETERS } from '#protocol/params/networks';
import { encodeAddress } from '#protocol/script/address';
import { buildKeyHashCheck } from '#protocol/script/forms/key-check';
import { buildPayToKey } from '#protocol/script/forms/pay-to-key';
import { computeSighash, SIGHASH_ALL, sighashSourceOf } from '#protocol/script/sighash';
import { GENESIS_TIME, payment, TestChain, testKey, VC } from '#protocol/state/test-chain';
import { encodeAmountField } from '#protocol/tx/amount-field';
import { computeTxid } from '#protocol/tx/identity';
import { outpointKey } from '#protocol/tx/outpoint';
import type { Transaction } from '#protocol/tx/transaction';
import { decodeTransaction, encodeTransaction } from '#protocol/tx/transaction-codec';
import { txAnnouncement } from '#protocol/wire/messages';
import type { AnswerOf, RequestOf } from '#protocol/wire/protocols';
import { executeJob } from '#spv/proof/execute-job';
import { startTestChain, TestPeer } from '#spv/test-network';
import { settleFor } from '../../setup/settle.ts';
import { reportFigure, SOAK } from '../../setup/soak-figure.ts';
import { createMemoryPlatform, ManualClock, type MemoryPlatform } from '../platform/memory.ts';
import type { ChainView } from '../rpc/chain-view.ts';
import { ChainService } from './chain-service.ts';
import { identityFor, TestStreams } from './test-streams.ts';

const START = 45;
const master: HdKey = deriveMasterKey(new Uint8Array(32).fill(7), 'test');
const account = master.derivePath("m/84'/1'/0'");
const keyAt = (branch: number, index: number): HdKey => account.derive(branch).derive(index);
const scriptAt = (branch: number, index: number): Uint8Array => buildPayToKey(Uint8Array.from(keyAt(branch, index).publicKey));
const watched = [{ account: 0, name: 'Account 1', xpub: account.neutered().toBase58() }];

let network: ReturnType<typeof startTestChain>;
let peers: Record<string, TestPeer>;
let clock: ManualClock;
let platform: MemoryPlatform;
let streams: TestStreams;
let failures: unknown[];

const time = (): number => network.chain.state.tip.time;

const settle = (seconds = 2): Promise<void> => settleFor(clock, seconds);

interface Opened {
  readonly service: ChainService;
  readonly view: () => ChainView;
}

const open = async (given: TestStreams = streams): Promise<Opened> => {
  let last: ChainView | undefined;
  const addresses = [...given.peers.keys()];
  const service = await ChainService.open(identityFor(peers.a as TestPeer, addresses), {
    platform,
    network: given,
    compute: async (job) => executeJob(job),
    onView: (view) => {
      last = view;
    },
    failed: (error) => failures.push(error),
    faucet: undefined,
  });
  await service.start();
  await service.setAccounts(watched);
  await settle();
  return { service, view: () => last as ChainView };
};

const fund = (amount: bigint, script: Uint8Array, payer = 2_000): Transaction =>
  payment(network.chain.coinOf(payer), payer, [{ element: 'value', amount, script }]);

const grow = async (...transactions: readonly Transaction[]): Promise<void> => {
  network.chain.grow(1, transactions);
  clock.advance(Math.max(0, time() - clock.now()));
  const height = network.chain.state.tip.height;
  for (const [name, peer] of streams.peers) await streams.announce('header', name, peer.announcement(height));
  await settle();
};

const sign = (unsigned: Uint8Array, keys: readonly HdKey[]): Uint8Array => {
  const transaction = decodeTransaction(unsigned);
  if (isFault(transaction)) throw new Error('form');
  const source = sighashSourceOf(transaction);
  const inputs = transaction.inputs.map((input, index) => {
    const coin = network.chain.state.findCoin(input.outpoint);
    const key = keys[index] ?? keys[0];
    if (coin === undefined || key?.privateKey === undefined) throw new Error('coin');
    const place = {
      index,
      scriptCode: buildKeyHashCheck(coin.script.subarray(2)),
      amountField: encodeAmountField(coin.element, coin.amount),
    };
    const digest = computeSighash(source, place, SIGHASH_ALL);
    const signature = secp256k1.sign(digest, Uint8Array.from(key.privateKey), { prehash: false, lowS: true, format: 'der' });
    return { ...input, witness: [Uint8Array.of(...signature, SIGHASH_ALL), Uint8Array.from(key.publicKey)] };
  });
  return encodeTransaction({ ...transaction, inputs });
};

const addressOf = (script: Uint8Array): string => encodeAddress(script, DEV_PARAMETERS.addressPrefix) ?? '';
const pay = (amount: bigint | 'all', coins: readonly string[] = []) => ({
  account: 0,
  to: addressOf(testKey(3_000).script),
  amount,
  feeRate: 2n,
  coins,
});

class AcceptingPeer extends TestPeer {
  verdict: AnswerOf<'tx'> = { kind: 'accepted', txid: new Uint8Array(32) as never };
  readonly taken: Uint8Array[] = [];
  /** proves nothing for now */
  busy = false;
  override proof(request: RequestOf<'proof'>): AnswerOf<'proof'> {
    return this.busy ? { kind: 'refused', code: 'busy' } : super.proof(request);
  }

  override tx(request: RequestOf<'tx'>): AnswerOf<'tx'> {
    if (request.kind !== 'submit') return super.tx(request);
    this.taken.push(request.transaction);
    return this.verdict;
  }
}

const takenBy = (): number[] => Object.values(peers).map((peer) => (peer as AcceptingPeer).taken.length);

beforeEach(() => {
  network = startTestChain(0.2);
  network.chain.grow(START - 1);
  network.chain.grow(1, [fund(10n * VC, scriptAt(0, 0))]);
  const make = (): TestPeer => new AcceptingPeer(network.chain, network.bitcoin);
  peers = { a: make(), b: make(), c: make() };
  clock = new ManualClock(time());
  let seed = 1;
  const next = (): number => {
    seed = (seed * 75 + 74) % 65_537;
    return seed & 255;
  };
  platform = createMemoryPlatform(clock, (length) => Uint8Array.from({ length }, next));
  streams = new TestStreams(peers);
  failures = [];
});

describe('chain worker', () => {
  test('CW10 LC9 starts from three peers, proves the coins, and shows a verified balance', async () => {
    const { view } = await open();
    expect(failures).toEqual([]);
    expect(view()).toMatchObject({ stage: 'following', agreeing: 3, peers: 3, tip: { height: START } });
    expect(view().accounts[0]?.balance).toMatchObject({ spendable: 10n * VC, proof: { stage: 'verified', height: START } });
    expect(view().accounts[0]?.recent[0]).toMatchObject({ direction: 'in', change: 10n * VC });
  });

  test('CW10 an incoming payment is claimed, then in a block, then verified', async () => {
    const { service, view } = await open();
    const tx = fund(3n * VC, scriptAt(0, 1), 2_001);
    await streams.announce('tx', 'a', encodeField(txAnnouncement, { transaction: encodeTransaction(tx) }));
    await settle();
    const txid = encodeReversedHex(computeTxid(tx));
    expect(view().accounts[0]?.balance).toMatchObject({ spendable: 10n * VC, incoming: 3n * VC });
    expect(await service.payment(txid)).toMatchObject({ proof: { stage: 'claimed' } });
    await grow(tx);
    expect(view().accounts[0]?.balance).toMatchObject({ spendable: 13n * VC, incoming: 0n });
    expect(await service.payment(txid)).toMatchObject({ proof: { stage: 'in-block', depth: 1 } });
    await grow();
    expect(await service.payment(txid)).toMatchObject({ proof: { stage: 'verified', depth: 2 } });
    expect((await service.payment(txid))?.stages.map((stage) => stage.name)).toEqual(['claimed', 'in-block', 'verified', 'final']);
  });

  test('CW3 C7 coins are found twenty addresses beyond the last used one, and no farther', async () => {
    const { view } = await open();
    await grow(fund(1n * VC, scriptAt(0, 20), 2_001));
    expect(view().accounts[0]?.balance.spendable).toBe(11n * VC);
    await grow(fund(1n * VC, scriptAt(0, 40), 2_002));
    await settle();
    expect(view().accounts[0]?.balance.spendable).toBe(12n * VC);
    await grow(fund(1n * VC, scriptAt(0, 70), 2_003));
    expect(view().accounts[0]?.balance.spendable).toBe(12n * VC);
  });

  test('VT10 LC8 which accounts hold coins is asked of the proved state, and waits until it can be proved', async () => {
    for (const peer of Object.values(peers)) (peer as AcceptingPeer).busy = true;
    const { service } = await open();
    const accounts = [0, 1, 2].map((at) => ({ account: at, name: '', xpub: master.derivePath(`m/84'/1'/${at}'`).neutered().toBase58() }));
    const second = master.derivePath("m/84'/1'/2'/0/19");
    await grow(fund(1n * VC, buildPayToKey(Uint8Array.from(second.publicKey)), 2_001));
    let answer: unknown;
    void service.accountsWithCoins(accounts).then((found) => {
      answer = found;
    });
    await settle();
    expect(answer).toBeUndefined();
    for (const peer of Object.values(peers)) (peer as AcceptingPeer).busy = false;
    await settle();
    expect(answer).toEqual([0, 2]);
    expect(service.wallet.addresses.list()).toHaveLength(1);
  });

  test('CW4 CW5 a payment is kept before it is sent, its coins are spoken for, and it is seen into a block', async () => {
    const { service, view } = await open();
    const unsigned = await service.planPayment(pay(4n * VC));
    if (isFault(unsigned)) throw new Error(unsigned.fault);
    const signed = sign(unsigned, [keyAt(0, 0)]);
    const store = [...platform.stores.values()][0];
    const before = store?.strictWrites ?? 0;
    const sent = await service.relay(signed);
    expect(sent).toHaveProperty('txid');
    expect(store?.strictWrites).toBe(before + 1);
    await settle();
    expect(streams.submitted.length).toBeGreaterThan(0);
    expect(view().accounts[0]?.balance).toMatchObject({ spendable: 0n, outgoing: 10n * VC, incoming: 0n });
    const change = view().accounts[0]?.balance.returning;
    expect(await service.relay(signed)).toEqual(sent);
    const again = await service.planPayment(pay(1n * VC));
    expect(again).toMatchObject({ fault: 'insufficient-funds' });
    await grow(decodeTransaction(signed) as Transaction);
    const { balance, recent } = (view() as ChainView).accounts[0] ?? { balance: undefined, recent: [] };
    expect(balance?.outgoing).toBe(0n);
    expect(recent[0]).toMatchObject({ direction: 'out', counterparty: addressOf(testKey(3_000).script) });
    expect(balance?.spendable).toBe(6n * VC - (recent[0]?.fee ?? 0n));
    expect(balance).toMatchObject({ spendable: change, returning: 0n });
    expect(await service.isPastPayee(addressOf(testKey(3_000).script))).toBe(true);
  });

  test('CW5 a node that takes a payment and keeps it to itself holds it up for half a minute: then the next one has it', async () => {
    const { service } = await open();
    const unsigned = await service.planPayment(pay(4n * VC));
    if (isFault(unsigned)) throw new Error(unsigned.fault);
    await service.relay(sign(unsigned, [keyAt(0, 0)]));
    await settle(25);
    expect(takenBy().toSorted()).toEqual([0, 0, 1]);
    await settle(20);
    expect(takenBy().toSorted()).toEqual([0, 1, 1]);
    await settle(35);
    expect(takenBy()).toEqual([1, 1, 1]);
    await settle(45);
    expect(takenBy().toSorted()).toEqual([1, 1, 2]);
  });

  test('CW5 CW48 a payment is lost only when every node says so, the one that took it too, three times', async () => {
    const { service, view } = await open();
    const unsigned = await service.planPayment(pay(4n * VC));
    if (isFault(unsigned)) throw new Error(unsigned.fault);
    const { txid } = (await service.relay(sign(unsigned, [keyAt(0, 0)]))) as { readonly txid: string };
    await settle(5);
    const all = Object.values(peers) as AcceptingPeer[];
    const keeper = all.find(({ taken }) => taken.length > 0) as AcceptingPeer;
    for (const peer of all) peer.verdict = { kind: 'refused', code: peer === keeper ? 'known' : 'missing-input' };
    for (let round = 0; round < 20; round++) await settle(11);
    expect(await service.payment(txid)).toMatchObject({ proof: { stage: 'claimed' } });
    expect(view().accounts[0]?.balance).toMatchObject({ spendable: 0n });
    keeper.verdict = { kind: 'refused', code: 'missing-input' };
    for (let round = 0; round < 12; round++) await settle(11);
    expect(await service.payment(txid)).toMatchObject({ proof: { stage: 'refused', reason: 'missing-input' } });
    expect(view().accounts[0]?.balance).toMatchObject({ spendable: 10n * VC });
  });

  test('CW5 what a peer passes on in its place changes no byte of a payment, and no claim is a coin', async () => {
    const { service } = await open();
    const unsigned = await service.planPayment(pay(4n * VC));
    if (isFault(unsigned)) throw new Error(unsigned.fault);
    const signed = sign(unsigned, [keyAt(0, 0)]);
    await service.relay(signed);
    const transaction = decodeTransaction(signed) as Transaction;
    const spoiled = { ...transaction, inputs: transaction.inputs.map((input) => ({ ...input, witness: [Uint8Array.of(1)] })) };
    await streams.announce('tx', 'a', encodeField(txAnnouncement, { transaction: encodeTransaction(spoiled) }));
    await settle(45);
    const sent = Object.values(peers).flatMap((peer) => (peer as AcceptingPeer).taken);
    expect(sent.length).toBeGreaterThan(1);
    for (const bytes of sent) expect(bytes).toEqual(signed);
    const claim = fund(3n * VC, scriptAt(0, 1), 2_001);
    await streams.announce('tx', 'a', encodeField(txAnnouncement, { transaction: encodeTransaction(claim) }));
    await settle();
    expect([...service.wallet.transactions.outpoints()]).not.toContain(outpointKey({ txid: computeTxid(claim), index: 0 }));
  });

  test('CW5 C9 a payment whose coin a block has spent since it was planned is refused and never sent', async () => {
    const { service, view } = await open();
    const [one, other] = [await service.planPayment(pay(4n * VC)), await service.planPayment(pay(2n * VC))];
    if (isFault(one) || isFault(other)) throw new Error('plan');
    const [mine, theirs] = [sign(one, [keyAt(0, 0)]), sign(other, [keyAt(0, 0)])];
    await grow(decodeTransaction(theirs) as Transaction);
    expect(view().accounts[0]?.balance.outgoing).toBe(0n);
    expect(await service.relay(mine)).toMatchObject({ fault: 'coin-unknown' });
    await settle(30);
    expect(takenBy()).toEqual([0, 0, 0]);
  });

  test('CW5 C9 a second payment with one of its coins is refused', async () => {
    const { service } = await open();
    const [one, two] = [await service.planPayment(pay(4n * VC)), await service.planPayment(pay(5n * VC))];
    if (isFault(one) || isFault(two)) throw new Error('planned');
    expect(await service.relay(sign(one, [keyAt(0, 0)]))).toHaveProperty('txid');
    expect(await service.relay(sign(two, [keyAt(0, 0)]))).toMatchObject({ fault: 'coin-reserved' });
    const [coin] = await service.coins(0);
    expect(await service.planPayment(pay(1n * VC, [coin?.outpoint ?? '']))).toMatchObject({
      fault: 'coin-not-spendable',
      detail: { state: 'reserved' },
    });
  });

  test('CW3 C9 many payments before a block: none pays its change to another one’s change', async () => {
    const { service } = await open();
    await grow(fund(3n * VC, scriptAt(0, 0), 2_001), fund(4n * VC, scriptAt(0, 0), 2_002));
    const change: string[] = [];
    for (let round = 0; round < 3; round++) {
      for (let dropped = 0; dropped < 9; dropped++) await service.planPayment(pay(VC));
      const unsigned = await service.planPayment(pay(VC));
      if (isFault(unsigned)) throw new Error(unsigned.fault);
      expect(await service.relay(sign(unsigned, [keyAt(0, 0)]))).toHaveProperty('txid');
      const { outputs } = decodeTransaction(unsigned) as Transaction;
      change.push(...outputs.map(({ script }) => addressOf(script)).filter((address) => address !== pay(VC).to));
    }
    expect(new Set(change).size).toBe(3);
    await service.stop();
    const again = await (await open()).service.planPayment(pay('all'));
    expect(again).toMatchObject({ fault: 'insufficient-funds' });
  });

  test('CW3 C9 who leads next finds what was being reserved when the lead was let go', async () => {
    const first = await open();
    const lock = `valuecyber-address-${encodeReversedHex(identityFor(peers.a as TestPeer, []).genesis)}`;
    const busy = Promise.withResolvers<void>();
    void platform.locks.hold(lock, () => busy.promise);
    const given = first.service.reserveAddress(0, 0);
    const handover = first.service.stop().then(() => open());
    await settle();
    busy.resolve();
    const second = await handover;
    expect(await second.service.reserveAddress(0, 0)).not.toBe(await given);
  });

  test('CW5 C8 with a full disk nothing is sent and no coin is spoken for', async () => {
    const { service, view } = await open();
    const unsigned = await service.planPayment(pay(4n * VC));
    if (isFault(unsigned)) throw new Error('planned');
    const [store] = platform.stores.values();
    Object.assign(store ?? {}, { quota: 0 });
    expect(await service.relay(sign(unsigned, [keyAt(0, 0)]))).toMatchObject({ fault: 'storage-full' });
    expect(await service.reserveAddress(0, 0)).toMatchObject({ fault: 'storage-full' });
    await settle();
    expect(streams.submitted).toEqual([]);
    expect(view().accounts[0]?.balance.spendable).toBe(10n * VC);
  });

  test('CW5 a payment that every node refuses is shown as refused, and its coins are free again', async () => {
    for (const peer of Object.values(peers)) (peer as AcceptingPeer).verdict = { kind: 'refused', code: 'fee-rate' };
    const { service, view } = await open();
    const unsigned = await service.planPayment(pay(4n * VC));
    if (isFault(unsigned)) throw new Error('planned');
    const sent = await service.relay(sign(unsigned, [keyAt(0, 0)]));
    if (isFault(sent)) throw new Error(sent.fault);
    await settle();
    expect(await service.payment(sent.txid)).toMatchObject({ proof: { stage: 'refused', reason: 'fee-rate' } });
    expect(view().accounts[0]?.balance).toMatchObject({ spendable: 10n * VC, outgoing: 0n });
  });

  test('LC9 all coins are proved anew every five minutes while it runs, and not before', async () => {
    const { service } = await open();
    const proofs = (): number => Object.values(peers).reduce((sum, peer) => sum + peer.asked.filter((name) => name === 'proof').length, 0);
    await service.setPrivacy('exact');
    await settle();
    await grow();
    const atStart = proofs();
    await settle(250);
    expect(proofs()).toBe(atStart);
    await settle(60);
    const onTimer = proofs();
    expect(onTimer).toBeGreaterThan(atStart);
    await settle(300);
    expect(proofs()).toBeGreaterThan(onTimer);
    await service.stop();
    const stopped = proofs();
    await settle(600);
    expect(proofs()).toBe(stopped);
  });

  test('CW10 LC15 N4 opens with what it verified, without any network, and says that it is old', async () => {
    const first = await open();
    await grow();
    await first.service.stop();
    clock.advance(3_600);
    const { view } = await open(new TestStreams({}));
    expect(view()).toMatchObject({ stage: 'offline', tip: { height: START + 1, proof: { stage: 'stale' } } });
    expect(view().accounts[0]?.balance).toMatchObject({ spendable: 10n * VC, proof: { stage: 'stale' } });
  });

  test('CW10 LC13 N4 after a long time away it catches up by its history, not block by block', async () => {
    const first = await open();
    await first.service.stop();
    network.chain.grow(100, [fund(2n * VC, scriptAt(0, 2), 2_003)]);
    clock.advance(time() - clock.now());
    const { view } = await open();
    expect(view()).toMatchObject({ stage: 'following', tip: { height: START + 100 } });
    expect(view().accounts[0]?.balance.spendable).toBe(12n * VC);
  });

  test('CW3 no more accounts are watched than an address book has room for, and a network without a faucet says so', async () => {
    const { service } = await open();
    const many = Array.from({ length: 101 }, (_, index) => ({ ...watched[0]!, account: index }));
    await expect(service.setAccounts(many)).rejects.toMatchObject({ code: 'account-count' });
    expect(await service.requestFaucet(0)).toMatchObject({ fault: 'not-here' });
  });

  test('CW3 an index given out stays given out over a restart', async () => {
    const first = await open();
    const given = [await first.service.reserveAddress(0, 0), await first.service.reserveAddress(0, 0)];
    await first.service.stop();
    const second = await open();
    const next = await second.service.reserveAddress(0, 0);
    expect(new Set([...given, next]).size).toBe(3);
    expect(given).toEqual([2, 3]);
  });

  test('CW3 the next address is another one than the one that is shown, and is shown from then on', async () => {
    const { service, view } = await open();
    for (let time = 0; time < 2; time++) {
      const before = view().accounts[0]?.receive;
      const index = await service.reserveAddress(0, 0);
      await settle();
      expect(index).toBe((before?.index ?? 0) + 1);
      expect(view().accounts[0]?.receive).toMatchObject({ index });
      expect(view().accounts[0]?.receive.address).not.toBe(before?.address);
    }
  });

  test('CW2 every plan that cannot be is refused by its code', async () => {
    const { service } = await open();
    const [coin] = await service.coins(0);
    const refused = async (change: object) => {
      const plan = await service.planPayment({ ...pay(1n * VC), ...change });
      return isFault(plan) ? plan.fault : 'planned';
    };
    expect(await refused({ amount: 0n })).toBe('amount-zero');
    expect(await refused({ amount: 2n ** 53n })).toBe('amount-too-large');
    expect(await refused({ amount: 11n * VC })).toBe('insufficient-funds');
    expect(await refused({ feeRate: 0n })).toBe('fee-rate');
    expect(await refused({ feeRate: 10n ** 9n })).toBe('fee-rate');
    expect(await refused({ to: 'dvc1qqqq' })).not.toBe('planned');
    expect(await refused({ coins: [`${'0'.repeat(64)}:0`] })).toBe('coin-unknown');
    expect(await refused({ account: 5 })).toBe('account-unknown');
    expect(await refused({ coins: [coin?.outpoint ?? ''] })).toBe('planned');
    const all = await service.planPayment(pay('all'));
    const swept = isFault(all) ? all : decodeTransaction(all);
    expect(swept).toMatchObject({ outputs: [{}] });
  });

  test('CW11 W10 a look-alike of a past payee is called out', async () => {
    const { service } = await open();
    const known = addressOf(testKey(3_000).script);
    service.wallet.payees.add(known);
    const middle = known.length / 2;
    const twin = known.slice(0, middle) + (known[middle] === 'q' ? 'p' : 'q') + known.slice(middle + 1);
    expect(await service.lookAlike(twin)).toBe(known);
    expect(await service.lookAlike(known)).toBeUndefined();
    expect(await service.parseRecipient(`valuecyber:${known}?amount=1.5&label=shop`)).toMatchObject({
      address: known,
      amount: 150_000_000n,
      label: 'shop',
    });
    expect(await service.parseRecipient('hello')).toHaveProperty('fault');
  });

  test('CW6 labels go out and come in as BIP329 lines', async () => {
    const { service } = await open();
    await service.setLabel({ kind: 'tx', ref: 'ab'.repeat(32), label: 'rent' });
    const text = await service.exportLabels();
    expect(JSON.parse(text)).toEqual({ type: 'tx', ref: 'ab'.repeat(32), label: 'rent' });
    await service.setLabel({ kind: 'tx', ref: 'ab'.repeat(32), label: '' });
    expect(await service.exportLabels()).toBe('');
    expect(await service.importLabels(`${text}\n{"type":"seed","ref":"x","label":"y"}`)).toBe(1);
    expect(await service.importLabels('no json')).toMatchObject({ fault: 'label-form' });
  });
});

/** Wherever a liar is, two honest peers are too. */
const withLiar = (liar: TestPeer): TestStreams => {
  peers = { a: liar, b: new TestPeer(network.chain, network.bitcoin), c: new TestPeer(network.chain, network.bitcoin) };
  streams = new TestStreams(peers);
  return streams;
};

const expectDropped = (view: ChainView, peer: string): void => {
  expect(view.alarms.some((alarm) => alarm.code === 'peer-lied' && alarm.peer === peer)).toBe(true);
  expect(streams.hungUp).toContain(peer);
  expect(view.accounts[0]?.balance.spendable).toBe(10n * VC);
};

describe('lying peers', () => {
  test('LC11 a peer that omits a coin is dropped and named, and the balance is right', async () => {
    class Omitting extends TestPeer {
      override proof(request: RequestOf<'proof'>): AnswerOf<'proof'> {
        const answer = super.proof(request);
        return answer.kind === 'proof' ? { ...answer, proof: answer.proof.slice(0, -32) } : answer;
      }
    }
    const { view } = await open(withLiar(new Omitting(network.chain, network.bitcoin)));
    expectDropped(view(), 'a');
  });

  test('LC11 a peer that forges a balance is dropped and named', async () => {
    class Forging extends TestPeer {
      override proof(request: RequestOf<'proof'>): AnswerOf<'proof'> {
        const answer = super.proof(request);
        if (answer.kind !== 'proof') return answer;
        const proof = answer.proof.slice();
        for (let at = 0; at < proof.length; at += 97) proof[at] = (proof[at] as number) ^ 0x40;
        return { ...answer, proof };
      }
    }
    const { view } = await open(withLiar(new Forging(network.chain, network.bitcoin)));
    expectDropped(view(), 'a');
  });

  test('LC11 a peer that sends a header without stake is dropped and named', async () => {
    class Unstaked extends TestPeer {
      override stakeProof(epoch: number): Uint8Array {
        return new Uint8Array(68 + 40).fill(epoch & 1);
      }
    }
    const { view } = await open(withLiar(new Unstaked(network.chain, network.bitcoin)));
    expectDropped(view(), 'a');
  });

  test('LC11 a peer that replays an old tip is seen to be behind, and nothing goes back', async () => {
    const old = new TestPeer(network.chain, network.bitcoin);
    old.behind = 20;
    const { view } = await open(withLiar(old));
    expect(view()).toMatchObject({ stage: 'following', tip: { height: START }, agreeing: 2 });
    expect(view().accounts[0]?.balance.spendable).toBe(10n * VC);
  });

  test('LC19 a peer that keeps to an old tip is dropped and named, one that comes nearer is not, and it may come back', async () => {
    const [old, syncing] = [new TestPeer(network.chain, network.bitcoin), new TestPeer(network.chain, network.bitcoin)];
    old.behind = 20;
    syncing.behind = 30;
    const given = withLiar(old);
    given.peers.set('b', syncing);
    const { view } = await open(given);
    for (let round = 0; round < 5; round++) {
      await settle(10);
      syncing.behind -= 1;
    }
    expect(view().alarms.map(({ code, peer }) => [code, peer])).toContainEqual(['peer-stale', 'a']);
    expect(streams.hungUp).toEqual(['a']);
    expect(view()).toMatchObject({ tip: { height: START }, peers: 2 });
    old.behind = 0;
    streams.hungUp.length = 0;
    await settle(700);
    expect(view()).toMatchObject({ peers: 3 });
  });

  test('LC11 B12 with one honest peer of three the filters are right and the liars are gone', async () => {
    class FilterLiar extends TestPeer {
      override filter(): Uint8Array {
        return Uint8Array.of(0);
      }
    }
    const make = (): TestPeer => new FilterLiar(network.chain, network.bitcoin);
    peers = { a: make(), b: make(), c: new AcceptingPeer(network.chain, network.bitcoin) };
    streams = new TestStreams(peers);
    const { view } = await open();
    await grow(fund(5n * VC, scriptAt(0, 3), 2_001));
    expect(view().accounts[0]?.balance.spendable).toBe(15n * VC);
    expect(streams.hungUp.sort()).toEqual(['a', 'b']);
  });

  test('LC11 B13 peers that do not answer are no liars', async () => {
    class Silent extends TestPeer {
      override answerBytes(name: never, bytes: Uint8Array): Uint8Array {
        if (this.asked.length % 2 === 0) {
          this.asked.push(name);
          throw new Error('lost');
        }
        return super.answerBytes(name, bytes);
      }
    }
    peers = { a: new Silent(network.chain, network.bitcoin), b: new Silent(network.chain, network.bitcoin) };
    streams = new TestStreams(peers);
    const { view } = await open();
    await settle(40);
    expect(streams.hungUp).toEqual([]);
    expect(view().accounts[0]?.balance.spendable).toBe(10n * VC);
  });

  test('LC13 S11 S15 a rival chain from long ago, valid in itself, makes it undecided: said so, nothing counted', async () => {
    const rival = new TestChain();
    rival.bitcoinOf = network.chain.bitcoinOf;
    rival.skip = 1;
    rival.grow(START + 5);
    clock.advance(rival.state.tip.time - clock.now());
    const streamsWithRival = new TestStreams({ ...peers, z: new TestPeer(rival, network.bitcoin) });
    streams = streamsWithRival;
    const { service, view } = await open();
    expect(view().stage).toBe('undecided');
    expect(view().alarms.some((alarm) => alarm.code === 'undecided')).toBe(true);
    expect(view().accounts[0]?.balance).toMatchObject({ spendable: 0n, proof: { stage: 'refused' } });
    expect(await service.planPayment(pay(1n * VC))).toMatchObject({ fault: 'undecided' });
    streams.lose('z');
    await settle(5);
    expect(view()).toMatchObject({ stage: 'following', tip: { height: START } });
    expect(view().accounts[0]?.balance.spendable).toBe(10n * VC);
  });

  test('LC13 S15 two peers of three with a long chain, well signed and heavier, whose every stake was spent: nothing is shown as confirmed', async () => {
    const [spent, length] = [40, SOAK ? 10_000 : 100];
    network = startTestChain(SOAK ? 16 : 0.3);
    const rival = new TestChain();
    rival.bitcoinOf = network.chain.bitcoinOf;
    network.chain.grow(
      1,
      Array.from({ length: spent }, (_, i) => network.chain.withdrawal(i)),
    );
    network.chain.grow(START - 2);
    network.chain.grow(1, [fund(10n * VC, scriptAt(0, 0))]);
    const old = new Set(Array.from({ length: spent }, (_, i) => encodeHex(testKey(i).xOnly)));
    rival.mayMake = ({ key }) => old.has(encodeHex(key));
    rival.grow(1, [payment(rival.coinOf(2_000), 2_000, [{ element: 'value', amount: 90n * VC, script: scriptAt(0, 0) }])]);
    rival.grow(length - 1);
    expect(rival.state.tip.weight).toBeGreaterThan(network.chain.state.tip.weight);
    expect(network.chain.state.allStakes.some(({ key }) => old.has(encodeHex(key)))).toBe(false);
    clock = new ManualClock(Math.max(time(), rival.state.tip.time));
    platform = createMemoryPlatform(clock, (size) => new Uint8Array(size).fill(7));
    const liar = (): TestPeer => new TestPeer(rival, network.bitcoin);
    peers = { a: new TestPeer(network.chain, network.bitcoin), b: liar(), c: liar() };
    streams = new TestStreams(peers);
    const { service, view } = await open();
    expect(view().stage).toBe('undecided');
    const { balance, recent } = view().accounts[0]!;
    expect(balance).toMatchObject({ spendable: 0n, incoming: 0n, proof: { stage: 'refused' } });
    expect(recent.filter(({ proof }) => proof.stage === 'verified')).toEqual([]);
    expect(await service.planPayment(pay(1n * VC))).toMatchObject({ fault: 'undecided' });
    reportFigure('S15', `balance confirmed by ${length} headers of spent stakes`, Number(balance.spendable), 0, 'units');
  });

  test('LC4 B8 a short fork is rolled back on the screen', async () => {
    const { view } = await open();
    const rival = new TestChain();
    rival.bitcoinOf = network.chain.bitcoinOf;
    for (let at = 1; at <= START; at++) {
      const block = network.chain.state.blockOf(at);
      if (block !== undefined) rival.connect(block);
    }
    await grow(fund(3n * VC, scriptAt(0, 1), 2_001));
    expect(view().accounts[0]?.balance.spendable).toBe(13n * VC);
    rival.skip = 1;
    rival.grow(4);
    clock.advance(Math.max(0, rival.state.tip.time - clock.now()));
    for (const peer of Object.values(peers)) Object.assign(peer, { chain: rival });
    await settle(30);
    expect(view().tip?.height).toBe(START + 4);
    expect(view().accounts[0]?.balance.spendable).toBe(10n * VC);
    expect(view().accounts[0]?.recent[0]).toMatchObject({ proof: { stage: 'claimed' } });
  });
});

describe('after a fork', () => {
  const fork = (): TestChain => {
    const rival = new TestChain();
    rival.bitcoinOf = network.chain.bitcoinOf;
    for (let at = 1; at <= START; at++) {
      const block = network.chain.state.blockOf(at);
      if (block !== undefined) rival.connect(block);
    }
    rival.skip = 1;
    return rival;
  };

  test('LC10 LC12 a payment of everything is seen in the other branch too, though its list was proved above that block', async () => {
    const { service, view } = await open();
    const unsigned = await service.planPayment(pay('all'));
    if (isFault(unsigned)) throw new Error(unsigned.fault);
    const signed = sign(unsigned, [keyAt(0, 0)]);
    const sent = await service.relay(signed);
    if (isFault(sent)) throw new Error(sent.fault);
    const tx = decodeTransaction(signed) as Transaction;
    const rival = fork();
    await grow(tx);
    expect(await service.payment(sent.txid)).toMatchObject({ proof: { height: START + 1 } });
    rival.grow(1);
    rival.grow(3, [tx]);
    clock.advance(Math.max(0, rival.state.tip.time - clock.now()));
    for (const peer of Object.values(peers)) Object.assign(peer, { chain: rival });
    await settle(30);
    expect(view().tip?.height).toBe(START + 4);
    expect(view().accounts[0]?.balance).toMatchObject({ spendable: 0n, outgoing: 0n });
    expect(await service.payment(sent.txid)).toMatchObject({ proof: { stage: 'verified', height: START + 2 } });
  });

  test('LC9 LC12 a claim whose block came before the first proof is in that block, and goes back with it', async () => {
    const claimed = fund(3n * VC, scriptAt(0, 1), 2_001);
    for (const peer of Object.values(peers)) (peer as AcceptingPeer).busy = true;
    const { service, view } = await open();
    await streams.announce('tx', 'a', encodeField(txAnnouncement, { transaction: encodeTransaction(claimed) }));
    const rival = fork();
    await grow(claimed);
    const txid = encodeReversedHex(computeTxid(claimed));
    expect(await service.payment(txid)).toMatchObject({ proof: { stage: 'claimed' } });
    for (const peer of Object.values(peers)) (peer as AcceptingPeer).busy = false;
    await settle(20);
    expect(await service.payment(txid)).toMatchObject({ proof: { stage: 'in-block', height: START + 1, depth: 1 } });
    expect(view().accounts[0]?.balance).toMatchObject({ spendable: 13n * VC, incoming: 0n });
    rival.grow(3);
    clock.advance(Math.max(0, rival.state.tip.time - clock.now()));
    for (const peer of Object.values(peers)) Object.assign(peer, { chain: rival });
    await settle(30);
    expect(await service.payment(txid)).toMatchObject({ proof: { stage: 'claimed' } });
    expect(view().accounts[0]?.balance).toMatchObject({ spendable: 10n * VC, incoming: 3n * VC });
  });

  test('CW5 LC12 a payment in a block that was jumped over is located by its proof', async () => {
    const first = await open();
    const unsigned = await first.service.planPayment(pay('all'));
    if (isFault(unsigned)) throw new Error(unsigned.fault);
    const signed = sign(unsigned, [keyAt(0, 0)]);
    const sent = await first.service.relay(signed);
    if (isFault(sent)) throw new Error(sent.fault);
    await settle();
    await first.service.stop();
    network.chain.grow(100, [decodeTransaction(signed) as Transaction]);
    clock.advance(time() - clock.now());
    for (const peer of Object.values(peers)) (peer as AcceptingPeer).verdict = { kind: 'refused', code: 'already-confirmed' };
    const { service } = await open();
    await settle(15);
    expect(await service.payment(sent.txid)).toMatchObject({ proof: { stage: 'verified', height: START + 1, depth: 100 } });
  });
});

test('LC16 a network without blocks is called quiet', async () => {
  const { view } = await open();
  expect(view().alarms.map((alarm) => alarm.code)).not.toContain('quiet-network');
  await settle(120);
  expect(view().alarms.map((alarm) => alarm.code)).toContain('quiet-network');
  expect(GENESIS_TIME).toBeLessThan(clock.now());
});

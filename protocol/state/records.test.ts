import { describe, expect, test } from 'vitest';
import { encodeGroup } from '../admission/group.ts';
import { concatBytes } from '../codec/bytes.ts';
import { encodeUtf8 } from '../codec/utf8.ts';
import { hash160, sha256 } from '../crypto/hash.ts';
import { encodeChild } from '../records/child.ts';
import { computeAccountId, computeAccountTag, type RealName } from '../records/real-name.ts';
import type { RecordClaim } from '../records/record-claim.ts';
import { ADMISSION_KEY, AGENT_TABLE, ANCHOR_TABLE, CHILD_TABLE, GROUP_TABLE } from '../records/tables.ts';
import { buildDataScript } from '../script/forms/data-output.ts';
import { buildKeyHashCheck } from '../script/forms/key-check.ts';
import { buildMultisigInOrder } from '../script/forms/multisig.ts';
import { matchPayToKey } from '../script/forms/pay-to-key.ts';
import type { TransactionOutput } from '../tx/transaction.ts';
import { checkCreditBound } from './check-credit-bound.ts';
import { FOUNDER, realNameCheck, realNameClaim, realNameSigner, testXpub } from './test-accounts.ts';
import { testKey, VC } from './test-chain.ts';
import { buildSigned, byKey, byKeys, type Signer, TestLedger, unsigned } from './test-ledger.ts';

const OWNER = 6_000;
const keysOf = (numbers: readonly number[]): Uint8Array[] => numbers.map((number) => testKey(number).publicKey);
const allOf = (numbers: readonly number[], threshold = numbers.length): Uint8Array =>
  buildMultisigInOrder({ threshold, keys: keysOf(numbers) });
const tagOf = (number: number): Uint8Array => matchPayToKey(testKey(number).script) as Uint8Array;
const value0 = (script: Uint8Array): TransactionOutput => ({ element: 'value', amount: 0n, script });

/** Signatures of a commitment's key check: its whole script is signed. */
const signing =
  (script: Uint8Array, keys: readonly number[], sighashType?: number): Signer =>
  (sign) => [new Uint8Array(0), ...keys.map((key) => sign(key, script, sighashType))];

const writeGroup = (ledger: TestLedger, agreeing: readonly number[], after: readonly number[], signers = agreeing): string => {
  const claim = { table: GROUP_TABLE, key: ADMISSION_KEY, value: encodeGroup(keysOf(after)) };
  const coin = ledger.commit(allOf(agreeing), claim);
  const record = ledger.reveal(coin, claim, signing(coin.script, signers));
  const code = ledger.codeOf(record);
  if (code === 'accepted') {
    ledger.mine(record);
    expect(ledger.holds(claim)).toBe(true);
  }
  return code;
};

const groupOf = (members: readonly number[]): TestLedger => {
  const ledger = new TestLedger();
  for (let n = 2; n <= members.length; n++) expect(writeGroup(ledger, members.slice(0, n), members.slice(0, n))).toBe('accepted');
  return ledger;
};

const anchor = (seat: Uint8Array, value: Uint8Array = sha256(seat)): RecordClaim => ({
  table: ANCHOR_TABLE,
  key: concatBytes(hash160(seat), sha256(encodeUtf8('another chain')), Uint8Array.of(1, 0, 0, 0)),
  value,
});

/** x = 5 is no point of the curve. */
const OFF_CURVE = Uint8Array.of(2, ...new Array<number>(31).fill(0), 5);
const OPEN_CHECK = buildKeyHashCheck(tagOf(OWNER));
const ownerSigns =
  (script: Uint8Array): Signer =>
  (sign) => [sign(OWNER, script), testKey(OWNER).publicKey];

describe('records', () => {
  const seat = testKey(6_001).script;

  test('RC3 RC5 anybody writes a new key of an open table, whose seat changes it, and a removal ends it', () => {
    const ledger = new TestLedger();
    const claim = anchor(seat);
    const coin = ledger.commit(OPEN_CHECK, claim);
    const written = ledger.reveal(coin, claim, ownerSigns(coin.script), { outputs: [value0(seat)] });
    ledger.mine(written);
    expect(ledger.record(claim.table, claim.key)?.seat).toEqual({ txid: ledger.outputOf(written).outpoint.txid, index: 0 });

    const next = anchor(seat, sha256(sha256(seat)));
    const again = ledger.commit(OPEN_CHECK, next);
    const bySeat = { coin: ledger.outputOf(written), signer: byKey(6_001) };
    expect(ledger.codeOf(ledger.reveal(again, next, ownerSigns(again.script), { outputs: [value0(seat)] }))).toBe('seat-missing');
    const changed = ledger.reveal(again, next, ownerSigns(again.script), { inputs: [bySeat], outputs: [value0(seat)] });
    ledger.mine(changed);
    expect(ledger.holds(next)).toBe(true);

    const gone = anchor(seat, new Uint8Array(0));
    const last = ledger.commit(OPEN_CHECK, gone);
    const seatNow = { coin: ledger.outputOf(changed), signer: byKey(6_001) };
    ledger.mine(ledger.reveal(last, gone, ownerSigns(last.script), { inputs: [seatNow] }));
    expect(ledger.record(claim.table, claim.key)).toBeUndefined();
  });

  test('RC5 a seat is spent by nothing but its own record, and read by whoever asserts it', () => {
    const ledger = new TestLedger();
    const claim = anchor(seat);
    const coin = ledger.commit(OPEN_CHECK, claim);
    const written = ledger.reveal(coin, claim, ownerSigns(coin.script), { outputs: [value0(seat)] });
    ledger.mine(written);
    const seatCoin = ledger.outputOf(written);
    const moved = buildSigned({ layer: 2, inputs: [{ coin: seatCoin, signer: byKey(6_001) }, ledger.fee()], outputs: [value0(seat)] });
    expect(ledger.verdict(moved)).toMatchObject({ fault: 'seat-spent', detail: { input: 0 } });
    const asserted = buildSigned({
      inputs: [ledger.fee(), { coin: seatCoin, signer: unsigned }],
      outputs: [{ element: 'value', amount: 1_000n, script: seat }],
    });
    expect(ledger.codeOf(asserted)).toBe('accepted');
    const other = anchor(testKey(6_002).script);
    const second = ledger.commit(OPEN_CHECK, other);
    const stray = ledger.reveal(second, other, ownerSigns(second.script), {
      inputs: [{ coin: seatCoin, signer: byKey(6_001) }],
      outputs: [value0(testKey(6_002).script)],
    });
    expect(ledger.codeOf(stray)).toBe('seat-spent');
  });

  test('RC4 a commitment rests recordDelay blocks, to the block', () => {
    for (const [delay, wanted] of [
      [2, 'record-early'],
      [1, 'accepted'],
    ] as const) {
      const ledger = new TestLedger({ recordDelay: delay });
      const claim = anchor(seat);
      const coin = ledger.commit(OPEN_CHECK, claim);
      expect(ledger.codeOf(ledger.reveal(coin, claim, ownerSigns(coin.script), { outputs: [value0(seat)] }))).toBe(wanted);
    }
  });

  test.each([
    ['record-table', { ...anchor(seat), table: encodeUtf8('mine') }, [value0(seat)]],
    ['record-size', { ...anchor(seat), table: new Uint8Array(33) }, [value0(seat)]],
    ['record-size', { ...anchor(seat), key: new Uint8Array(65) }, [value0(seat)]],
    ['record-size', { ...anchor(seat), value: new Uint8Array(521) }, [value0(seat)]],
    ['anchor-form', { ...anchor(seat), value: new Uint8Array(31) }, [value0(seat)]],
    ['anchor-form', { ...anchor(seat), key: new Uint8Array(55) }, [value0(seat)]],
    ['anchor-seat', anchor(seat), [value0(testKey(6_003).script)]],
    ['record-seat', anchor(seat), []],
    ['record-seat', anchor(seat), [value0(buildDataScript(Uint8Array.of(1)))]],
    ['record-removal', anchor(seat, new Uint8Array(0)), []],
    ['record-outputs', anchor(seat), [value0(seat), value0(seat)]],
  ] as const)('RC4 RC6 RC9 refused as %s', (wanted, claim, outputs) => {
    const ledger = new TestLedger();
    const coin = ledger.commit(OPEN_CHECK, claim);
    expect(ledger.codeOf(ledger.reveal(coin, claim, ownerSigns(coin.script), { outputs }))).toBe(wanted);
  });

  test('RC4 the commitment says which record, and no other can be shown for it', () => {
    const ledger = new TestLedger();
    const coin = ledger.commit(OPEN_CHECK, anchor(seat));
    const other = anchor(seat, sha256(encodeUtf8('else')));
    expect(ledger.codeOf(ledger.reveal(coin, other, ownerSigns(coin.script), { outputs: [value0(seat)] }))).toBe('equalverify');
  });
});

describe('the admission group', () => {
  test('AG2 adds with all and the new one, replaces with all, removes with all the others', () => {
    const ledger = groupOf([FOUNDER, 5_001, 5_002, 5_003]);
    expect(writeGroup(ledger, [FOUNDER, 5_001, 5_002, 5_003, 5_004], [FOUNDER, 5_001, 5_004, 5_003])).toBe('accepted');
    expect(writeGroup(ledger, [5_001, 5_004, 5_003], [5_001, 5_004, 5_003])).toBe('accepted');
  });

  test.each([
    ['group-change', [FOUNDER, 5_001, 5_002, 5_003], [5_003, FOUNDER, 5_001, 5_002]],
    ['group-change', [FOUNDER, 5_001, 5_002, 5_003, 5_004], [FOUNDER, 5_001, 5_002, 5_003, 5_004]],
    ['group-change', [FOUNDER, 5_001, 5_002], [FOUNDER, 5_001, 5_002]],
    ['group-small', [FOUNDER, 5_001], [FOUNDER, 5_001]],
    ['group-keys', [5_001, FOUNDER, 5_002, 5_003], [FOUNDER, 5_001, 5_002, 5_003]],
    ['group-keys', [FOUNDER, 5_001, 5_002], [FOUNDER, 5_001, 5_002, 5_003]],
  ] as const)('AG2 refused as %s: %j agree to %j', (wanted, agreeing, after) => {
    expect(writeGroup(groupOf([FOUNDER, 5_001, 5_002]), agreeing, after)).toBe(wanted);
  });

  test('AG2 a missing signature, and one of another type than ALL, are refused', () => {
    const ledger = groupOf([FOUNDER, 5_001]);
    expect(writeGroup(ledger, [FOUNDER, 5_001, 5_002], [FOUNDER, 5_001, 5_002], [FOUNDER, 5_001])).toBe('invalid-stack-operation');
    const claim = { table: GROUP_TABLE, key: ADMISSION_KEY, value: encodeGroup(keysOf([FOUNDER, 5_001, 5_002])) };
    const coin = ledger.commit(allOf([FOUNDER, 5_001, 5_002]), claim);
    const loose = ledger.reveal(coin, claim, signing(coin.script, [FOUNDER, 5_001, 5_002], 0x81));
    expect(ledger.codeOf(loose)).toBe('governed-sighash');
  });

  test('AG1 only genesis makes a group, lists are of distinct keys on the curve, and none is emptied', () => {
    const ledger = new TestLedger();
    const bad = (key: Uint8Array, value: Uint8Array): string => {
      const claim = { table: GROUP_TABLE, key, value };
      const coin = ledger.commit(allOf([FOUNDER, 5_001]), claim);
      return ledger.codeOf(ledger.reveal(coin, claim, signing(coin.script, [FOUNDER, 5_001])));
    };
    const [a, b] = keysOf([FOUNDER, 5_001]);
    expect(bad(encodeUtf8('other'), encodeGroup([a!, b!]))).toBe('group-absent');
    expect(bad(ADMISSION_KEY, encodeGroup([a!, a!]))).toBe('group-form');
    expect(bad(ADMISSION_KEY, encodeGroup([a!, OFF_CURVE]))).toBe('group-form');
    expect(bad(ADMISSION_KEY, new Uint8Array(34))).toBe('group-form');
    expect(bad(ADMISSION_KEY, new Uint8Array(0))).toBe('record-removal');
  });

  test('RC4 a group of twenty has a longer value than other tables allow', () => {
    const claim = { table: GROUP_TABLE, key: ADMISSION_KEY, value: encodeGroup(keysOf(Array.from({ length: 20 }, (_, i) => 5_000 + i))) };
    const ledger = new TestLedger();
    const coin = ledger.commit(allOf([FOUNDER]), claim);
    expect(ledger.codeOf(ledger.reveal(coin, claim, signing(coin.script, [FOUNDER])))).toBe('group-change');
  });
});

describe('governed tables', () => {
  const group = [FOUNDER, 5_001, 5_002];
  const claim = { table: AGENT_TABLE, key: tagOf(7_000), value: Uint8Array.of(1, 2, 3) };

  test.each([
    ['accepted', allOf(group, 2), [FOUNDER, 5_002]],
    ['governed-majority', allOf(group, 1), [FOUNDER]],
    ['governed-keys', allOf([FOUNDER, 5_001], 2), [FOUNDER, 5_001]],
    ['governed-keys', allOf([5_001, FOUNDER, 5_002], 2), [5_001, FOUNDER]],
    ['governed-keys', OPEN_CHECK, [OWNER]],
  ] as const)('AG3 a majority of all members in their order writes an agent: %s', (wanted, keyCheck, signers) => {
    const ledger = groupOf(group);
    const coin = ledger.commit(keyCheck, claim);
    expect(ledger.codeOf(ledger.reveal(coin, claim, signing(coin.script, signers)))).toBe(wanted);
  });

  test('AG3 RC6 what a governed table holds is changed by the majority again, and never removed', () => {
    const ledger = groupOf(group);
    for (const value of [claim.value, Uint8Array.of(9)]) {
      const next = { ...claim, value };
      const coin = ledger.commit(allOf(group, 2), next);
      ledger.mine(ledger.reveal(coin, next, signing(coin.script, [5_001, 5_002])));
      expect(ledger.record(next.table, next.key)).toMatchObject({ value, seat: undefined });
    }
    const gone = { ...claim, value: new Uint8Array(0) };
    const coin = ledger.commit(allOf(group, 2), gone);
    expect(ledger.codeOf(ledger.reveal(coin, gone, signing(coin.script, [5_001, 5_002])))).toBe('record-removal');
  });
});

describe('sources of credit', () => {
  const sourceOf = (ledger: TestLedger, amount = VC) => {
    for (const coin of ledger.state.coins.values())
      if (coin.layer === 2 && coin.element === 'credit' && coin.amount === amount) return coin;
    throw new Error('there is a source of that amount');
  };
  const granting = (ledger: TestLedger, amount: bigint, signer: Signer, source = sourceOf(ledger)) =>
    buildSigned({
      type: 1,
      inputs: [{ coin: source, signer }, ledger.fee()],
      outputs: [{ element: 'credit', amount, script: testKey(7_000).script }],
    });
  const only = allOf([FOUNDER]);

  test('AG4 a source is a bare multisig of members in their order, however it is re-issued', () => {
    const ledger = groupOf([FOUNDER, 5_001]);
    const reissue = (script: Uint8Array): string =>
      ledger.codeOf(
        buildSigned({
          layer: 2,
          inputs: [{ coin: sourceOf(ledger), signer: byKeys(only, [FOUNDER]) }, ledger.fee()],
          outputs: [{ element: 'credit', amount: VC, script }],
        }),
      );
    expect(reissue(allOf([FOUNDER, 5_001]))).toBe('accepted');
    expect(reissue(allOf([5_001]))).toBe('accepted');
    expect(reissue(allOf([5_001, FOUNDER]))).toBe('source-script');
    expect(reissue(allOf([FOUNDER, FOUNDER]))).toBe('source-script');
    expect(reissue(allOf([5_002]))).toBe('source-script');
    expect(reissue(testKey(FOUNDER).script)).toBe('source-script');
  });

  test('AG5 a source that names a former member is dead, and all who remain re-issue it', () => {
    const ledger = groupOf([FOUNDER, 5_001, 5_002, 5_003]);
    expect(ledger.codeOf(granting(ledger, VC, byKeys(only, [FOUNDER])))).toBe('accepted');
    expect(writeGroup(ledger, [5_001, 5_002, 5_003], [5_001, 5_002, 5_003])).toBe('accepted');
    expect(ledger.codeOf(granting(ledger, VC, byKeys(only, [FOUNDER])))).toBe('source-former-member');
    const everybody = allOf([5_001, 5_002, 5_003]);
    const reissue = (signer: Signer) =>
      buildSigned({
        layer: 2,
        inputs: [{ coin: sourceOf(ledger), signer }, ledger.fee()],
        outputs: [{ element: 'credit', amount: VC, script: allOf([5_001]) }],
      });
    expect(ledger.codeOf(reissue(byKeys(only, [FOUNDER])))).not.toBe('accepted');
    expect(ledger.codeOf(reissue(byKeys(everybody, [5_001, 5_002, 5_003], { sighashType: 0x81 })))).toBe('governed-sighash');
    ledger.mine(reissue(byKeys(everybody, [5_001, 5_002, 5_003])));
    const alive = [...ledger.state.coins.values()].find((coin) => coin.layer === 2 && coin.amount === VC)!;
    expect(ledger.codeOf(granting(ledger, VC, byKeys(allOf([5_001]), [5_001]), alive))).toBe('accepted');
  });

  test('AG6 a network that asks for three members grants nothing by fewer', () => {
    const ledger = new TestLedger({ groupMin: 3 });
    expect(ledger.codeOf(granting(ledger, VC, byKeys(only, [FOUNDER])))).toBe('group-small');
  });

  test('CN11 a block grants what its stake bears, and its stake nothing again for a period', () => {
    const ledger = new TestLedger({ minStake: VC, creditPeriod: 30 });
    const grant = granting(ledger, VC, byKeys(only, [FOUNDER]));
    ledger.mine(grant);
    const { right, height } = ledger.state.tip;
    if (right.kind !== 'stake') throw new Error('a stake makes every block here');
    expect(ledger.state.findStake(right.outpoint)?.creditFrom).toBe(height + 30);
    expect(ledger.state.tip.economy.credit).toBe(VC);
  });

  test('CN11 a stake bears a grant of its amount from its height on, no unit more and no block sooner', () => {
    const ledger = new TestLedger({ minStake: VC, creditPeriod: 30 });
    const leaf = ledger.state.allStakes[0]!;
    const next = ledger.state.tip.height + 1;
    expect(checkCreditBound(leaf.amount, { ...leaf, creditFrom: next }, next)).toBeUndefined();
    expect(checkCreditBound(leaf.amount + 1n, leaf, next)).toMatchObject({ fault: 'credit-bound', detail: { bound: leaf.amount } });
    expect(checkCreditBound(1n, { ...leaf, creditFrom: next + 1 }, next)).toMatchObject({ fault: 'credit-period' });
    expect(checkCreditBound(0n, { ...leaf, creditFrom: next + 1 }, next)).toBeUndefined();
  });

  test('LE5 a grant is not replayed: what paid for it is spent', () => {
    const ledger = new TestLedger();
    const grant = granting(ledger, VC, byKeys(only, [FOUNDER]));
    ledger.mine(grant);
    expect(ledger.codeOf(grant)).toBe('missing-input');
  });
});

describe('real names', () => {
  const MASTER = 8_000;
  const xpub = testXpub(MASTER);
  const id = computeAccountId(xpub);
  const account = (over: Partial<RealName> = {}): RecordClaim => realNameClaim(MASTER, over);

  const register = (ledger: TestLedger, claim: RecordClaim, keyCheck = realNameCheck(MASTER), master = MASTER): string => {
    const coin = ledger.commit(keyCheck, claim);
    const record = ledger.reveal(coin, claim, realNameSigner(coin.script, master));
    const code = ledger.codeOf(record);
    if (code === 'accepted') ledger.mine(record);
    return code;
  };

  test('RC7 an account is registered by its master key and the members, and later only its commitment changes', () => {
    const ledger = new TestLedger();
    expect(register(ledger, account())).toBe('accepted');
    const next = account({ commitment: sha256(id) });
    expect(register(ledger, next)).toBe('accepted');
    expect(ledger.holds(next)).toBe(true);
    const otherPath = xpub.slice();
    otherPath[4] = 1;
    expect(register(ledger, account({ xpub: otherPath }))).toBe('real-name-fixed');
    expect(register(ledger, account({ parent: id }))).toBe('real-name-fixed');
  });

  test('RC7 a department names the account above it', () => {
    const ledger = new TestLedger();
    expect(register(ledger, account())).toBe('accepted');
    const department = testXpub(8_001);
    const claim = { ...account({ xpub: department, parent: id }), key: computeAccountId(department) };
    expect(register(ledger, claim, realNameCheck(8_001), 8_001)).toBe('accepted');
  });

  test('RC7 refuses another’s id, a wrong form, no signature of the master key, and a parent that is not there', () => {
    const ledger = new TestLedger();
    expect(register(ledger, { ...account(), key: tagOf(1) })).toBe('real-name-id');
    expect(register(ledger, { ...account(), value: account().value.slice(1) })).toBe('real-name-form');
    expect(register(ledger, account({ xpub: concatBytes(Uint8Array.of(0), xpub.slice(1)) }))).toBe('real-name-form');
    expect(register(ledger, account(), realNameCheck(8))).toBe('real-name-master');
    expect(register(ledger, account(), allOf([FOUNDER]))).toBe('real-name-master');
    expect(register(ledger, account({ parent: tagOf(1) }))).toBe('real-name-parent');
  });

  test('RC8 a path that leads to a key attributes it, for ever, and no other does', () => {
    const ledger = new TestLedger();
    const child = (path: readonly number[], key = computeAccountTag(xpub, path)): RecordClaim => ({
      table: CHILD_TABLE,
      key,
      value: encodeChild({ account: id, path }),
    });
    const write = (claim: RecordClaim): string => {
      const coin = ledger.commit(OPEN_CHECK, claim);
      const seats = ledger.record(claim.table, claim.key)?.seat;
      const held = seats === undefined ? undefined : ledger.state.findCoin(seats);
      const inputs = held === undefined ? [] : [{ coin: held, signer: byKey(6_001) }];
      const record = ledger.reveal(coin, claim, ownerSigns(coin.script), { inputs, outputs: [value0(testKey(6_001).script)] });
      const code = ledger.codeOf(record);
      if (code === 'accepted') ledger.mine(record);
      return code;
    };
    expect(write(child([1]))).toBe('child-account');
    expect(register(ledger, account())).toBe('accepted');
    expect(write(child([1, 7]))).toBe('accepted');
    expect(write(child([], hash160(testKey(MASTER).publicKey)))).toBe('accepted');
    expect(write(child([2], computeAccountTag(xpub, [3])))).toBe('child-derivation');
    expect(write({ ...child([1, 7]), value: new Uint8Array(0) })).toBe('record-removal');
    expect(write(child([1, 7]))).toBe('child-fixed');
    expect(write({ ...child([5]), value: concatBytes(id, Uint8Array.of(0x85, 0)) })).toBe('child-form');
    expect(write({ ...child([5]), value: id.slice(1) })).toBe('child-form');
  });
});

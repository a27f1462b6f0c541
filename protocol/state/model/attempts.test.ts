import { describe, expect, test } from 'vitest';
import { encodeGroup } from '../../admission/group.ts';
import { encodeHex } from '../../codec/hex.ts';
import type { Coin } from '../../ledger/coin.ts';
import { buildKeyHashCheck } from '../../script/forms/key-check.ts';
import { buildMultisigInOrder } from '../../script/forms/multisig.ts';
import { buildPayToScript } from '../../script/forms/pay-to-script.ts';
import { buildRecordCommitment } from '../../script/forms/record-commitment.ts';
import { buildStakeScript } from '../../script/forms/stake.ts';
import { OP } from '../../script/opcodes.ts';
import { outpointKey } from '../../tx/outpoint.ts';
import type { Transaction, TransactionOutput } from '../../tx/transaction.ts';
import { encodeTransaction } from '../../tx/transaction-codec.ts';
import { computeMedianPast } from '../block-effect.ts';
import { testKey, VC } from '../test-chain.ts';
import { buildSigned, byKey, byKeys, type SignedInput, unsigned } from '../test-ledger.ts';
import { AGENT, credit, DEBTOR, debt, FOUNDER, JOINT, jointKeys, Market, OTHER, oneKey, pubkeys, tagOf, value } from '../test-market.ts';
import { judgeNaively } from './test-naive-ledger.ts';
import { ADMISSION, type NaiveCoin, recordName, TABLES } from './test-naive-state.ts';

const toNaive = ({ outpoint, script, medianTime, ...coin }: Coin): NaiveCoin => ({
  ...coin,
  ...{ at: outpointKey(outpoint), script: encodeHex(script), median: medianTime },
});

/** What the product says of a transaction; the naive judge must say no other. */
const judge = (market: Market, transaction: Transaction): string => {
  const { state, parameters } = market.chain;
  const coins = new Map([...state.coins.values()].map(toNaive).map((coin) => [coin.at, coin]));
  const group = { table: TABLES.group, key: ADMISSION, value: encodeHex(encodeGroup(pubkeys(FOUNDER))), seat: '', height: 0 };
  const parent = { height: state.tip.height, coins, records: new Map([[recordName(TABLES.group, ADMISSION), group]]) };
  const view = { ...parent, parameters, height: state.tip.height + 1, median: computeMedianPast(state), parent };
  const { broken } = judgeNaively(transaction, view);
  const code = market.codeOf(transaction);
  expect(broken.length === 0 ? ['accepted'] : broken).toContain(code);
  return code;
};

const mint = (market: Market): Coin => market.grant(2n * VC);
const source = (market: Market, amount = 4n * VC): SignedInput => {
  const coin = [...market.state.coins.values()].find((each) => each.layer === 2 && each.element === 'credit' && each.amount === amount)!;
  return { coin, signer: byKeys(ONE, [FOUNDER]) };
};
const ONE = buildMultisigInOrder({ threshold: 1, keys: pubkeys(FOUNDER) });
const AGENTS = testKey(AGENT).script;
const OTHERS = testKey(OTHER).script;
const OWN = testKey(DEBTOR).script;
const FREE = Uint8Array.of(OP.TRUE);
const byAgent = (coin: Coin): SignedInput => ({ coin, signer: byKey(AGENT) });

type Attempt = readonly [title: string, wanted: string, draw: (market: Market) => Transaction];

const CREDIT: readonly Attempt[] = [
  ['mints it out of value', 'credit-created', (m) => buildSigned({ inputs: [m.own(OTHER)], outputs: [credit(1n, AGENTS)] })],
  [
    'adds a unit to what is there',
    'credit-created',
    (m) => buildSigned({ inputs: [byAgent(mint(m)), m.fee()], outputs: [credit(2n * VC + 1n, AGENTS)] }),
  ],
  [
    'is granted more than its source holds',
    'credit-created',
    (m) => buildSigned({ type: 1, inputs: [source(m), m.fee()], outputs: [credit(4n * VC + 1n, AGENTS)] }),
  ],
  [
    'counts a source twice',
    'duplicate-outpoint',
    (m) => buildSigned({ type: 1, inputs: [source(m), source(m), m.fee()], outputs: [credit(8n * VC, AGENTS)] }),
  ],
  [
    'draws straight from a source',
    'source-debt',
    (m) => buildSigned({ type: 1, inputs: [source(m), m.own(OTHER)], outputs: [value(101n * VC, OTHERS), debt(VC, tagOf(OTHER))] }),
  ],
  [
    'draws from a source as a transfer',
    'type-mismatch',
    (m) => buildSigned({ inputs: [source(m), m.own(OTHER)], outputs: [value(101n * VC, OTHERS), debt(VC, tagOf(OTHER))] }),
  ],
  [
    'draws from a source in the debt layer',
    'source-type',
    (m) => buildSigned({ layer: 1, inputs: [source(m), m.own(OTHER)], outputs: [value(101n * VC, OTHERS), debt(VC, tagOf(OTHER))] }),
  ],
  [
    'passes spent credit off as granted',
    'source-spends-credit',
    (m) => buildSigned({ type: 1, inputs: [source(m), byAgent(mint(m)), m.fee()], outputs: [credit(6n * VC, AGENTS)] }),
  ],
  ['grants for nothing spent', 'nothing-spent', (m) => buildSigned({ type: 1, inputs: [source(m)], outputs: [credit(VC, AGENTS)] })],
  [
    'grants without a member’s key',
    'eval-false',
    (m) => {
      const forged = { coin: source(m).coin, signer: () => [new Uint8Array(0), new Uint8Array(0)] };
      return buildSigned({ type: 1, inputs: [forged, m.fee()], outputs: [credit(VC, AGENTS)] });
    },
  ],
  [
    'lifts circulating credit to a source',
    'credit-lifted',
    (m) => buildSigned({ layer: 2, inputs: [byAgent(mint(m)), m.fee()], outputs: [credit(2n * VC, ONE)] }),
  ],
  [
    'lifts it beside a source',
    'credit-lifted',
    (m) => buildSigned({ layer: 2, inputs: [source(m), byAgent(mint(m)), m.fee()], outputs: [credit(6n * VC, ONE)] }),
  ],
  [
    'makes a source greater',
    'credit-created',
    (m) => buildSigned({ layer: 2, inputs: [source(m), m.fee()], outputs: [credit(4n * VC + 1n, ONE)] }),
  ],
  [
    'burns of a source',
    'credit-lifted',
    (m) => buildSigned({ layer: 2, inputs: [source(m), m.fee()], outputs: [credit(4n * VC - 1n, ONE)] }),
  ],
  ['burns a source whole', 'credit-lifted', (m) => buildSigned({ layer: 2, inputs: [source(m), m.fee()], outputs: [] })],
  [
    'shreds a source',
    'source-minimum',
    (m) => buildSigned({ layer: 2, inputs: [source(m), m.fee()], outputs: [credit(4n * VC - 1n, ONE), credit(1n, ONE)] }),
  ],
  [
    'gives a source to who is no member',
    'source-script',
    (m) =>
      buildSigned({
        layer: 2,
        inputs: [source(m), m.fee()],
        outputs: [credit(4n * VC, buildMultisigInOrder({ threshold: 1, keys: pubkeys(OTHER) }))],
      }),
  ],
  [
    'sinks it into the debt layer',
    'element-layer',
    (m) => buildSigned({ layer: 1, inputs: [byAgent(mint(m)), m.fee()], outputs: [credit(2n * VC, AGENTS)] }),
  ],
  [
    'moves another’s',
    'equalverify',
    (m) => buildSigned({ inputs: [{ coin: mint(m), signer: byKey(OTHER) }, m.fee()], outputs: [credit(2n * VC, OTHERS)] }),
  ],
  [
    'owes more than it used up',
    'debt-without-credit',
    (m) => {
      const outputs = [credit(VC, AGENTS), debt(VC + 1n, tagOf(OTHER)), value(101n * VC, OTHERS)];
      return buildSigned({ inputs: [byAgent(mint(m)), m.own(OTHER)], outputs });
    },
  ],
  [
    'owes without any',
    'debt-without-credit',
    (m) => buildSigned({ inputs: [m.own(OTHER)], outputs: [debt(VC, tagOf(OTHER)), value(101n * VC - 500n, OTHERS)] }),
  ],
];

describe('every attempt to lift, mint or move credit is refused where it', () => {
  test.each(CREDIT)('LE8 LE9 LE10 AG4 %s: %s', (_title, wanted, draw) => {
    const market = new Market();
    expect(judge(market, draw(market))).toBe(wanted);
  });
});

describe('a credit authorisation', () => {
  const granting = (market: Market, paying: SignedInput, sighashType = 1): Transaction => {
    const authority = { coin: source(market).coin, signer: byKeys(ONE, [FOUNDER], { sighashType }) };
    return buildSigned({ type: 1, inputs: [authority, paying], outputs: [credit(VC, AGENTS)] });
  };
  /** The authority's signature under another transaction, whose own input is signed well. */
  const lift = (market: Market, grant: Transaction, paying: SignedInput): Transaction => {
    const own = granting(market, paying);
    return { ...own, inputs: [grant.inputs[0]!, own.inputs[1]!] };
  };

  test('LE5 LE13 is not replayed: not the same, not with another fee, not by a signature that leaves the fee open', () => {
    const market = new Market();
    const grant = granting(market, market.fee());
    const fresh = market.fee();
    expect(judge(market, lift(market, grant, fresh))).toBe('sig-nullfail');
    expect(judge(market, granting(market, market.fee(), 0x81))).toBe('reference-sighash');
    market.mine(grant);
    expect(judge(market, grant)).toBe('missing-input');
    expect(judge(market, lift(market, grant, fresh))).toBe('sig-nullfail');
  });

  test('LE5 is not replayed after a reorganisation, whether the other branch took it or spent its fee', () => {
    const market = new Market();
    const grant = granting(market, market.fee());
    const fee = market.state.findCoin(grant.inputs[1]!.outpoint)!;
    market.mine(grant);
    market.chain.grow(2);
    for (let i = 0; i < 3; i++) market.state.disconnect();
    market.chain.skip = 1;
    market.chain.grow(1);
    expect(judge(market, grant)).toBe('accepted');
    market.mine(grant);
    expect(judge(market, grant)).toBe('missing-input');
    expect(market.state.tip.economy.credit).toBe(VC);
    market.state.disconnect();
    market.mine(buildSigned({ inputs: [{ coin: fee, signer: byKey(10_000) }], outputs: [value(1_000n, OTHERS)] }));
    expect(judge(market, grant)).toBe('missing-input');
    expect(market.state.tip.economy.credit).toBe(0n);
  });
});

interface Frozen {
  readonly market: Market;
  readonly owed: Coin;
  readonly cash: SignedInput;
  readonly locked: SignedInput;
  readonly own: SignedInput;
  readonly single: SignedInput;
  readonly agents: SignedInput;
}

/** A debtor with coins of every kind, all of them frozen. */
const freeze = (): Frozen => {
  const market = new Market();
  const [locked] = market.turn({ layer: 1 }, market.own(2_003), [value(10n * VC, OWN)]) as [Coin];
  const lone = oneKey(DEBTOR);
  const [single] = market.pay(2_004, value(VC, buildPayToScript(lone)), value(98n * VC, testKey(2_004).script)) as [Coin];
  const own = market.grant(2n * VC, OWN);
  const agents = market.grant(4n * VC);
  const { debt: owed, cash } = market.draw();
  market.chain.grow(2);
  const by = (coin: Coin): SignedInput => ({ coin, signer: byKey(DEBTOR) });
  const bySingle: SignedInput = { coin: single, signer: (sign) => [sign(DEBTOR, lone), lone] };
  return { market, owed, cash: by(cash), locked: by(locked), own: by(own), single: bySingle, agents: byAgent(agents) };
};

const rolling = (frozen: Frozen, made: readonly TransactionOutput[]): Transaction => {
  const owed = { coin: frozen.owed, signer: byDebtor(frozen.owed) };
  return buildSigned({ inputs: [owed, frozen.agents, frozen.cash], outputs: [...made, value(90n * VC, OWN)] });
};
const byDebtor =
  (coin: Coin): SignedInput['signer'] =>
  (sign) => [sign(DEBTOR, coin.script), testKey(DEBTOR).publicKey];
const later = { kind: 'blocks', blocks: 50 } as const;
const stake = (owner: Uint8Array): Uint8Array => buildStakeScript({ key: testKey(1).xOnly, share: 0, ownerScript: owner });
const committed = buildRecordCommitment(new Uint8Array(32), buildKeyHashCheck(tagOf(DEBTOR)));

const ESCAPES: readonly (readonly [title: string, draw: (frozen: Frozen) => Transaction])[] = [
  ['pays another', ({ cash }) => buildSigned({ inputs: [cash], outputs: [value(VC, OTHERS)] })],
  ['pays another and itself', ({ cash }) => buildSigned({ inputs: [cash], outputs: [value(99n * VC, OWN), value(VC, OTHERS)] })],
  ['pays a script of its own', ({ cash }) => buildSigned({ inputs: [cash], outputs: [value(VC, buildPayToScript(oneKey(DEBTOR)))] })],
  ['pays a multisig it is of', ({ cash }) => buildSigned({ inputs: [cash], outputs: [value(VC, buildPayToScript(JOINT))] })],
  ['leaves it to the block’s maker', ({ cash }) => buildSigned({ inputs: [cash], outputs: [value(VC, FREE)] })],
  [
    'pays through another’s coin',
    ({ market, cash }) => buildSigned({ inputs: [market.own(OTHER), cash], outputs: [value(150n * VC, OTHERS)] }),
  ],
  ['pays out of a script of its own', ({ single }) => buildSigned({ inputs: [single], outputs: [value(VC - 500n, OTHERS)] })],
  ['locks it for another', ({ cash }) => buildSigned({ layer: 1, inputs: [cash], outputs: [value(VC, OTHERS)] })],
  ['stakes it for another', ({ cash }) => buildSigned({ layer: 1, inputs: [cash], outputs: [value(9n * VC, stake(OTHERS))] })],
  ['burns it in the management layer', ({ cash }) => buildSigned({ layer: 2, inputs: [cash], outputs: [value(0n, committed)] })],
  ['moves what is locked', ({ locked }) => buildSigned({ layer: 1, inputs: [locked], outputs: [value(9n * VC, OTHERS)] })],
  ['burns what is locked', ({ locked }) => buildSigned({ layer: 1, inputs: [locked], outputs: [value(9n * VC, OWN)] })],
  ['gives its credit away', ({ market, own }) => buildSigned({ inputs: [own, market.own(OTHER)], outputs: [credit(2n * VC, OTHERS)] })],
  ['keeps its credit moving', ({ market, own }) => buildSigned({ inputs: [own, market.own(OTHER)], outputs: [credit(2n * VC, OWN)] })],
  [
    'draws on its own credit',
    ({ own, cash }) => buildSigned({ inputs: [own, cash], outputs: [debt(VC, tagOf(DEBTOR), later), value(101n * VC, OWN)] }),
  ],
  ['owes more than before', (frozen) => rolling(frozen, [debt(VC + 1n, tagOf(DEBTOR), later)])],
  ['owes by another script', (frozen) => rolling(frozen, [{ element: 'debt', amount: VC, script: OWN }])],
];

const KEEPS: readonly (readonly [title: string, draw: (frozen: Frozen) => Transaction])[] = [
  ['pays itself', ({ cash }) => buildSigned({ inputs: [cash], outputs: [value(VC, OWN)] })],
  ['locks and stakes for itself', ({ cash }) => buildSigned({ layer: 1, inputs: [cash], outputs: [value(9n * VC, stake(OWN))] })],
  [
    'repays',
    ({ cash, owed }) =>
      buildSigned({ inputs: [cash, { coin: owed, signer: unsigned }], outputs: [value(cash.coin.amount - VC - 500n, OWN)] }),
  ],
  ['rolls over with an agent', (frozen) => rolling(frozen, [debt(VC, tagOf(DEBTOR), later), credit(3n * VC, AGENTS)])],
  [
    'is one of two who pay out of a multisig',
    ({ market }) => {
      const [shared] = market.pay(OTHER, value(VC, buildPayToScript(JOINT))) as [Coin];
      const both = { coin: shared, signer: byKeys(JOINT, jointKeys, { witnessScript: true }) };
      return buildSigned({ inputs: [both], outputs: [value(VC - 500n, OTHERS)] });
    },
  ],
];

describe('a frozen account', () => {
  test.each(ESCAPES)('DE5 is stopped where it %s', (_title, draw) => {
    const frozen = freeze();
    expect(judge(frozen.market, draw(frozen))).toBe('frozen');
  });

  test.each(KEEPS)('DE5 may act where it %s', (_title, draw) => {
    const frozen = freeze();
    expect(judge(frozen.market, draw(frozen))).toBe('accepted');
  });
});

describe('a punishment', () => {
  test('DE9 does not rest on a debt that is due one second later, and does in the next block', () => {
    const tip = 16;
    const ahead = new Market();
    ahead.chain.grow(tip - ahead.state.tip.height);
    const at = computeMedianPast(ahead.state);
    const market = new Market();
    const half = (lockTime: number) => debt(VC / 2n, tagOf(DEBTOR), { kind: 'expiry', lockTime });
    const inputs = [byAgent(market.grant(VC)), market.own(DEBTOR)];
    const drawn = buildSigned({ inputs, outputs: [half(at - 1), half(at), value(100n * VC, OWN)] });
    market.mine(drawn);
    market.chain.grow(tip - market.state.tip.height);
    expect(computeMedianPast(market.state)).toBe(at);
    const cash = market.outputOf(drawn, 2);
    const declined = buildSigned({ inputs: [{ coin: cash, signer: byKey(DEBTOR) }], outputs: [value(VC, OTHERS)] });
    const seized = { coin: cash, signer: () => [encodeTransaction(declined)], sequence: 0xffff_ffff };
    const punish = (index: number, lockTime: number): string => {
      const liability = { coin: market.outputOf(drawn, index), signer: unsigned, sequence: 0xffff_fffe };
      return judge(market, buildSigned({ type: 2, lockTime, inputs: [seized, liability], outputs: [] }));
    };
    expect(punish(0, at - 1)).toBe('accepted');
    expect(punish(1, at)).toBe('liability-due');
    market.chain.grow(1);
    expect(punish(1, at)).toBe('accepted');
  });
});

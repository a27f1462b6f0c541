import { describe, expect, test } from 'vitest';
import { concatBytes } from '../codec/bytes.ts';
import { hash160 } from '../crypto/hash.ts';
import type { Coin } from '../ledger/coin.ts';
import { buildMultisigInOrder } from '../script/forms/multisig.ts';
import { buildPayToScript } from '../script/forms/pay-to-script.ts';
import { OP } from '../script/opcodes.ts';
import type { Layer } from '../tx/layer.ts';
import type { Transaction } from '../tx/transaction.ts';
import { encodeTransaction } from '../tx/transaction-codec.ts';
import { testKey, VC } from './test-chain.ts';
import { buildSigned, byKey, byKeys, type SignedDraft, type SignedInput, unsigned } from './test-ledger.ts';
import {
  AGENT,
  attribute,
  attribution,
  CHILD_TAG,
  credit,
  DEBTOR,
  debt,
  JOINT,
  jointKeys,
  Market,
  OTHER,
  oneKey,
  overdue,
  pubkeys,
  register,
  tagOf,
  value,
} from './test-market.ts';

describe('consent', () => {
  const drawing = (market: Market, input: SignedInput | undefined, tag: Uint8Array, script?: Uint8Array, agent = byKey(AGENT)): string => {
    const granted = market.grant(VC, script);
    const inputs = [{ coin: granted, signer: agent }, ...(input === undefined ? [market.fee()] : [input])];
    return market.codeOf(buildSigned({ inputs, outputs: [debt(VC, tag), value(VC, testKey(OTHER).script)] }));
  };

  test.each([
    [0x01, 'accepted'],
    [0x81, 'accepted'],
    [0x02, 'no-consent'],
    [0x03, 'no-consent'],
    [0x82, 'no-consent'],
    [0x83, 'no-consent'],
  ])('DE2 a signature of the debtor under sighash type %i: %s', (type, wanted) => {
    const market = new Market();
    expect(drawing(market, { coin: market.chain.coinOf(DEBTOR), signer: byKey(DEBTOR, type) }, tagOf(DEBTOR))).toBe(wanted);
  });

  test('DE2 nobody makes a debt in a stranger’s name', () => {
    const market = new Market();
    expect(drawing(market, undefined, tagOf(DEBTOR))).toBe('no-consent');
    expect(drawing(market, market.own(OTHER), tagOf(DEBTOR))).toBe('no-consent');
  });

  test('DE2 a multisig account consents by its own script, a script of any other form does not', () => {
    const market = new Market();
    const lone = oneKey(DEBTOR);
    const never = Uint8Array.of(OP.TRUE);
    const [shared, single, free] = market.pay(
      DEBTOR,
      value(VC, buildPayToScript(JOINT)),
      value(VC, buildPayToScript(lone)),
      value(VC, buildPayToScript(never)),
    ) as [Coin, Coin, Coin];
    const joint = { coin: shared, signer: byKeys(JOINT, jointKeys, { witnessScript: true }) };
    expect(drawing(market, joint, hash160(shared.script))).toBe('accepted');
    const alone = { coin: single, signer: (sign: (key: number, script: Uint8Array) => Uint8Array) => [sign(DEBTOR, lone), lone] };
    expect(drawing(market, alone, hash160(single.script))).toBe('no-consent');
    expect(drawing(market, alone, tagOf(DEBTOR))).toBe('accepted');
    expect(drawing(market, { coin: free, signer: () => [never] }, hash160(free.script))).toBe('no-consent');
  });

  test('DE2 a newcomer without coins draws through credit that needs both keys', () => {
    const market = new Market();
    const both = buildMultisigInOrder({ threshold: 2, keys: pubkeys(AGENT, 9_000) });
    expect(drawing(market, undefined, tagOf(9_000), both, byKeys(both, [AGENT, 9_000]))).toBe('accepted');
    expect(drawing(market, undefined, tagOf(9_001), both, byKeys(both, [AGENT, 9_000]))).toBe('no-consent');
  });

  test('LE16 consent is judged before a script that is not met', () => {
    const market = new Market();
    expect(drawing(market, { coin: market.chain.coinOf(DEBTOR), signer: byKey(OTHER) }, tagOf(DEBTOR))).toBe('no-consent');
    expect(drawing(market, market.own(DEBTOR), tagOf(DEBTOR), undefined, byKey(OTHER))).toBe('equalverify');
  });
});

describe('a frozen account', () => {
  test('DE3 DE4 is frozen in the block after its debt is overdue, and not in the one before', () => {
    const market = new Market();
    const { cash } = market.draw();
    const away = buildSigned({ inputs: [{ coin: cash, signer: byKey(DEBTOR) }], outputs: [value(VC, testKey(OTHER).script)] });
    market.chain.grow(1);
    expect(market.codeOf(away)).toBe('accepted');
    market.chain.grow(1);
    expect(market.verdict(away)).toMatchObject({ fault: 'frozen', detail: { input: 0, clause: 1 } });
    expect(market.state.tip.economy.overdue).toBe(VC);
  });

  test('DE5 repays, and is free in the next block', () => {
    const { market, debt: owed, cash } = overdue();
    const inputs = [
      { coin: cash, signer: byKey(DEBTOR) },
      { coin: owed, signer: unsigned },
    ];
    const repaid = buildSigned({ inputs, outputs: [value(cash.amount - VC - 100n, testKey(DEBTOR).script)] });
    market.mine(repaid);
    const rest = { coin: market.outputOf(repaid), signer: byKey(DEBTOR) };
    expect(market.codeOf(buildSigned({ inputs: [rest], outputs: [value(VC, testKey(OTHER).script)] }))).toBe('accepted');
  });

  test('DE5 anybody repays it', () => {
    const { market, debt: owed } = overdue();
    const inputs = [market.own(OTHER), { coin: owed, signer: unsigned }];
    expect(market.codeOf(buildSigned({ inputs, outputs: [value(99n * VC - 100n, testKey(OTHER).script)] }))).toBe('accepted');
  });

  test.each([
    ['pays somebody', 1, [value(VC, testKey(2_003).script)]],
    ['pays a script of its own', 1, [value(VC, buildPayToScript(oneKey(DEBTOR)))]],
    ['leaves the value to the maker', 1, [value(VC, Uint8Array.of(OP.TRUE))]],
  ] as const)('DE5 refused where it %s: clause %i', (_what, clause, outputs) => {
    const { market, cash } = overdue();
    const draft = buildSigned({ inputs: [{ coin: cash, signer: byKey(DEBTOR) }], outputs });
    expect(market.verdict(draft)).toMatchObject({ fault: 'frozen', detail: { clause } });
  });

  test('DE5 rolls over as much as it owes with new credit, and no more', () => {
    const { market, debt: owed } = overdue();
    const granted = market.grant(2n * VC);
    const term = { kind: 'blocks', blocks: 50 } as const;
    const rolled = (amount: bigint, tag = tagOf(DEBTOR)) =>
      buildSigned({
        inputs: [
          { coin: granted, signer: byKey(AGENT) },
          {
            coin: owed,
            signer: (sign) => [sign(DEBTOR, owed.script), testKey(DEBTOR).publicKey, Uint8Array.of(1)].slice(0, 2),
            sequence: 3,
          },
          { coin: market.chain.coinOf(DEBTOR), signer: byKey(DEBTOR) },
        ],
        outputs: [debt(amount, tag, term), value(100n * VC, testKey(DEBTOR).script)],
      });
    expect(market.codeOf(rolled(VC))).toBe('accepted');
    expect(market.verdict(rolled(VC + 1n))).toMatchObject({ fault: 'frozen', detail: { clause: 2 } });
  });

  test('DE5 keeps its credit where it is', () => {
    const market = new Market();
    const own = market.grant(2n * VC, testKey(DEBTOR).script);
    market.draw();
    market.chain.grow(2);
    const moved = buildSigned({
      inputs: [{ coin: own, signer: byKey(DEBTOR) }, market.own(OTHER)],
      outputs: [credit(VC, testKey(DEBTOR).script), value(VC, testKey(DEBTOR).script)],
    });
    expect(market.verdict(moved)).toMatchObject({ fault: 'frozen', detail: { clause: 3 } });
  });

  test('DE5 burns no locked value as fee beyond maxFrozenFee', () => {
    const market = new Market();
    const [locked] = market.turn({ layer: 1 }, { coin: market.chain.coinOf(2_003), signer: byKey(2_003) }, [
      value(10_000n, testKey(DEBTOR).script),
    ]) as [Coin];
    market.draw();
    market.chain.grow(2);
    const paying = (fee: bigint) =>
      buildSigned({ layer: 1, inputs: [{ coin: locked, signer: byKey(DEBTOR) }], outputs: [value(10_000n - fee, testKey(DEBTOR).script)] });
    expect(market.codeOf(paying(1_000n))).toBe('accepted');
    expect(market.verdict(paying(1_001n))).toMatchObject({ fault: 'frozen', detail: { clause: 4 } });
  });

  test('DE4 a script of one’s own is no escape, a coin that needs another’s signature is not frozen', () => {
    const market = new Market();
    const lone = oneKey(DEBTOR);
    const [single, shared] = market.pay(
      DEBTOR,
      value(VC, buildPayToScript(lone)),
      value(VC, buildPayToScript(JOINT)),
      value(97n * VC, testKey(DEBTOR).script),
    ) as [Coin, Coin, Coin];
    market.draw();
    market.chain.grow(2);
    const out = [value(VC - 500n, testKey(2_003).script)];
    const bySingle: SignedInput = { coin: single, signer: (sign) => [sign(DEBTOR, lone), lone] };
    expect(market.codeOf(buildSigned({ inputs: [bySingle], outputs: out }))).toBe('frozen');
    const byBoth: SignedInput = { coin: shared, signer: byKeys(JOINT, jointKeys, { witnessScript: true }) };
    expect(market.codeOf(buildSigned({ inputs: [byBoth], outputs: out }))).toBe('accepted');
  });

  test('DE3 a reorganisation takes the freeze back with the blocks', () => {
    const { market, cash } = overdue();
    const away = buildSigned({ inputs: [{ coin: cash, signer: byKey(DEBTOR) }], outputs: [value(VC, testKey(OTHER).script)] });
    market.state.disconnect();
    expect(market.codeOf(away)).toBe('accepted');
  });
});

describe('an account of several keys', () => {
  /** A coin of a key below the account, whose owner nobody here signs for: frozen is said before the script is judged. */
  const childCoin = (market: Market): Coin =>
    (
      market.turn({}, { coin: market.chain.coinOf(2_003), signer: byKey(2_003) }, [
        value(VC, concatBytes(Uint8Array.of(0, 20), CHILD_TAG)),
      ]) as [Coin]
    )[0];

  const spending = (coin: Coin): Transaction =>
    buildSigned({ inputs: [{ coin, signer: byKey(OTHER) }], outputs: [value(VC, testKey(OTHER).script)] });

  test.each([
    ['before its debt was made', 'before'],
    ['before its debt fell due', 'between'],
    ['after its debt fell due', 'after'],
  ] as const)('DE1 DE3 is frozen whole, each key from the block after it was attributed, %s', (_when, when) => {
    const market = new Market();
    const coin = childCoin(market);
    register(market);
    const attributeBoth = (now: typeof when): void => {
      if (now === when) for (const path of [[], [1]]) attribute(market, path);
    };
    attributeBoth('before');
    market.draw({ kind: 'blocks', blocks: 6 });
    attributeBoth('between');
    market.chain.grow(6);
    if (when === 'after') expect(market.codeOf(spending(coin))).not.toBe('frozen');
    attributeBoth('after');
    expect(market.codeOf(spending(coin))).toBe('frozen');
    expect(
      market.codeOf(buildSigned({ inputs: [market.own(DEBTOR)], outputs: [value(VC, concatBytes(Uint8Array.of(0, 20), CHILD_TAG))] })),
    ).toBe('accepted');
  });
});

describe('an account whose debt is made or repaid in the block that attributes its key', () => {
  const inOneBlock = (repaid: boolean): string => {
    const market = new Market();
    const [coin] = market.turn({}, market.own(2_003), [value(VC, concatBytes(Uint8Array.of(0, 20), CHILD_TAG))]) as [Coin];
    register(market);
    attribute(market, [1]);
    const granted = { coin: market.grant(VC), signer: byKey(AGENT) };
    const drawn = buildSigned({
      inputs: [granted, market.own(DEBTOR)],
      outputs: [debt(VC, tagOf(DEBTOR)), value(100n * VC, testKey(DEBTOR).script)],
    });
    const own = attribution(market, []);
    market.mine(...(repaid ? [drawn] : [drawn, own]));
    const owed = { coin: market.outputOf(drawn, 0), signer: unsigned };
    if (repaid) market.mine(own, buildSigned({ inputs: [market.own(OTHER), owed], outputs: [value(98n * VC, testKey(OTHER).script)] }));
    market.chain.grow(3);
    return market.codeOf(buildSigned({ inputs: [{ coin, signer: byKey(OTHER) }], outputs: [value(1_000n, testKey(OTHER).script)] }));
  };

  test('DE3 is frozen under its other keys for what was made there, and free of what was repaid there', () => {
    expect(inOneBlock(false)).toBe('frozen');
    expect(inOneBlock(true)).toBe('equalverify');
  });
});

describe('punishment', () => {
  const declining = (cash: Coin, over: Partial<SignedDraft> = {}): Transaction =>
    buildSigned({ inputs: [{ coin: cash, signer: byKey(DEBTOR) }], outputs: [value(VC, testKey(OTHER).script)], ...over });
  const punishing = (declined: Transaction | Uint8Array, seized: readonly Coin[], liability: Coin, over: Partial<SignedDraft> = {}) =>
    buildSigned({
      type: 2,
      inputs: [
        ...seized.map((coin, i) => ({
          coin,
          signer: () => (i === 0 ? [declined instanceof Uint8Array ? declined : encodeTransaction(declined)] : []),
        })),
        { coin: liability, signer: unsigned, sequence: 3 },
      ],
      outputs: [],
      ...over,
    });

  test('DE6 burns what a frozen account tried to move, and the debt stays', () => {
    const { market, debt: owed, cash } = overdue();
    const declined = declining(cash);
    expect(() => market.chain.make([declined])).toThrow('frozen');
    const punishment = punishing(declined, [cash], owed);
    market.mine(punishment);
    expect(market.state.tip.economy).toMatchObject({ fees: cash.amount, overdue: VC });
    expect(market.state.findCoin(owed.outpoint)).toBeDefined();
    expect(market.codeOf(declined)).toBe('missing-input');
    expect(market.codeOf(punishment)).toBe('missing-input');
  });

  test('DE6 two hundred punishments rest on one liability', () => {
    const market = new Market();
    const many = Array.from({ length: 200 }, () => value(10_000n, testKey(DEBTOR).script));
    const coins = market.pay(DEBTOR, ...many, value(99n * VC, testKey(DEBTOR).script));
    const last = coins[200] as Coin;
    const granted = market.grant(VC);
    const drawn = buildSigned({
      inputs: [
        { coin: granted, signer: byKey(AGENT) },
        { coin: last, signer: byKey(DEBTOR) },
      ],
      outputs: [debt(VC, tagOf(DEBTOR))],
    });
    market.mine(drawn);
    market.chain.grow(2);
    const owed = market.outputOf(drawn);
    const small = coins.slice(0, 200);
    const punishments = small.map((coin) => punishing(declining(coin, { outputs: [value(1_000n, testKey(OTHER).script)] }), [coin], owed));
    market.mine(...punishments);
    expect(market.state.tip.economy.fees).toBe(200n * 10_000n);
  });

  test('DE7 never of a lawful payment, nor of what breaks another rule', () => {
    const { market, debt: owed, cash } = overdue();
    const judged = (declined: Transaction | Uint8Array) => market.verdict(punishing(declined, [cash], owed));
    const inputs = [
      { coin: cash, signer: byKey(DEBTOR) },
      { coin: owed, signer: unsigned },
    ];
    const lawful = buildSigned({ inputs, outputs: [value(cash.amount - VC, testKey(DEBTOR).script)] });
    expect(judged(lawful)).toMatchObject({ fault: 'declined-lawful' });
    const greedy = declining(cash, { outputs: [value(cash.amount + 1n, testKey(OTHER).script)] });
    expect(judged(greedy)).toMatchObject({ fault: 'declined-invalid', detail: { code: 'value-created' } });
    const early = declining(cash, { lockTime: 100_000 });
    expect(judged(early)).toMatchObject({ fault: 'declined-invalid', detail: { code: 'lock-time' } });
    const forged = buildSigned({ inputs: [{ coin: cash, signer: byKey(OTHER) }], outputs: [value(VC, testKey(OTHER).script)] });
    expect(judged(forged)).toMatchObject({ fault: 'declined-invalid', detail: { code: 'equalverify' } });
    expect(judged(new Uint8Array(9))).toMatchObject({ fault: 'declined-form' });
    expect(judged(punishing(declining(cash), [cash], owed))).toMatchObject({ fault: 'declined-form' });
  });

  test('DE8 takes only the frozen account’s circulation value, signed wholly', () => {
    const market = new Market();
    const [shared] = market.pay(DEBTOR, value(VC, buildPayToScript(JOINT)), value(98n * VC, testKey(DEBTOR).script)) as [Coin, Coin];
    const { debt: owed, cash } = market.draw();
    market.chain.grow(2);
    const both = declining(cash, {
      inputs: [
        { coin: cash, signer: byKey(DEBTOR) },
        { coin: shared, signer: byKeys(JOINT, jointKeys, { witnessScript: true }) },
        market.own(OTHER),
      ],
    });
    expect(market.codeOf(both)).toBe('frozen');
    expect(market.codeOf(punishing(both, [cash], owed))).toBe('accepted');
    expect(market.verdict(punishing(both, [cash, shared], owed))).toMatchObject({ fault: 'seized-not-frozen', detail: { input: 1 } });
    expect(market.codeOf(punishing(both, [market.chain.coinOf(OTHER)], owed))).toBe('seized-not-frozen');
    expect(market.codeOf(punishing(both, [market.chain.coinOf(2_003)], owed))).toBe('seized-not-declined');
    const loose = declining(cash, { inputs: [{ coin: cash, signer: byKey(DEBTOR, 0x81) }] });
    expect(market.codeOf(punishing(loose, [cash], owed))).toBe('seized-sighash');
  });

  test('DE8 takes no credit, whoever holds it', () => {
    const { market, debt: owed, cash } = overdue();
    const granted = market.grant(VC, testKey(DEBTOR).script);
    const declined = declining(cash, {
      inputs: [
        { coin: cash, signer: byKey(DEBTOR) },
        { coin: granted, signer: byKey(DEBTOR) },
      ],
      outputs: [value(VC, testKey(OTHER).script), credit(VC, testKey(DEBTOR).script)],
    });
    expect(market.codeOf(declined)).toBe('frozen');
    expect(market.verdict(punishing(declined, [cash, granted], owed))).toMatchObject({ fault: 'seized-element', detail: { input: 1 } });
  });

  test('DE9 never rests on a debt of somebody else, nor on what is no standard debt', () => {
    const market = new Market();
    const { cash } = market.draw();
    const granted = market.grant(VC);
    const other = market.chain.coinOf(OTHER);
    const drawn = buildSigned({
      inputs: [
        { coin: granted, signer: byKey(AGENT) },
        { coin: other, signer: byKey(OTHER) },
      ],
      outputs: [debt(VC, tagOf(OTHER)), value(other.amount + VC - 500n, testKey(OTHER).script)],
    });
    market.mine(drawn);
    market.chain.grow(3);
    expect(market.codeOf(punishing(declining(cash), [cash], market.outputOf(drawn)))).toBe('liability-account');
  });

  test('DE9 rests on an overdue standard debt of that account whose term its sequence meets', () => {
    const market = new Market();
    const later = market.draw({ kind: 'blocks', blocks: 9 });
    const { debt: owed, cash } = market.draw();
    market.chain.grow(2);
    const declined = declining(cash);
    const last = { coin: cash, signer: () => [encodeTransaction(declined)] };
    const resting = (coin: Coin, sequence: number) =>
      market.codeOf(buildSigned({ type: 2, inputs: [last, { coin, signer: unsigned, sequence }], outputs: [] }));
    expect(resting(owed, 3)).toBe('accepted');
    expect(resting(owed, 2)).toBe('liability-term');
    expect(resting(owed, 0xffff_ffff)).toBe('liability-term');
    expect(resting(later.debt, 9)).toBe('liability-due');
    expect(market.codeOf(punishing(declined, [cash], owed, { outputs: [value(VC, testKey(OTHER).script)] }))).toBe('punishment-form');
    expect(market.codeOf(punishing(declined, [], owed))).toBe('nothing-spent');
  });

  test('DE6 has a witness in its first seized input alone', () => {
    const { market, debt: owed, cash } = overdue();
    const declined = declining(cash);
    const bytes = encodeTransaction(declined);
    const shaped = (seized: readonly Uint8Array[], liability: readonly Uint8Array[]) =>
      market.codeOf(
        buildSigned({
          type: 2,
          inputs: [
            { coin: cash, signer: () => seized },
            { coin: owed, signer: () => liability, sequence: 3 },
          ],
          outputs: [],
        }),
      );
    expect(shaped([bytes], [])).toBe('accepted');
    expect(shaped([bytes, bytes], [])).toBe('punishment-witness');
    expect(shaped([bytes], [bytes])).toBe('punishment-witness');
    expect(shaped([], [])).toBe('punishment-witness');
  });

  test('DE9 a liability in the debt layer serves as well', () => {
    const market = new Market();
    const granted = market.grant(VC);
    const layer: Layer = 1;
    const drawn = buildSigned({
      layer,
      inputs: [{ coin: granted, signer: byKey(AGENT) }, market.own(DEBTOR)],
      outputs: [debt(VC, tagOf(DEBTOR)), value(101n * VC - 500n, testKey(DEBTOR).script)],
    });
    const [cash] = market.pay(2_004, value(VC, testKey(DEBTOR).script)) as [Coin];
    market.mine(drawn);
    market.chain.grow(2);
    expect(
      market.codeOf(punishing(declining(cash, { outputs: [value(1_000n, testKey(OTHER).script)] }), [cash], market.outputOf(drawn))),
    ).toBe('accepted');
  });
});

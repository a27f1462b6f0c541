import { useCrypto as chooseCrypto, NOBLE_CURVE, NOBLE_HASH } from '#protocol/crypto/backend';
import { installNodeCrypto } from '#protocol/node/crypto/node-crypto';
import { encodeTransaction } from '#protocol/tx/transaction-codec';
import { makeConsolidation, makeDraw, makePayment, makeRepayment, type Spend } from './debts.ts';
import { coinMapOf, validateAll } from './payments.ts';
import { alternate, atMost, type BenchPart, type BenchRow, median, rowOf, timeOf } from './row.ts';

const COUNT = 400;

const makeContender = (make: (i: number) => Spend): (() => Promise<number>) => {
  const spends = Array.from({ length: COUNT }, (_, i) => make(i));
  const bytes = spends.map(({ transaction }) => encodeTransaction(transaction));
  const coins = coinMapOf(spends.flatMap((spend) => spend.coins));
  return () => {
    installNodeCrypto();
    return timeOf(() => validateAll(bytes, coins));
  };
};

/** Figure `draw-validate`: a draw and a repayment beside plain payments with as many inputs and outputs. */
export const drawValidateRows = async (): Promise<readonly BenchRow[]> => {
  const times = await alternate({
    draw: makeContender(makeDraw),
    payment: makeContender(makePayment),
    repayment: makeContender(makeRepayment),
    consolidation: makeContender(makeConsolidation),
  });
  chooseCrypto({ hash: NOBLE_HASH, curve: NOBLE_CURVE });
  const part = (ours: readonly number[], plain: readonly number[], peer: string): BenchPart => {
    const each = 1_000 / COUNT;
    const limit = 1.3 * median(plain) * each;
    const peers = { [peer]: median(plain) * each };
    return atMost({ unit: 'µs a transaction', ours: median(ours) * each, peers, limit, bar: '≤ 1.3 × a plain payment', n: COUNT });
  };
  const draw = part(times.draw, times.payment, 'payment of 1 input and 2 outputs');
  const repayment = part(times.repayment, times.consolidation, 'payment of 2 inputs and 1 output');
  return [rowOf('draw-validate', { draw, repayment })];
};

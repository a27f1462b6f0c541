import { createRequire } from 'node:module';
import { useCrypto as chooseCrypto, NOBLE_CURVE, NOBLE_HASH } from '#protocol/crypto/backend';
import { verifyEcdsa } from '#protocol/crypto/signature';
import type { Coin } from '#protocol/ledger/coin';
import { loadNativeCurve } from '#protocol/node/crypto/native-curve';
import { installNodeCrypto } from '#protocol/node/crypto/node-crypto';
import { signKeySpends } from '#protocol/node/devnet/sign-key-spend';
import { buildKeyHashCheck } from '#protocol/script/forms/key-check';
import { buildPayToKey } from '#protocol/script/forms/pay-to-key';
import { computeSighash, SIGHASH_ALL, sighashSourceOf } from '#protocol/script/sighash';
import { decodeDer } from '#protocol/script/signature-encoding';
import { computeTxid } from '#protocol/tx/identity';
import type { Transaction } from '#protocol/tx/transaction';
import { encodeTransaction } from '#protocol/tx/transaction-codec';
import { type Bcoin, loadBcoin } from './bcoin.ts';
import { circulating, coinMapOf, keyOf, MADE_AT, madeUpTxid, PLACE, SEQUENCE, TIME, validateAll } from './payments.ts';
import { alternate, atMost, type BenchRow, median, rowOf, timeOf } from './row.ts';

const PAYMENTS = 400;
interface Payment {
  readonly bytes: Uint8Array;
  readonly coin: Coin;
  /** the transaction that made the coin, as bytes that both networks read */
  readonly funding: Uint8Array;
  readonly signature: { readonly der: Uint8Array; readonly digest: Uint8Array; readonly publicKey: Uint8Array };
}

const makeFunding = (i: number, script: Uint8Array): Transaction =>
  circulating({
    inputs: [{ outpoint: { txid: madeUpTxid(i), index: 0 }, sequence: SEQUENCE, witness: [] }],
    outputs: [{ element: 'value', amount: 5_000_000_000n, script }],
  });

/** One input, a payment and its change: a plain payment is the same bytes here and in Bitcoin. */
const makePayment = (i: number): Payment => {
  const { secret, publicKey } = keyOf(i);
  const funding = makeFunding(i, buildPayToKey(publicKey));
  const [output] = funding.outputs;
  if (output === undefined) throw new Error('the funding has an output');
  const outpoint = { txid: computeTxid(funding), index: 0 };
  const coin: Coin = { ...output, outpoint, layer: 0, type: 0, height: MADE_AT, medianTime: TIME };
  const unsigned = circulating({
    inputs: [{ outpoint, sequence: SEQUENCE, witness: [] }],
    outputs: [1, 2].map((other) => ({
      element: 'value',
      amount: 2_400_000_000n,
      script: buildPayToKey(keyOf(i + other).publicKey),
    })),
  });
  const signed = signKeySpends(unsigned, [{ coin, secret, publicKey }]);
  const der = signed.inputs[0]?.witness[0];
  if (der === undefined) throw new Error('the payment is signed');
  const scriptCode = buildKeyHashCheck(coin.script.subarray(2));
  const digest = computeSighash(sighashSourceOf(signed), { index: 0, scriptCode, amountField: coin.amount }, SIGHASH_ALL);
  return { bytes: encodeTransaction(signed), coin, funding: encodeTransaction(funding), signature: { der, digest, publicKey } };
};

const makeBcoinValidation = ({ load }: Bcoin, payments: readonly Payment[]): (() => void) => {
  const TX = load('primitives/tx');
  const view = new (load('coins/coinview'))();
  const { STANDARD_VERIFY_FLAGS } = load('script/common').flags;
  for (const { funding } of payments) view.addTX(TX.fromRaw(Buffer.from(funding)), MADE_AT);
  const raw = payments.map(({ bytes }) => Buffer.from(bytes));
  return () => {
    for (const bytes of raw) {
      const transaction = TX.fromRaw(bytes);
      const valid =
        transaction.isSane() &&
        transaction.isFinal(PLACE.height, PLACE.medianTime) &&
        transaction.verifyInputs(view, PLACE.height) &&
        transaction.verify(view, STANDARD_VERIFY_FLAGS);
      if (!valid) throw new Error('bcoin refused a payment');
    }
  };
};

interface Libsecp256k1 {
  readonly ecdsaVerify: (signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array) => boolean;
}

const loadLibsecp256k1 = (): Libsecp256k1 => createRequire(import.meta.url)('secp256k1/bindings.js') as Libsecp256k1;

/** As a payment's script calls it: from the signature as it stands in the witness. */
const verifyOurs = (payments: readonly Payment[]): void => {
  for (const { signature } of payments) {
    const compact = decodeDer(signature.der);
    if (compact === undefined || !verifyEcdsa(compact, signature.digest, signature.publicKey)) throw new Error('a signature was refused');
  }
};

/** Nothing but libsecp256k1's own call, on signatures that are parsed already. */
const makeBareVerification = (payments: readonly Payment[]): (() => void) => {
  const { ecdsaVerify } = loadLibsecp256k1();
  const parsed = payments.map(({ signature }) => ({ ...signature, compact: decodeDer(signature.der) as Uint8Array }));
  return () => {
    for (const { compact, digest, publicKey } of parsed)
      if (!ecdsaVerify(compact, digest, publicKey)) throw new Error('libsecp256k1 refused');
  };
};

/** Figure `payment-validate`: decode, sighash, signature and every rule of a payment of one input and two outputs. */
export const paymentValidateRows = async (): Promise<readonly BenchRow[]> => {
  const payments = Array.from({ length: PAYMENTS }, (_, i) => makePayment(i));
  const coins = coinMapOf(payments.map(({ coin }) => coin));
  const bytes = payments.map((payment) => payment.bytes);
  const bcoin = loadBcoin('js');
  const validateByBcoin = makeBcoinValidation(bcoin, payments);
  const verifyBare = makeBareVerification(payments);
  const onHost = (work: () => void) => () => {
    installNodeCrypto();
    return timeOf(work);
  };
  const times = await alternate({
    ours: onHost(() => validateAll(bytes, coins)),
    bcoin: () => timeOf(validateByBcoin),
    javascript: () => {
      chooseCrypto({ hash: NOBLE_HASH, curve: NOBLE_CURVE });
      return timeOf(() => validateAll(bytes, coins));
    },
    signature: onHost(() => verifyOurs(payments)),
    libsecp256k1: () => timeOf(verifyBare),
  });
  chooseCrypto({ hash: NOBLE_HASH, curve: NOBLE_CURVE });
  const each = 1_000 / coins.size;
  const at = (name: keyof typeof times): number => median(times[name]) * each;
  const payment = atMost({
    unit: 'µs a payment',
    ours: at('ours'),
    peers: { [bcoin.name]: at('bcoin') },
    limit: at('bcoin') / 2,
    bar: '≤ half of bcoin’s JavaScript backend',
    n: coins.size,
    also: { 'ours without native code (@noble)': at('javascript') },
  });
  const signature = atMost({
    unit: 'µs a signature',
    ours: at('signature'),
    peers: { libsecp256k1: at('libsecp256k1') },
    limit: 1.5 * at('libsecp256k1'),
    bar: '≤ 1.5 × libsecp256k1',
    n: coins.size,
    also: { 'share of the payment': at('signature') / at('ours') },
  });
  return [rowOf('payment-validate', { payment, [`signature, ${loadNativeCurve().name}`]: signature })];
};

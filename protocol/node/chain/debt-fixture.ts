import { secp256k1 } from '@noble/curves/secp256k1.js';
import { isFault } from '#protocol/fault';
import type { Coin } from '#protocol/ledger/coin';
import type { RecordClaim } from '#protocol/records/record-claim';
import { buildDebtScript, type DebtTerm } from '#protocol/script/forms/debt';
import { FREE_SCRIPT } from '#protocol/script/forms/free-output';
import { buildMultisigInOrder } from '#protocol/script/forms/multisig';
import { buildPayToKey, matchPayToKey } from '#protocol/script/forms/pay-to-key';
import { buildRecordCommitment, computeRecordHash } from '#protocol/script/forms/record-commitment';
import { computeSighash, SIGHASH_ALL, sighashSourceOf } from '#protocol/script/sighash';
import { UNITS_PER_VC as VC } from '#protocol/tx/amount';
import { encodeAmountField } from '#protocol/tx/amount-field';
import { computeTxid } from '#protocol/tx/identity';
import { MANAGEMENT } from '#protocol/tx/layer';
import type { Outpoint } from '#protocol/tx/outpoint';
import type { Transaction, TransactionInput, TransactionOutput } from '#protocol/tx/transaction';
import { encodeTransaction } from '#protocol/tx/transaction-codec';
import { DevelopmentKeys, type SecretKey } from '../devnet/dev-keys.ts';
import { signKeySpends } from '../devnet/sign-key-spend.ts';
import type { FixtureNode } from './chain-fixture.ts';

const keys = new DevelopmentKeys();

/** People of the development network, each with one genesis output. */
export const [AGENT, DEBTOR, PAYEE] = [0, 1, 2];

export const personOf = (index: number): SecretKey => keys.faucet(0).at(index);
export const scriptOf = (index: number): Uint8Array => buildPayToKey(personOf(index).publicKey);
export const tagOf = (index: number): Uint8Array => matchPayToKey(scriptOf(index)) as Uint8Array;
export const value = (amount: bigint, index: number): TransactionOutput => ({ element: 'value', amount, script: scriptOf(index) });
export const free = (amount: bigint): TransactionOutput => ({ element: 'value', amount, script: FREE_SCRIPT });
export const inputOf = ({ outpoint }: Coin): TransactionInput => ({ outpoint, sequence: 0xffff_fffd, witness: [] });

export const coinAt = (node: FixtureNode, outpoint: Outpoint): Coin => {
  const coin = node.mempool.findCoin(outpoint);
  if (coin === undefined) throw new Error('that coin is there');
  return coin;
};

export const genesisCoin = (node: FixtureNode, transaction: 1 | 2, index: number): Coin =>
  coinAt(node, { txid: computeTxid(node.genesis.block.body.transactions[transaction] as Transaction), index: index + 1 });

/** What the pool says of a transaction. */
export const submit = async (node: FixtureNode, transaction: Transaction): Promise<string> => {
  const accepted = await node.mempool.submit(encodeTransaction(transaction));
  return isFault(accepted) ? accepted.fault : 'accepted';
};

export const include = async (node: FixtureNode, transaction: Transaction): Promise<Coin[]> => {
  const verdict = await submit(node, transaction);
  if (verdict !== 'accepted') throw new Error(verdict);
  await node.grow(1);
  return transaction.outputs.map((_, index) => coinAt(node, { txid: computeTxid(transaction), index }));
};

const bySecret = (bare: Transaction, coin: Coin, { secret }: SecretKey): Uint8Array => {
  const place = { index: 0, scriptCode: coin.script, amountField: encodeAmountField(coin.element, coin.amount) };
  const digest = computeSighash(sighashSourceOf(bare), place, SIGHASH_ALL);
  return Uint8Array.of(...secp256k1.sign(digest, secret, { prehash: false, lowS: true, format: 'der' }), SIGHASH_ALL);
};

/** Signs the first input by the group's one member, on top of what is shown, and the second by the person whose coin it is. */
const byMember = (bare: Transaction, coin: Coin, more: { paying: Coin; by: number; shown: readonly Uint8Array[] }): Transaction => {
  const [first, second] = bare.inputs as [TransactionInput, TransactionInput];
  const witness = [new Uint8Array(0), bySecret(bare, coin, keys.member(0)), ...more.shown];
  const spends = [
    { coin: { ...coin, script: scriptOf(more.by) }, ...personOf(more.by) },
    { coin: more.paying, ...personOf(more.by) },
  ];
  const signed = signKeySpends(bare, spends).inputs[1] ?? second;
  return { ...bare, inputs: [{ ...first, witness }, signed] };
};

export interface GrantDraft {
  readonly amount?: bigint;
  readonly to?: number;
  /** pays the fee: index of a genesis output */
  readonly by?: number;
  readonly fee?: bigint;
  readonly interest?: bigint;
}

/** Credit out of the founder's smallest source that holds it. */
export const buildGrant = (
  node: FixtureNode,
  { amount = VC, to = AGENT, by = 10, fee = 1_000n, interest = 0n }: GrantDraft,
): Transaction => {
  let source = 0;
  while (VC << BigInt(source) < amount) source++;
  const [coin, paying] = [genesisCoin(node, 1, source), genesisCoin(node, 2, by)];
  const outputs: TransactionOutput[] = [
    { element: 'credit', amount, script: scriptOf(to) },
    value(paying.amount - fee - interest, by),
    ...(interest > 0n ? [free(interest)] : []),
  ];
  const bare: Transaction = { layer: 0, type: 1, inputs: [inputOf(coin), inputOf(paying)], outputs, lockTime: 0 };
  return byMember(bare, coin, { paying, by, shown: [] });
};

/** Writes a record of a governed table by the group's one member; it is in the state after. */
export const writeRecord = async (node: FixtureNode, claim: RecordClaim, by: number): Promise<void> => {
  const keyCheck = buildMultisigInOrder({ threshold: 1, keys: [keys.member(0).publicKey] });
  const script = buildRecordCommitment(computeRecordHash(claim.table, claim.key, claim.value), keyCheck);
  const own = genesisCoin(node, 2, by);
  const change = { element: 'value', amount: own.amount - 2_000n, script: scriptOf(by) } as const;
  const split: Transaction = { layer: 0, type: 0, inputs: [inputOf(own)], outputs: [change, value(1_000n, by)], lockTime: 0 };
  const [large, small] = (await include(node, signKeySpends(split, [{ coin: own, ...personOf(by) }]))) as [Coin, Coin];
  const outputs = [{ element: 'value' as const, amount: 0n, script }];
  const announced: Transaction = { layer: MANAGEMENT, type: 0, inputs: [inputOf(small)], outputs, lockTime: 0 };
  const [commitment] = (await include(node, signKeySpends(announced, [{ coin: small, ...personOf(by) }]))) as [Coin];
  await node.grow(node.chain.parameters.recordDelay);
  const fee = await include(node, payTo(large, by, [value(1_500n, by), value(large.amount - 3_000n, by)]));
  const bare: Transaction = {
    layer: MANAGEMENT,
    type: 3,
    inputs: [inputOf(commitment), inputOf(fee[0] as Coin)],
    outputs: [],
    lockTime: 0,
  };
  const shown = [claim.table, claim.key, claim.value];
  await include(node, byMember(bare, commitment, { paying: fee[0] as Coin, by, shown }));
};

export const payTo = (coin: Coin, by: number, outputs: readonly TransactionOutput[]): Transaction =>
  signKeySpends({ layer: 0, type: 0, inputs: [inputOf(coin)], outputs, lockTime: 0 }, [{ coin, ...personOf(by) }]);

export interface Drawn {
  readonly cash: Coin;
  readonly owed: Coin;
}

/** A draw of 1 VC on the agent's credit, in the debtor's name; what he brings is his genesis output if nobody says otherwise. */
export const buildDraw = (node: FixtureNode, credit: Coin, term: DebtTerm, own = genesisCoin(node, 2, DEBTOR)): Transaction => {
  const script = buildDebtScript({ tag: tagOf(DEBTOR), term });
  const outputs = [{ element: 'debt' as const, amount: VC, script }, value(own.amount, DEBTOR)];
  const bare: Transaction = { layer: 0, type: 0, inputs: [inputOf(credit), inputOf(own)], outputs, lockTime: 0 };
  return signKeySpends(bare, [
    { coin: credit, ...personOf(AGENT) },
    { coin: own, ...personOf(DEBTOR) },
  ]);
};

/** The debtor owes 1 VC from the next block on. @shape by: whose genesis output pays for the grant */
export const draw = async (node: FixtureNode, term: DebtTerm, by = 10, own?: Coin): Promise<Drawn> => {
  const [credit] = (await include(node, buildGrant(node, { by }))) as [Coin];
  const [owed, cash] = (await include(node, buildDraw(node, credit, term, own))) as [Coin, Coin];
  return { cash, owed };
};

/** The debtor pays 1 VC and the fee out of what he has. */
export const buildRepayment = ({ cash, owed }: Drawn, fee: bigint): Transaction => {
  const inputs = [inputOf(cash), inputOf(owed)];
  const bare: Transaction = { layer: 0, type: 0, inputs, outputs: [value(cash.amount - owed.amount - fee, DEBTOR)], lockTime: 0 };
  return signKeySpends(bare, [{ coin: cash, ...personOf(DEBTOR) }]);
};

import { compareBytes, concatBytes } from '../codec/bytes.ts';
import { encodeUtf8 } from '../codec/utf8.ts';
import { sha256 } from '../crypto/hash.ts';
import type { Coin } from '../ledger/coin.ts';
import { encodeChild } from '../records/child.ts';
import { computeAccountId, computeAccountTag, encodeRealName } from '../records/real-name.ts';
import { CHILD_TABLE, REAL_NAME_TABLE } from '../records/tables.ts';
import { buildDebtScript, type DebtTerm } from '../script/forms/debt.ts';
import { buildKeyHashCheck } from '../script/forms/key-check.ts';
import { buildMultisig, buildMultisigInOrder } from '../script/forms/multisig.ts';
import { matchPayToKey } from '../script/forms/pay-to-key.ts';
import { OP } from '../script/opcodes.ts';
import type { Transaction, TransactionOutput } from '../tx/transaction.ts';
import { testKey, VC } from './test-chain.ts';
import { buildSigned, byKey, byKeys, type SignedDraft, type SignedInput, TestLedger } from './test-ledger.ts';

export const [FOUNDER, AGENT, DEBTOR, OTHER] = [5_000, 7_000, 2_001, 2_002] as const;
export const tagOf = (key: number): Uint8Array => matchPayToKey(testKey(key).script) as Uint8Array;
export const value = (amount: bigint, script: Uint8Array): TransactionOutput => ({ element: 'value', amount, script });
export const credit = (amount: bigint, script: Uint8Array): TransactionOutput => ({ element: 'credit', amount, script });
export const debt = (amount: bigint, tag: Uint8Array, term: DebtTerm = { kind: 'blocks', blocks: 3 }): TransactionOutput => ({
  element: 'debt',
  amount,
  script: buildDebtScript({ tag, term }),
});
export const pubkeys = (...keys: readonly number[]): Uint8Array[] => keys.map((key) => testKey(key).publicKey);
export const JOINT = buildMultisig({ threshold: 2, keys: pubkeys(DEBTOR, OTHER) });
export const jointKeys = [DEBTOR, OTHER].toSorted((a, b) => compareBytes(testKey(a).publicKey, testKey(b).publicKey));
export const oneKey = (key: number): Uint8Array => concatBytes(Uint8Array.of(33), testKey(key).publicKey, Uint8Array.of(OP.CHECKSIG));

/** A network on which an agent holds credit, and a debtor and somebody else hold 100 VC each. */
export class Market extends TestLedger {
  /** Credit for whoever the script says, out of a source of the founder's. */
  grant(amount: bigint, script: Uint8Array = testKey(AGENT).script): Coin {
    const sources = [...this.state.coins.values()].filter((coin) => coin.layer === 2 && coin.element === 'credit');
    const source = sources.find((coin) => coin.amount >= amount) as Coin;
    const signer = byKeys(buildMultisigInOrder({ threshold: 1, keys: pubkeys(FOUNDER) }), [FOUNDER]);
    const made = buildSigned({ type: 1, inputs: [{ coin: source, signer }, this.fee()], outputs: [credit(amount, script)] });
    this.mine(made);
    return this.outputOf(made);
  }

  own(key: number): SignedInput {
    return { coin: this.chain.coinOf(key), signer: byKey(key) };
  }

  /** A debt of 1 VC in the debtor's name, and what he had, on the chain. */
  draw(term?: DebtTerm, tag = tagOf(DEBTOR)): { readonly debt: Coin; readonly cash: Coin } {
    const granted = this.grant(VC);
    const inputs = [{ coin: granted, signer: byKey(AGENT) }, this.own(DEBTOR)];
    const held = inputs[1]?.coin.amount as bigint;
    const made = buildSigned({ inputs, outputs: [debt(VC, tag, term), value(held + VC - 500n, testKey(DEBTOR).script)] });
    this.mine(made);
    return { debt: this.outputOf(made, 0), cash: this.outputOf(made, 1) };
  }

  /** Gives a coin of the debtor's another form while he is still free. */
  pay(key: number, ...outputs: readonly TransactionOutput[]): readonly Coin[] {
    return this.turn({}, this.own(key), outputs);
  }

  turn(over: Partial<SignedDraft>, input: SignedInput, outputs: readonly TransactionOutput[]): readonly Coin[] {
    const made = buildSigned({ ...over, inputs: [input], outputs });
    this.mine(made);
    return outputs.map((_, i) => this.outputOf(made, i));
  }
}

/** A debtor whose debt of 1 VC fell due, with 101 VC of his own. */
export const overdue = (): { readonly market: Market; readonly debt: Coin; readonly cash: Coin } => {
  const market = new Market();
  const drawn = market.draw();
  market.chain.grow(2);
  return { market, ...drawn };
};

const chainCode = sha256(encodeUtf8('an enterprise'));
const xpub = concatBytes(Uint8Array.of(0x04, 0x35, 0x87, 0xcf, 0, 0, 0, 0, 0, 0, 0, 0, 0), chainCode, testKey(DEBTOR).publicKey);
export const account = computeAccountId(xpub);
/** A key below the debtor’s account. */
export const CHILD_TAG = computeAccountTag(xpub, [1]);
const anybody = buildKeyHashCheck(tagOf(OTHER));

/** Registers the account whose master key is the debtor’s. */
export const register = (market: Market): void => {
  const claim = {
    table: REAL_NAME_TABLE,
    key: account,
    value: encodeRealName({ xpub, commitment: chainCode, parent: new Uint8Array(20) }),
  };
  const members = buildMultisigInOrder({ threshold: 1, keys: pubkeys(FOUNDER) });
  const coin = market.commit(concatBytes(Uint8Array.of(33), testKey(DEBTOR).publicKey, Uint8Array.of(OP.CHECKSIGVERIFY), members), claim);
  market.mine(market.reveal(coin, claim, (sign) => [new Uint8Array(0), sign(FOUNDER, coin.script), sign(DEBTOR, coin.script)]));
};

/** Writes that a key below it is the account’s, once it is mined; the empty path is the debtor’s own key. */
export const attribution = (market: Market, path: readonly number[]): Transaction => {
  const claim = { table: CHILD_TABLE, key: computeAccountTag(xpub, path), value: encodeChild({ account, path }) };
  const coin = market.commit(anybody, claim);
  const signer = (sign: (key: number, script: Uint8Array) => Uint8Array) => [sign(OTHER, coin.script), testKey(OTHER).publicKey];
  return market.reveal(coin, claim, signer, { outputs: [value(0n, testKey(OTHER).script)] });
};

export const attribute = (market: Market, path: readonly number[]): void => market.mine(attribution(market, path));

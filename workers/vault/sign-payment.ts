import { InvariantError } from '#protocol/invariant';
import { buildKeyHashCheck } from '#protocol/script/forms/key-check';
import { matchPayToKey } from '#protocol/script/forms/pay-to-key';
import { checkInputScript } from '#protocol/script/input';
import { computeSighash, SIGHASH_ALL, sighashSourceOf } from '#protocol/script/sighash';
import { encodeAmountField } from '#protocol/tx/amount-field';
import type { Transaction } from '#protocol/tx/transaction';
import type { ProvedCoin } from '../rpc/vault-chain-port.ts';
import type { Secrets } from './secrets.ts';
import { signDigest } from './sign-digest.ts';

const signInput = (transaction: Transaction, index: number, coin: ProvedCoin, secrets: Secrets): Uint8Array[] => {
  const keyHash = matchPayToKey(coin.script);
  if (keyHash === undefined) throw new InvariantError('a reviewed coin pays to a key');
  const signed = { index, scriptCode: buildKeyHashCheck(keyHash), amountField: encodeAmountField(coin.element, coin.amount) };
  const digest = computeSighash(sighashSourceOf(transaction), signed, SIGHASH_ALL);
  return secrets.withKey(coin, (key, publicKey) => [signDigest(digest, key), publicKey]);
};

/** Signs every input of a reviewed payment but the debts it repays, and runs each script once before anything leaves. @source SPEC VT7; BIP143 */
export const signPayment = (transaction: Transaction, coins: readonly ProvedCoin[], secrets: Secrets): Transaction => {
  const witnesses = coins.map((coin, index) => (coin.element === 'debt' ? [] : signInput(transaction, index, coin, secrets)));
  const signed = { ...transaction, inputs: transaction.inputs.map((input, i) => ({ ...input, witness: witnesses[i] ?? [] })) };
  for (const [index, { element, layer, amount, script }] of coins.entries()) {
    if (element === 'debt') continue;
    const satisfied = checkInputScript({ transaction: signed, index, coin: { element, layer, amount, script } }, { minStake: 1n });
    if ('fault' in satisfied) throw new InvariantError(`a signature of our own is good: ${satisfied.fault}`);
  }
  return signed;
};

import { type Fault, fault } from '../fault.ts';
import { matchRecordCommitment } from '../script/forms/record-commitment.ts';
import { CIRCULATION, type Layer, MANAGEMENT } from '../tx/layer.ts';
import type { Transaction } from '../tx/transaction.ts';
import { COINBASE, CREDIT_AUTHORISATION, PUNISHMENT, RECORD, TRANSFER } from '../tx/transaction-type.ts';
import type { Coin } from './coin.ts';
import type { ResolvedTransaction } from './resolve.ts';

const LAYER_OF_TYPE: Readonly<Record<number, Layer>> = {
  [CREDIT_AUTHORISATION]: CIRCULATION,
  [PUNISHMENT]: CIRCULATION,
  [RECORD]: MANAGEMENT,
};

/** @fault `type-layer`: this type does not stand in this layer; `coinbase-place`: a coinbase that is not a block's first @source SPEC LE4 */
export const checkTypeLayer = ({ layer, type }: Transaction): undefined | Fault<'type-layer' | 'coinbase-place'> => {
  if (type === COINBASE) return fault('coinbase-place');
  const wanted = type === TRANSFER ? layer : LAYER_OF_TYPE[type];
  return layer === wanted ? undefined : fault('type-layer', { layer, type });
};

export const isSource = (coin: Coin): boolean => coin.layer === MANAGEMENT && coin.element === 'credit';

/** Whether a coin stands where seats do: no other is looked for among them. @source SPEC RC5 */
export const isSeatPlace = ({ layer, outpoint }: Coin): boolean => layer === MANAGEMENT && outpoint.index === 0;

export const isCommitment = (coin: Coin): boolean =>
  coin.layer === MANAGEMENT && coin.element === 'value' && matchRecordCommitment(coin.script) !== undefined;

/** The type that a transaction's coins say it has. */
const recogniseType = ({ transaction, inputs }: ResolvedTransaction): number => {
  const { layer } = transaction;
  if (transaction.type === PUNISHMENT) return PUNISHMENT;
  if (layer === CIRCULATION && inputs.some(({ coin, use }) => use === 'reference' && isSource(coin))) return CREDIT_AUTHORISATION;
  const commitments = inputs.filter(({ coin, use }) => use === 'spend' && isCommitment(coin)).length;
  return layer === MANAGEMENT && commitments === 1 ? RECORD : TRANSFER;
};

/** @fault `type-mismatch`: the type says something else than the coins @source SPEC LE4 */
export const checkRecognisedType = (resolved: ResolvedTransaction): undefined | Fault<'type-mismatch'> => {
  const recognised = recogniseType(resolved);
  return recognised === resolved.transaction.type ? undefined : fault('type-mismatch', { type: resolved.transaction.type, recognised });
};

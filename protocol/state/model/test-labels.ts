import { ownerTag, readDebt } from './test-naive-forms.ts';
import { isSource, type NaiveTransaction, spent } from './test-naive-rules.ts';
import { frozenHolder, membersOf, recordName, TABLES } from './test-naive-state.ts';

const has = (met: boolean, label: string): string[] => (met ? [label] : []);

const debtLabels = ({ tx, outs, ...seen }: NaiveTransaction): string[] => {
  const owed = spent({ tx, outs, ...seen }).filter(({ coin }) => coin.element === 'debt');
  const made = outs.filter(({ element }) => element === 'debt');
  const tags = new Set([...owed.map(({ coin }) => coin), ...made].map((debt) => readDebt(debt.script)?.tag));
  return [
    ...has(owed.length > 0 && made.length === 0, `repaid in layer ${tx.layer}`),
    ...has(owed.length === 0 && made.length > 0, `drawn in layer ${tx.layer}`),
    ...has(owed.length === 0 && made.length > 1, 'drawn in instalments'),
    ...has(owed.length > 0 && made.length > 0, tags.size === 1 ? 'rolled over' : 'debt moved to another'),
    ...has(made.length > 0 && owed.some(({ witness }) => witness.length === 1), 'rolled over by anyone after the term'),
    ...has(
      made.some(({ script }) => readDebt(script) === undefined),
      'a debt of another script',
    ),
  ];
};

const recordLabels = ({ tx, ins, view }: NaiveTransaction): string[] => {
  const [table = '', key = '', value = ''] = tx.type === 3 ? (ins[0]?.witness ?? []).slice(-3) : [];
  const name = Object.entries(TABLES).find(([, hex]) => hex === table)?.[0];
  const old = view.records.get(recordName(table, key));
  if (name === undefined) return [];
  if (name !== 'group') return [`${name} ${value === '' ? 'removed' : old === undefined ? 'written' : 'changed'}`];
  const [before, after] = [membersOf(view.records).length, value.length / 66];
  return [`member ${after > before ? 'added' : after < before ? 'removed' : 'replaced'}`];
};

const coinLabels = (seen: NaiveTransaction): string[] => {
  const { tx, ins, outs, view } = seen;
  const isFrozen = ins.some(({ coin, reads }) => !reads && coin.element !== 'debt' && frozenHolder(ownerTag(coin, view.parameters), view));
  const coins = spent(seen).map(({ coin }) => coin);
  const some = (wanted: (coin: (typeof coins)[number]) => boolean, label: string): string[] => has(coins.some(wanted), label);
  return [
    ...has(isFrozen && tx.type === 0, 'a frozen account keeps to itself'),
    ...has(tx.type === 2, ins.length > 2 ? 'several coins seized' : 'one coin seized'),
    ...has(tx.type === 1, 'credit authorised'),
    ...has(tx.type === 0 && ins.some(({ reads }) => reads), 'a seat asserted'),
    ...has(tx.layer === 2 && outs.some(({ element }) => element === 'credit'), 'sources re-issued'),
    ...has(
      outs.some(({ script }) => script.startsWith('6a')),
      'data',
    ),
    ...has(
      outs.some(({ script, layer }) => layer === 1 && /^20.{64}02.{4}6d/.test(script)),
      'a stake made',
    ),
    ...some(({ script, layer }) => layer === 1 && script.startsWith('20'), 'a stake withdrawn'),
    ...some(({ type, height }) => type === 4 && height > 0, 'a reward collected'),
    ...some(({ height }) => height === view.height, 'a coin of the same block spent'),
    ...some(({ script }) => script === '51', 'a free output taken'),
    ...some((coin) => isSource(coin) && !membersOf(view.records).some((key) => coin.script.includes(key)), 'a dead source re-issued'),
  ];
};

/** What a valid transaction does, in words: for histories to say what they met. */
export const labelsOf = (seen: NaiveTransaction): readonly string[] => [...coinLabels(seen), ...debtLabels(seen), ...recordLabels(seen)];

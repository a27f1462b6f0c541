import { secp256k1 } from '@noble/curves/secp256k1.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { encodeHex } from '../../codec/hex.ts';
import { hash160 } from '../../crypto/hash.ts';
import { isCurvePoint } from '../../crypto/key.ts';
import { computeTxid } from '../../tx/identity.ts';
import { bytesOf, type Hex, isData, type NaiveCheck, type NaiveOutput, readCommitment } from './test-naive-forms.ts';
import { type Broken, isCommitment, type NaiveInput, type NaiveTransaction, spent } from './test-naive-rules.ts';
import { membersOf, type NaiveRecord, recordName, TABLES } from './test-naive-state.ts';

interface Claim {
  readonly table: Hex;
  readonly key: Hex;
  readonly value: Hex;
  readonly check: NaiveCheck;
  readonly old: NaiveRecord | undefined;
}

const when = (broken: boolean, code: string): string[] => (broken ? [code] : []);
const ZERO20 = '00'.repeat(20);
const OPEN: readonly Hex[] = [TABLES.child, TABLES.anchor];
const sizeOf = (hex: Hex): number => hex.length / 2;

/** One step of BIP32 over public keys. */
const deriveOnce = ([key, chain]: readonly [Uint8Array, Uint8Array], index: number): [Uint8Array, Uint8Array] => {
  const number = [24, 16, 8, 0].map((shift) => (index >>> shift) & 255);
  const wide = hmac(sha512, chain, Uint8Array.from([...key, ...number]));
  const tweak = secp256k1.Point.BASE.multiply(BigInt(`0x${encodeHex(wide.subarray(0, 32))}`));
  return [secp256k1.Point.fromBytes(key).add(tweak).toBytes(true), wide.slice(32)];
};

/** @shape the path as LEB128: undefined where it is not in its shortest form, too long, or hardened */
const readPath = (hex: Hex): readonly number[] | undefined => {
  const groups = hex.match(/(?:[89a-f].)*[0-7]./g) ?? [];
  if (groups.join('') !== hex || sizeOf(hex) > 28 || groups.length > 6) return undefined;
  if (groups.some((group) => group.length > 2 && group.endsWith('00'))) return undefined;
  const path = groups.map((group) =>
    (group.match(/../g) ?? []).reduceRight((number, byte) => number * 128 + (Number.parseInt(byte, 16) & 127), 0),
  );
  return path.every((index) => index < 2 ** 31) ? path : undefined;
};

const childRules = ({ key, value, old }: Claim, records: Map<string, NaiveRecord>): Broken => {
  const path = readPath(value.slice(40));
  const account = records.get(recordName(TABLES.realname, value.slice(0, 40)))?.value;
  const broken = [...when(old !== undefined, 'child-fixed'), ...when(value.length < 40 || path === undefined, 'child-form')];
  if (account === undefined) return [...broken, 'child-account'];
  const start: [Uint8Array, Uint8Array] = [bytesOf(account.slice(90, 156)), bytesOf(account.slice(26, 90))];
  const [derived] = (path ?? []).reduce(deriveOnce, start);
  return [...broken, ...when(encodeHex(hash160(derived)) !== key, 'child-derivation')];
};

const anchorRules = ({ key, value }: Claim, [seat]: readonly NaiveOutput[]): Broken => [
  ...when(sizeOf(key) !== 56 || ![0, 32].includes(sizeOf(value)), 'anchor-form'),
  ...when(value !== '' && seat !== undefined && encodeHex(hash160(bytesOf(seat.script))) !== key.slice(0, 40), 'anchor-seat'),
];

const openRules = (claim: Claim, { outs, view }: NaiveTransaction): Broken => {
  const { table, value, old } = claim;
  const [first] = outs;
  const isSeat = first !== undefined && first.element === 'value' && !isData(first);
  return [
    ...when(value === '' && (old === undefined || table === TABLES.child), 'record-removal'),
    ...when(value !== '' && !isSeat, 'record-seat'),
    ...(table === TABLES.child ? childRules(claim, view.records) : anchorRules(claim, outs)),
  ];
};

const listOf = (value: Hex): readonly Hex[] => value.match(/.{66}/g) ?? [];

const groupRules = ({ value, check, old }: Claim, groupMax: number): Broken => {
  if (old === undefined) return ['group-absent'];
  const [before, after] = [listOf(old.value), listOf(value)];
  const sound = after.join('') === value && after.length >= 1 && after.length <= groupMax && new Set(after).size === after.length;
  if (!sound || !after.every((key) => isCurvePoint(bytesOf(key)))) return ['group-form'];
  const agrees = (keys: readonly Hex[]): boolean =>
    check.named === undefined && check.multisig?.threshold === keys.length && check.multisig.keys.join() === keys.join();
  const fresh = after.filter((key) => !before.includes(key));
  const gone = before.filter((key) => !after.includes(key));
  const [added] = fresh;
  const replaced = before.map((key) => (gone.includes(key) ? added : key));
  if (fresh.length === 1 && added !== undefined && gone.length <= 1) {
    const expected = gone.length === 1 ? replaced : [...before, added];
    return expected.join() === after.join() ? when(!agrees([...before, added]), 'group-keys') : ['group-change'];
  }
  if (fresh.length > 0 || gone.length !== 1 || before.filter((key) => !gone.includes(key)).join() !== after.join()) return ['group-change'];
  return after.length < 3 ? ['group-small'] : when(!agrees(after), 'group-keys');
};

const isXpub = (xpub: Hex): boolean =>
  /^(0488b21e|043587cf)/.test(xpub) &&
  isCurvePoint(bytesOf(xpub.slice(90))) &&
  (!xpub.startsWith('00', 8) || /^0*$/.test(xpub.slice(8, 26)));

const realNameRules = ({ key, value, check, old }: Claim, records: Map<string, NaiveRecord>): Broken => {
  const [xpub, parent] = [value.slice(0, 156), value.slice(220)];
  if (sizeOf(value) !== 130 || !isXpub(xpub)) return ['real-name-form'];
  const id = encodeHex(hash160(bytesOf(xpub.slice(26))));
  const fixed = old !== undefined && (old.value.slice(0, 156) !== xpub || old.value.slice(220) !== parent);
  const orphan = old === undefined && parent !== ZERO20 && !records.has(recordName(TABLES.realname, parent));
  return [
    ...when(id !== key, 'real-name-id'),
    ...when(check.named !== xpub.slice(90), 'real-name-master'),
    ...when(fixed, 'real-name-fixed'),
    ...when(orphan, 'real-name-parent'),
  ];
};

const governedRules = (claim: Claim, { view }: NaiveTransaction): Broken => {
  const { table, value, check } = claim;
  if (value === '') return ['record-removal'];
  if (table === TABLES.group) return groupRules(claim, view.parameters.groupMax);
  const members = membersOf(view.records);
  const { threshold, keys } = check.multisig ?? { threshold: 0, keys: [] };
  return [
    ...when(keys.join() !== members.join() || (table !== TABLES.realname && check.named !== undefined), 'governed-keys'),
    ...when(threshold <= members.length / 2, 'governed-majority'),
    ...(table === TABLES.realname ? realNameRules(claim, view.records) : []),
  ];
};

const claimOf = ({ coin, witness }: NaiveInput, records: Map<string, NaiveRecord>): Claim | undefined => {
  const [table, key, value] = witness.slice(-3);
  const check = readCommitment(coin.script)?.check;
  if (table === undefined || key === undefined || value === undefined || check === undefined) return undefined;
  return { table, key, value, check, old: records.get(recordName(table, key)) };
};

const seatRules = (seen: NaiveTransaction, seat: string): Broken => {
  const seats = [...seen.view.records.values()].map((record) => record.seat).filter((at) => at !== '');
  const taken = spent(seen).map(({ coin }) => coin.at);
  return [
    ...when(
      taken.some((at) => seats.includes(at) && at !== seat),
      'seat-spent',
    ),
    ...when(seat !== '' && !taken.includes(seat), 'seat-missing'),
  ];
};

const outputRules = ({ table, value }: Claim, { outs }: NaiveTransaction): Broken => {
  const first = OPEN.includes(table) && value === '' ? 0 : 1;
  return when(
    outs.slice(first).some((output) => !isData(output) && !isCommitment(output)),
    'record-outputs',
  );
};

const sizeRules = ({ table, key, value }: Claim): Broken =>
  when(sizeOf(table) > 32 || sizeOf(key) > 64 || sizeOf(value) > (table === TABLES.group ? 680 : 520), 'record-size');

export const recordRules = (seen: NaiveTransaction): Broken => {
  const input = seen.tx.type === 3 ? spent(seen).find(({ coin }) => isCommitment(coin)) : undefined;
  if (input === undefined) return seatRules(seen, '');
  const { view } = seen;
  const early = when(view.height - input.coin.height < view.parameters.recordDelay, 'record-early');
  const claim = claimOf(input, view.records);
  if (claim === undefined) return [...early, 'record-witness'];
  const isTable = (Object.values(TABLES) as Hex[]).includes(claim.table);
  const rules = OPEN.includes(claim.table) ? openRules(claim, seen) : governedRules(claim, seen);
  return [
    ...early,
    ...sizeRules(claim),
    ...(isTable ? rules : ['record-table']),
    ...seatRules(seen, claim.old?.seat ?? ''),
    ...outputRules(claim, seen),
  ];
};

/** Writes what a valid record transaction says. */
export const writeRecord = (seen: NaiveTransaction): void => {
  const input = seen.tx.type === 3 ? spent(seen).find(({ coin }) => isCommitment(coin)) : undefined;
  const claim = input && claimOf(input, seen.view.records);
  if (claim === undefined) return;
  const { table, key, value } = claim;
  const seat = OPEN.includes(table) ? `${encodeHex(computeTxid(seen.tx))}:0` : '';
  if (value === '') seen.view.records.delete(recordName(table, key));
  else seen.view.records.set(recordName(table, key), { table, key, value, seat, height: seen.view.height });
};

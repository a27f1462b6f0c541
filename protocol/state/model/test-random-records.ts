import { encodeHex } from '../../codec/hex.ts';
import { hash160, sha256 } from '../../crypto/hash.ts';
import { computeRecordHash } from '../../script/forms/record-commitment.ts';
import type { TransactionOutput } from '../../tx/transaction.ts';
import { type Claim, type Key, multisigOf } from './test-keyring.ts';
import { bytesOf, type Hex } from './test-naive-forms.ts';
import { ADMISSION, membersOf, type NaiveView, recordName, TABLES } from './test-naive-state.ts';
import type { Account, People } from './test-people.ts';
import type { Random } from './test-random.ts';

const ZERO20 = '00'.repeat(20);

const leb128 = (index: number): Hex => {
  const bytes: number[] = [];
  let rest = index;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
};

/** Records of every table: what is committed to, and what is shown for it. */
export class RandomRecords {
  private readonly people: People;
  private readonly random: Random;
  private readonly view: NaiveView;

  constructor(people: People, random: Random, view: NaiveView) {
    this.people = people;
    this.random = random;
    this.view = view;
  }

  private user(): Key {
    return this.random.pick(this.people.users) as Key;
  }

  private hash(): Hex {
    return encodeHex(sha256(Uint8Array.of(this.random.below(256), this.random.below(256))));
  }

  private byMembers(): Hex {
    const members = membersOf(this.view.records);
    const least = Math.floor(members.length / 2) + (this.random.chance(8) ? 0 : 1);
    const keys = this.random.chance(12) ? [...members].reverse() : members;
    return multisigOf(Math.max(1, least), keys);
  }

  private anyone(): Hex {
    return `76a914${this.user().tag}88ac`;
  }

  private group(): readonly [Claim, Hex] {
    const { random, people } = this;
    const before = membersOf(this.view.records);
    const fresh = people.members.map(({ publicKey }) => publicKey).filter((key) => !before.includes(key));
    const at = random.below(before.length);
    const added = random.pick(fresh) ?? (before[0] as Hex);
    const changes: readonly (readonly [readonly Hex[], readonly Hex[]])[] = [
      [
        [...before, added],
        [...before, added],
      ],
      [[...before, added], before.with(at, added)],
      [before.toSpliced(at, 1), before.toSpliced(at, 1)],
      [before, [...before].reverse()],
    ];
    const lawful = before.length < 4 ? 2 : 3;
    const [keys, after] = changes[random.below(random.chance(5) ? 4 : lawful)] as readonly [readonly Hex[], readonly Hex[]];
    const agreed = random.chance(10) || keys.length === 0 ? before : keys;
    return [{ table: TABLES.group, key: random.chance(15) ? '00' : ADMISSION, value: after.join('') }, multisigOf(agreed.length, agreed)];
  }

  private realName(): readonly [Claim, Hex] {
    const { random, people } = this;
    const account = random.pick(people.accounts) as Account;
    const first = people.accounts[0] as Account;
    const parent = account !== first && random.chance(2) ? first.id : ZERO20;
    const value = `${account.xpub}${this.hash()}${parent}`;
    const key = random.chance(10) ? first.id : account.id;
    const master = random.chance(10) ? this.user().publicKey : account.master.publicKey;
    return [{ table: TABLES.realname, key, value }, `21${master}ad${this.byMembers()}`];
  }

  private child(): readonly [Claim, Hex] {
    const { random } = this;
    const account = random.pick(this.people.accounts) as Account;
    const own = { key: account.master, path: '' };
    const places = [own, ...account.children.map(({ index, key }) => ({ key, path: leb128(index) }))];
    const place = random.pick(places) as typeof own;
    const key = random.chance(10) ? this.user().tag : place.key.tag;
    const path = random.chance(10) ? `${place.path}8100` : place.path;
    return [{ table: TABLES.child, key, value: random.chance(15) ? '' : `${account.id}${path}` }, this.anyone()];
  }

  private anchor(): readonly [Claim, Hex] {
    const { random } = this;
    const seat = `0014${this.people.users[random.below(2)]?.tag}`;
    const key = `${encodeHex(hash160(bytesOf(seat)))}${'ab'.repeat(32)}00000000`;
    const stands = this.view.records.has(recordName(TABLES.anchor, key));
    const value = random.chance(stands ? 3 : 12) ? '' : this.hash();
    const broken = random.chance(12);
    return [{ table: TABLES.anchor, key: broken ? key.slice(2) : key, value }, this.anyone()];
  }

  private note(): readonly [Claim, Hex] {
    const table = this.random.chance(8) ? '6d696e65' : (this.random.pick([TABLES.agent, TABLES.suspension]) as Hex);
    const value = this.random.chance(10) ? '' : this.random.chance(10) ? '01'.repeat(521) : this.hash();
    return [{ table, key: this.user().tag, value }, this.random.chance(8) ? this.anyone() : this.byMembers()];
  }

  /** The script of a commitment whose claim the keyring remembers. */
  commitment(): Hex {
    const kinds = [this.group, this.realName, this.realName, this.child, this.child, this.anchor, this.note];
    const [claim, check] = (this.random.pick(kinds) as () => readonly [Claim, Hex]).call(this);
    const hash = encodeHex(computeRecordHash(bytesOf(claim.table), bytesOf(claim.key), bytesOf(claim.value)));
    this.people.keyring.claims.set(hash, claim);
    return `53ba20${hash}88${check}`;
  }

  private seatScript({ table, key }: Claim): Hex {
    const named = this.people.users.find(({ tag }) => encodeHex(hash160(bytesOf(`0014${tag}`))) === key.slice(0, 40));
    return `0014${table === TABLES.anchor && named !== undefined && !this.random.chance(12) ? named.tag : this.user().tag}`;
  }

  /** The seat that showing a claim spends, and the outputs it has. */
  reveal(claim: Claim): { readonly seat: string | undefined; readonly outputs: readonly TransactionOutput[] } {
    const { random } = this;
    const old = this.view.records.get(recordName(claim.table, claim.key));
    const isOpen = claim.table === TABLES.child || claim.table === TABLES.anchor;
    const seats = isOpen && claim.value !== '' && !random.chance(12) ? [this.seatScript(claim)] : [];
    const more = random.chance(5) ? [this.commitment()] : random.chance(12) ? [this.seatScript(claim)] : [];
    const place = seats.length === 0 && random.chance(2) ? [] : more;
    const outputs = [...seats, ...place].map((script) => ({ element: 'value' as const, amount: 0n, script: bytesOf(script) }));
    const seat = old === undefined || old.seat === '' || random.chance(10) ? undefined : old.seat;
    return { seat, outputs };
  }
}

import { describe, expect, test } from 'vitest';
import { deriveMasterKey } from '#protocol/crypto/hd-key';
import { AddressBook, GAP_LIMIT } from './address-book.ts';

const xpub = deriveMasterKey(new Uint8Array(32).fill(9), 'test').derivePath("m/84'/1'/0'").neutered().toBase58();
const watched = [{ account: 0, name: '', xpub }];

describe('addresses that were derived before', () => {
  test('CW3 are read and not derived again, and the next ones follow them', () => {
    const first = new AddressBook('test');
    expect(first.setAccounts(watched)).toBe(true);
    const [receive, change] = [first.derivedTags(0, 0), first.derivedTags(0, 1)];
    expect([receive.length, change.length]).toEqual([GAP_LIMIT * 20, GAP_LIMIT * 20]);
    const again = new AddressBook('test');
    again.remember(xpub, 0, receive.slice(0, 7 * 20 + 3));
    again.remember(xpub, 1, change);
    expect(again.setAccounts(watched)).toBe(true);
    expect(again.owners()).toEqual(first.owners());
    for (const book of [first, again]) book.advance(0, 0, 9);
    expect(again.derivedTags(0, 0)).toEqual(first.derivedTags(0, 0));
    expect(again.derivedTags(0, 0)).toHaveLength((9 + GAP_LIMIT) * 20);
  });

  test('CW3 a key that was never derived of is judged at once', () => {
    const book = new AddressBook('test');
    book.remember(xpub, 0, new Uint8Array(20));
    expect(book.setAccounts([{ account: 0, name: '', xpub: `${xpub.slice(0, -1)}1` }])).toMatchObject({ fault: 'extended-key' });
  });
});

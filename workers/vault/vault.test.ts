import { Transaction as BitcoinTransaction, Script } from '@scure/btc-signer';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { concatBytes } from '#protocol/codec/bytes';
import { asHash32, encodeReversedHex } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { encodeField, struct, u8, u32, u64 } from '#protocol/codec/schema';
import { decodeExtendedKey, type HdKey } from '#protocol/crypto/hd-key';
import { type Fault, fault } from '#protocol/fault';
import { InvariantError } from '#protocol/invariant';
import { verifyMessage } from '#protocol/message/message-signature';
import { DEV_PARAMETERS, MAIN_PARAMETERS } from '#protocol/params/networks';
import { encodeAddress } from '#protocol/script/address';
import { buildDebtScript } from '#protocol/script/forms/debt';
import { buildPayToKey, buildPayToKeyHash } from '#protocol/script/forms/pay-to-key';
import type { Transaction } from '#protocol/tx/transaction';
import { decodeTransaction, encodeTransaction } from '#protocol/tx/transaction-codec';
import { ManualClock, MemoryStore } from '../platform/memory.ts';
import type { Clock } from '../platform/port.ts';
import type { Quiz, ReviewView, VaultView } from '../rpc/vault-calls.ts';
import type { ChainForVault, DerivedPlace, ProvedCoin, ProvedOutput, WantedOutput, WatchedAccount } from '../rpc/vault-chain-port.ts';
import type { SealingKey } from './sealed-file.ts';
import { keySchemeOf, type Secrets } from './secrets.ts';
import { Vault } from './vault.ts';
import { decodeVaultContent, encodeVaultContent } from './vault-content.ts';
import { VAULT_TABLES, VaultStore } from './vault-store.ts';

const PASSWORD = 'a long enough password';
const WORDS = 'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about';
const VC = 100_000_000n;

/** The chain worker's side of the port, holding coins that this test says were proved. */
class ProvedSide implements ChainForVault {
  accounts: readonly WatchedAccount[] = [];
  readonly coins = new Map<string, ProvedCoin>();
  readonly relayed: Uint8Array[] = [];
  readonly hints = new Map<string, DerivedPlace>();

  key({ account, change, index }: DerivedPlace): HdKey {
    const node = decodeExtendedKey(this.accounts.find((known) => known.account === account)!.xpub, 'test') as HdKey;
    return node.derive(change).derive(index);
  }

  script(place: DerivedPlace): Uint8Array {
    const script = buildPayToKey(this.key(place).publicKey);
    this.hints.set(encodeHex(script), place);
    return script;
  }

  prove(place: DerivedPlace, amount: bigint, over: Partial<ProvedCoin> = {}): ProvedCoin {
    const txid = asHash32(new Uint8Array(32).fill(this.coins.size + 1));
    const coin: ProvedCoin = {
      ...{ ...place, outpoint: `${encodeReversedHex(txid)}:0`, element: 'value', amount, script: this.script(place), layer: 0, type: 0 },
      ...{ height: 5, medianTime: 1_700_000_000, frozen: false, owes: false, provedAt: 7, spendable: true, ...over },
    };
    this.coins.set(coin.outpoint, coin);
    return coin;
  }

  /** accounts that hold coins though the vault does not know of them */
  funded: readonly number[] = [];
  readonly askedFor: number[] = [];
  accountsWithCoins = async (accounts: readonly WatchedAccount[]): Promise<readonly number[] | Fault> => {
    this.askedFor.push(...accounts.map(({ account }) => account));
    return accounts.filter(({ account }) => this.funded.includes(account)).map(({ account }) => account);
  };

  setAccounts = async (accounts: readonly WatchedAccount[]): Promise<void> => {
    this.accounts = accounts;
  };
  coinsOf = async (outpoints: readonly string[]) => outpoints.map((outpoint) => this.coins.get(outpoint));
  placesOf = async (scripts: readonly Uint8Array[]) => scripts.map((script) => this.hints.get(encodeHex(script)));
  spendableValue = async (): Promise<bigint> => [...this.coins.values()].reduce((sum, { amount }) => sum + amount, 0n);
  realNameOf = async (): Promise<undefined> => undefined;
  isPastPayee = async (): Promise<boolean> => false;
  lookAlike = async (): Promise<string | undefined> => undefined;
  reserveAddress = async (): Promise<number> => 0;

  /** coins of anybody that this test says were proved */
  readonly others = new Map<string, ProvedOutput>();
  readonly together: (readonly Uint8Array[])[] = [];
  proveOutputs = async (wanted: readonly WantedOutput[]) =>
    wanted.flatMap(({ outpoint }) => this.others.get(outpoint) ?? this.coins.get(outpoint) ?? []);
  relayTogether = async (signed: readonly Uint8Array[]) => {
    this.together.push(signed);
    return { txid: 'together' };
  };

  forget(): void {
    this.coins.clear();
    this.hints.clear();
    this.relayed.length = 0;
  }
  relay = async (signed: Uint8Array) => {
    this.relayed.push(signed);
    return { txid: 'relayed' };
  };
}

/** A device that needs longer than was wished for even at the floor of Argon2id's cost, and so pays the floor. */
const slowDevice = (clock: ManualClock) => ({
  after: clock.after,
  now: (): number => {
    clock.advance(0.5);
    return clock.now();
  },
});

const parts = (memory = new MemoryStore(VAULT_TABLES), parameters = DEV_PARAMETERS) => {
  const chain = new ProvedSide();
  let drawn = 0;
  const clock = new ManualClock(1_800_000_000);
  const platform = {
    clock: slowDevice(clock),
    entropy: { bytes: (length: number) => Uint8Array.from({ length }, (_, i) => (drawn++ * 31 + i) & 255) },
    locks: { hold: <T>(_: string, run: () => Promise<T>) => run() },
  };
  return {
    memory,
    chain,
    clock,
    open: (clockChanges: Partial<Clock> = {}) =>
      Vault.open({
        platform: { ...platform, clock: { ...platform.clock, ...clockChanges } },
        store: new VaultStore(memory),
        chain,
        parameters,
        scheme: keySchemeOf(parameters),
      }),
  };
};

const restored = async () => {
  const made = parts();
  const vault = await made.open();
  expect(await vault.restoreWords({ words: WORDS, passphrase: '', password: PASSWORD })).toBe(true);
  return { ...made, vault };
};

const viewOf = async (vault: Vault): Promise<VaultView> => {
  let view: VaultView | undefined;
  await vault.watch((next) => {
    view = next;
  });
  return view!;
};

const PLACE: DerivedPlace = { account: 0, change: 0, index: 0 };
const STRANGER = buildPayToKeyHash(new Uint8Array(20).fill(9));

const spend = (coins: readonly ProvedCoin[], outputs: Transaction['outputs']): Uint8Array =>
  encodeTransaction({
    layer: 0,
    type: 0,
    inputs: coins.map(({ outpoint }) => ({
      outpoint: {
        txid: asHash32(
          Uint8Array.from(
            outpoint
              .slice(0, 64)
              .match(/../g)!
              .map((pair) => Number.parseInt(pair, 16)),
          ).reverse(),
        ),
        index: 0,
      },
      sequence: 0xffff_fffd,
      witness: [],
    })),
    outputs,
    lockTime: 0,
  });

const value = (amount: bigint, script: Uint8Array) => ({ element: 'value' as const, amount, script });

describe('life of a vault', () => {
  test('VT8 is made, locked, unlocked by its password alone, and opened by another tab', async () => {
    const made = parts();
    const vault = await made.open();
    expect(await viewOf(vault)).toMatchObject({ state: 'none' });
    expect(await vault.create({ words: 12, password: 'short' })).toMatchObject({ fault: 'password-short' });
    expect(await vault.create({ words: 12, password: PASSWORD })).toBe(true);
    expect(await vault.create({ words: 12, password: PASSWORD })).toMatchObject({ fault: 'vault-exists' });
    const { xpub } = made.chain.accounts[0]!;
    await vault.lock();
    expect(await viewOf(vault)).toMatchObject({ state: 'locked', accounts: [] });
    expect(await vault.unlock('another password')).toMatchObject({ fault: 'wrong-password' });
    const other = await made.open();
    expect(await viewOf(other)).toMatchObject({ state: 'locked' });
    expect(await other.unlock(PASSWORD)).toBe(true);
    expect(made.chain.accounts[0]!.xpub).toBe(xpub);
  });

  test('VT8 locks by itself when nobody touches it, and knows no secret any more', async () => {
    const { vault, clock } = await restored();
    clock.advance(200);
    await vault.touch();
    clock.advance(299);
    expect(await viewOf(vault)).toMatchObject({ state: 'unlocked' });
    clock.advance(2);
    expect(await viewOf(vault)).toMatchObject({ state: 'locked' });
    expect(await vault.nextAddress(0)).toMatchObject({ fault: 'vault-locked' });
    expect(await vault.startQuiz()).toMatchObject({ fault: 'vault-locked' });
    expect(await vault.review(new Uint8Array(10))).toMatchObject({ fault: 'vault-locked' });
  });

  test('VT4 refuses words that are not a phrase, and says which and why', async () => {
    const vault = await parts().open();
    const restore = (words: string) => vault.restoreWords({ words, passphrase: '', password: PASSWORD });
    expect(await restore('abandon abandon')).toMatchObject({ fault: 'words-count', detail: { count: 2 } });
    expect(await restore(WORDS.replace('about', 'abuot'))).toMatchObject({ fault: 'words-unknown', detail: { place: 12 } });
    expect(await restore(WORDS.replace('about', 'zoo'))).toMatchObject({ fault: 'words-checksum' });
    expect(await restore(`  ${WORDS.toUpperCase().replaceAll(' ', '\n')} `)).toBe(true);
  });

  test('VT4 derives the addresses of BIP84', async () => {
    const { chain, vault } = await restored();
    expect(chain.accounts[0]!.xpub).toMatch(/^tpub/);
    expect(await vault.nextAddress(0)).toBe(encodeAddress(chain.script({ account: 0, change: 0, index: 0 }), DEV_PARAMETERS.addressPrefix));
  });

  test('VT5 the quiz asks three words of the phrase and marks it saved only when all are right', async () => {
    const { vault } = await restored();
    await vault.showWords(PASSWORD);
    const quiz = await vault.startQuiz();
    if ('fault' in quiz) throw new Error(quiz.fault);
    const words = WORDS.split(' ');
    expect(quiz.questions).toHaveLength(3);
    expect(await vault.answerQuiz(['zoo', 'zoo', 'zoo'])).toMatchObject({ fault: 'quiz-wrong' });
    expect(await vault.answerQuiz(quiz.questions.map(({ place }) => words[place - 1]!))).toBe(true);
  });

  test('VT5 VT8 there is one quiz for each time the words were shown: many would name every word without the password', async () => {
    const { vault } = await restored();
    expect(await vault.startQuiz()).toMatchObject({ fault: 'quiz-missing' });
    expect(await vault.showWords('not the password')).toMatchObject({ fault: 'wrong-password' });
    expect(await vault.startQuiz()).toMatchObject({ fault: 'quiz-missing' });
    await vault.showWords(PASSWORD);
    expect(await vault.startQuiz()).toHaveProperty('questions');
    expect(await vault.startQuiz()).toMatchObject({ fault: 'quiz-missing' });
    await vault.showWords(PASSWORD);
    await vault.lock();
    await vault.unlock(PASSWORD);
    expect(await vault.startQuiz()).toMatchObject({ fault: 'quiz-missing' });
  });

  test('VT9 attack row C9: of two tabs that make a vault the first one’s stays', async () => {
    const made = parts();
    const [first, second] = [await made.open(), await made.open()];
    expect(await first.restoreWords({ words: WORDS, passphrase: '', password: PASSWORD })).toBe(true);
    const { xpub } = made.chain.accounts[0]!;
    expect(await second.create({ words: 12, password: 'the second password' })).toMatchObject({ fault: 'vault-exists' });
    expect(await viewOf(second)).toMatchObject({ state: 'locked' });
    expect(await second.unlock('the second password')).toMatchObject({ fault: 'wrong-password' });
    expect(await second.unlock(PASSWORD)).toBe(true);
    expect(made.chain.accounts[0]!.xpub).toBe(xpub);
  });

  test('VT9 attack row C9: a tab that has read an older file writes nothing over a newer one', async () => {
    const made = parts();
    const [first, second] = [await made.open(), await made.open()];
    await first.restoreWords({ words: WORDS, passphrase: '', password: PASSWORD });
    await second.unlock(PASSWORD);
    expect(await first.addAccount('Household')).toBe(1);
    expect(await first.changePassword(PASSWORD, 'another long password')).toBe(true);
    expect(await second.renameAccount(0, 'Mine')).toMatchObject({ fault: 'vault-changed' });
    expect(await viewOf(second)).toMatchObject({ state: 'locked' });
    expect(await second.unlock(PASSWORD)).toMatchObject({ fault: 'wrong-password' });
    expect(await second.unlock('another long password')).toBe(true);
    expect((await viewOf(second)).accounts.map(({ name }) => name)).toEqual(['', 'Household']);
    expect(await second.renameAccount(0, 'Mine')).toBe(true);
    await second.showWords('another long password');
    const quiz = (await second.startQuiz()) as Quiz;
    await second.answerQuiz(quiz.questions.map(({ place }) => WORDS.split(' ')[place - 1]!));
    await first.lock();
    await first.unlock('another long password');
    await first.setAutoLock(60);
    expect(await viewOf(first)).toMatchObject({ autoLock: 60, backup: { words: expect.any(Number) as number } });
  });

  const turns = async (): Promise<void> => {
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
  };

  test('VT10 words bring back every account with coins, also those beyond a few empty ones, once', async () => {
    const made = parts();
    made.chain.funded = [2, 7];
    const vault = await made.open();
    await vault.restoreWords({ words: WORDS, passphrase: '', password: PASSWORD });
    await turns();
    expect((await viewOf(vault)).accounts.map(({ account }) => account)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(made.chain.accounts.map(({ account }) => account)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(made.chain.askedFor).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
    await vault.lock();
    expect(await vault.unlock(PASSWORD)).toBe(true);
    await turns();
    expect((await viewOf(vault)).accounts).toHaveLength(8);
    expect(made.chain.askedFor).toHaveLength(15);
  });

  test('VT10 a search that was cut short is taken up at the next unlock, and a new wallet searches nothing', async () => {
    const made = parts();
    const vault = await made.open();
    made.chain.accountsWithCoins = async () => fault('stopped');
    await vault.restoreWords({ words: WORDS, passphrase: '', password: PASSWORD });
    await turns();
    expect((await viewOf(vault)).accounts).toHaveLength(1);
    made.chain.accountsWithCoins = async (accounts) => accounts.filter(({ account }) => account === 1).map(({ account }) => account);
    await vault.lock();
    await vault.unlock(PASSWORD);
    await turns();
    expect((await viewOf(vault)).accounts).toHaveLength(2);
    const fresh = parts();
    await (await fresh.open()).create({ words: 12, password: PASSWORD });
    await turns();
    expect(fresh.chain.askedFor).toEqual([]);
  });

  test('VT9 settings of an older version are read', async () => {
    const { memory } = parts();
    const older = struct({ version: u8, fileBackupAt: u32, wordsBackupAt: u32, autoLock: u32, askAbove: u64, wordCount: u8 });
    const value = { version: 1, fileBackupAt: 5, wordsBackupAt: 6, autoLock: 77, askAbove: 8n, wordCount: 24 };
    await memory.write([{ table: 'vault', key: 'settings', value: encodeField(older, value) }], 'strict');
    expect(await new VaultStore(memory).readSettings()).toEqual({ ...value, lookForAccounts: 0 });
  });

  test('VT8 whoever wakes a machine whose timers stood still finds the vault locked', async () => {
    const made = parts();
    const vault = await made.open({ after: () => () => undefined });
    await vault.restoreWords({ words: WORDS, passphrase: '', password: PASSWORD });
    made.clock.advance(290);
    await vault.touch();
    made.clock.advance(290);
    expect(await vault.review(spend([made.chain.prove(PLACE, VC)], [value(VC - 200n, STRANGER)]))).toHaveProperty('id');
    made.clock.advance(20);
    await vault.touch();
    expect(await viewOf(vault)).toMatchObject({ state: 'locked' });
  });

  test('VT8 attack row W4: what was opened is zero once it is locked', async () => {
    const { vault } = await restored();
    const secrets = Reflect.get(vault, 'secrets') as Secrets;
    const { key } = Reflect.get(vault, 'key') as SealingKey;
    const secret = [secrets.content.entropy, Reflect.get(secrets, 'seed') as Uint8Array, key];
    const borrowed = secrets.withKey(PLACE, (privateKey) => privateKey);
    expect(borrowed.every((byte) => byte === 0)).toBe(true);
    for (const bytes of secret.slice(1)) expect(bytes.some((byte) => byte !== 0)).toBe(true);
    await vault.lock();
    for (const bytes of secret) expect(bytes.every((byte) => byte === 0)).toBe(true);
    expect(() => secrets.withKey(PLACE, () => undefined)).toThrow(InvariantError);
  });

  test('VT8 shows the phrase and changes the password only for the password', async () => {
    const { vault } = await restored();
    expect(await vault.showWords('not the password')).toMatchObject({ fault: 'wrong-password' });
    expect(await vault.showWords(PASSWORD)).toEqual(WORDS.split(' '));
    expect(await vault.changePassword(PASSWORD, 'another long password')).toBe(true);
    await vault.lock();
    expect(await vault.unlock(PASSWORD)).toMatchObject({ fault: 'wrong-password' });
    expect(await vault.unlock('another long password')).toBe(true);
    expect(await vault.erase('another long password')).toBe(true);
    expect(await viewOf(vault)).toMatchObject({ state: 'none' });
  });

  test('VT8 there is nothing to open before a vault is made, and a passphrase has a length that a vault can keep', async () => {
    const vault = await parts().open();
    expect(await vault.unlock(PASSWORD)).toMatchObject({ fault: 'vault-missing' });
    const long = { words: WORDS, passphrase: 'é'.repeat(129), password: PASSWORD };
    expect(await vault.restoreWords(long)).toMatchObject({ fault: 'passphrase-long' });
    expect(await viewOf(vault)).toMatchObject({ state: 'none' });
  });

  test('VT3 a vault keeps 64 accounts and no more', async () => {
    const { vault, chain } = await restored();
    for (let made = 1; made < 64; made++) expect(await vault.addAccount(`Account ${made}`)).toBe(made);
    expect(await vault.addAccount('one more')).toMatchObject({ fault: 'account-limit', detail: { limit: 64 } });
    expect(chain.accounts).toHaveLength(64);
  });

  test('VT3 accounts are added and named, and survive a lock', async () => {
    const { vault, chain } = await restored();
    expect(await vault.addAccount('')).toMatchObject({ fault: 'account-name' });
    expect(await vault.addAccount('Household')).toBe(1);
    expect(await vault.renameAccount(7, 'x')).toMatchObject({ fault: 'account-unknown' });
    expect(await vault.renameAccount(1, '家用')).toBe(true);
    await vault.lock();
    expect(await vault.unlock(PASSWORD)).toBe(true);
    expect(chain.accounts.map(({ name }) => name)).toEqual(['', '家用']);
  });
});

describe('files', () => {
  test('VT1 attack row W3: a backup opens with its password; any changed, missing or cheaper byte is refused', async () => {
    const { vault } = await restored();
    const file = await vault.exportBackup(PASSWORD);
    if ('fault' in file) throw new Error(file.fault);
    const restore = async (bytes: Uint8Array) => (await parts().open()).restoreFile(bytes, PASSWORD);
    expect(await restore(file)).toBe(true);
    for (const at of [20, 40, file.length - 1]) {
      const changed = file.slice();
      changed[at]! ^= 1;
      expect(await restore(changed)).toMatchObject({ fault: 'wrong-password' });
    }
    expect(await restore(file.slice(0, 60))).toMatchObject({ fault: 'sealed-file-size' });
    expect(await restore(file.slice(0, -1))).toMatchObject({ fault: 'wrong-password' });
    expect(await restore(concatBytes(Uint8Array.of(1), file))).toMatchObject({ fault: 'not-a-sealed-file' });
  });

  test('VT2 attack rows W2, W3: a cost below the floor, or one no device should be asked for, is refused before it is paid', async () => {
    const { vault } = await restored();
    const file = await vault.exportBackup(PASSWORD);
    if ('fault' in file) throw new Error(file.fault);
    const withCost = (memory: number, passes: number) => {
      const changed = file.slice();
      new DataView(changed.buffer).setUint32(4, memory, true);
      new DataView(changed.buffer).setUint32(8, passes, true);
      return changed;
    };
    for (const [memory, passes] of [
      [65_535, 3],
      [65_536, 2],
      [0, 0],
      [0xffff_ffff, 3],
      [65_536, 0xffff_ffff],
    ] as const)
      expect(await (await parts().open()).restoreFile(withCost(memory, passes), PASSWORD)).toMatchObject({ fault: 'kdf-parameters' });
  });

  test('VT3 a backup of another network, or with content of another form, is refused by its name', async () => {
    const { vault } = await restored();
    const file = await vault.exportBackup(PASSWORD);
    if ('fault' in file) throw new Error(file.fault);
    const elsewhere = await parts(undefined, MAIN_PARAMETERS).open();
    expect(await elsewhere.restoreFile(file, PASSWORD)).toMatchObject({ fault: 'vault-network', detail: { coinType: 1 } });
    const good = { version: 1, coinType: 1, entropy: new Uint8Array(16), passphrase: new Uint8Array(), accounts: [], createdAt: 1 };
    expect(decodeVaultContent(encodeVaultContent(good))).toEqual(good);
    for (const wrong of [{ version: 2 }, { entropy: new Uint8Array(20) }])
      expect(decodeVaultContent(encodeVaultContent({ ...good, ...wrong }))).toMatchObject({ fault: 'vault-content' });
    expect(decodeVaultContent(encodeVaultContent(good).subarray(1))).toMatchObject({ fault: 'vault-content' });
  });

  test('VT8 nothing secret is in the store', async () => {
    const { memory } = await restored();
    const stored = (await memory.entries('vault')).map(([, bytes]) => encodeHex(bytes)).join('');
    expect(stored).not.toContain('00000000000000000000000000000000'.repeat(2));
    expect(Buffer.from(stored, 'hex').toString('latin1')).not.toContain('abandon');
  });
});

describe('signing', () => {
  const place = { account: 0, change: 0 as const, index: 3 };
  const inner = { account: 0, change: 1 as const, index: 5 };
  let vault: Vault;
  let chain: ProvedSide;

  beforeAll(async () => {
    ({ vault, chain } = await restored());
  });
  beforeEach(() => chain.forget());

  test('VT6 the review says what the bytes say: recipient, change, fee, before and after', async () => {
    const coin = chain.prove(place, 5n * VC);
    const review = await vault.review(spend([coin], [value(2n * VC, STRANGER), value(3n * VC - 500n, chain.script(inner))]));
    expect(review).toMatchObject({
      sent: 2n * VC,
      fee: 500n,
      before: 5n * VC,
      after: 3n * VC - 500n,
      needsPassword: false,
      network: 'dev',
    });
    expect((review as ReviewView).recipients).toEqual([
      { address: encodeAddress(STRANGER, DEV_PARAMETERS.addressPrefix), amount: 2n * VC, element: 'value', own: false },
    ]);
    expect((review as ReviewView).change).toHaveLength(1);
  });

  const debtTo = (tag: Uint8Array, amount: bigint): Transaction['outputs'][number] => ({
    element: 'debt',
    amount,
    script: buildDebtScript({ tag, term: { kind: 'expiry', lockTime: 1_900_000_000 } }),
  });
  const tagAt = (at: DerivedPlace): Uint8Array => chain.script(at).slice(2);

  test('VT11 a draw is read with what will be owed and until when, and its credit is signed', async () => {
    const credit = chain.prove(place, 5n * VC, { element: 'credit' });
    const drawn = spend(
      [credit],
      [
        debtTo(tagAt(place), 2n * VC),
        value(2n * VC - 600n, chain.script(inner)),
        { element: 'credit', amount: 3n * VC, script: chain.script(place) },
      ],
    );
    const review = await vault.review(drawn);
    expect(review).toMatchObject({
      sent: 0n,
      fee: 600n,
      debtChange: 2n * VC,
      creditUsed: 2n * VC,
      owed: [{ amount: 2n * VC, due: { kind: 'time', time: 1_900_000_000 } }],
      repaid: [],
      recipients: [],
    });
    expect((review as ReviewView).owed[0]?.address).toBe(encodeAddress(chain.script(place), DEV_PARAMETERS.addressPrefix));
    expect((review as ReviewView).after - (review as ReviewView).before).toBe(2n * VC - 600n);
    expect(await vault.approve((review as ReviewView).id, PASSWORD)).toEqual({ txid: 'relayed' });
  });

  test('VT11 a debt in a stranger’s name, of a strange form, of more than the credit, or rolled over is not signed', async () => {
    const credit = chain.prove(place, 5n * VC, { element: 'credit' });
    const draw = (debt: Transaction['outputs'][number], amount = VC) =>
      vault.review(spend([credit], [debt, value(amount, chain.script(inner))]));
    expect(await draw(debtTo(new Uint8Array(20).fill(9), 2n * VC))).toMatchObject({ fault: 'debt-not-ours' });
    expect(await draw({ element: 'debt', amount: 2n * VC, script: Uint8Array.of(0x51) })).toMatchObject({ fault: 'draft-output' });
    expect(await draw(debtTo(tagAt(place), 6n * VC))).toMatchObject({ fault: 'debt-without-credit' });
    expect(await draw(debtTo(tagAt(place), 2n * VC), 3n * VC)).toMatchObject({ fault: 'value-created' });
    const debt = { ...chain.prove(place, 2n * VC, { element: 'debt' }), script: debtTo(tagAt(place), 1n).script };
    chain.coins.set(debt.outpoint, debt);
    const rolled = spend([credit, debt], [debtTo(tagAt(place), 2n * VC), value(2n * VC - 600n, chain.script(inner))]);
    expect(await vault.review(rolled)).toHaveProperty('fault');
  });

  test('VT11 a repayment needs no signature for the debt, and frozen money may do that and nothing else', async () => {
    const debt = { ...chain.prove(place, 2n * VC, { element: 'debt' }), script: debtTo(tagAt(place), 1n).script };
    chain.coins.set(debt.outpoint, debt);
    const frozen = chain.prove(place, 5n * VC, { frozen: true });
    const repaid = spend([frozen, debt], [value(3n * VC - 700n, chain.script(place))]);
    const review = await vault.review(repaid);
    expect(review).toMatchObject({ fee: 700n, debtChange: -2n * VC, repaid: [{ amount: 2n * VC }], owed: [] });
    expect(await vault.approve((review as ReviewView).id, PASSWORD)).toEqual({ txid: 'relayed' });
    const signed = decodeTransaction(chain.relayed.at(-1) as Uint8Array) as Transaction;
    expect(signed.inputs.map(({ witness }) => witness.length)).toEqual([2, 0]);
    expect(await vault.review(spend([frozen, debt], [value(3n * VC - 700n, chain.script(inner))]))).toMatchObject({ fault: 'frozen' });
    expect(await vault.review(spend([frozen], [value(5n * VC - 700n, STRANGER)]))).toMatchObject({
      fault: 'frozen',
      detail: { clause: 1 },
    });
    expect(await vault.review(spend([frozen], [value(5n * VC - 700n, chain.script(place))]))).toHaveProperty('id');
  });

  test('VT6 a page or chain worker that calls a stranger’s output change is not believed', async () => {
    const coin = chain.prove(place, 5n * VC);
    chain.hints.set(encodeHex(STRANGER), inner);
    const review = await vault.review(spend([coin], [value(4n * VC, STRANGER)]));
    expect(review).toMatchObject({ sent: 4n * VC, change: [] });
    expect((review as ReviewView).recipients[0]).toMatchObject({ own: false });
  });

  test('VT6 refuses what was not proved, is not ours, or creates value', async () => {
    const coin = chain.prove(place, 5n * VC);
    expect(await vault.review(spend([{ ...coin, outpoint: `${'ee'.repeat(32)}:0` }], [value(VC, STRANGER)]))).toMatchObject({
      fault: 'input-not-proved',
    });
    chain.coins.set(coin.outpoint, { ...coin, script: STRANGER });
    expect(await vault.review(spend([coin], [value(VC, STRANGER)]))).toMatchObject({ fault: 'input-not-ours' });
    chain.coins.set(coin.outpoint, { ...coin, spendable: false });
    expect(await vault.review(spend([coin], [value(VC, STRANGER)]))).toMatchObject({ fault: 'input-not-proved' });
    chain.coins.set(coin.outpoint, coin);
    expect(await vault.review(spend([coin], [value(6n * VC, STRANGER)]))).toMatchObject({ fault: 'value-created' });
    expect(await vault.review(spend([coin], [{ element: 'debt', amount: VC, script: STRANGER }]))).toMatchObject({ fault: 'draft-output' });
    expect(await vault.review(Uint8Array.of(1, 2, 3))).toMatchObject({ fault: 'not-a-transaction' });
  });

  test('VT6 refuses a payment out of two accounts', async () => {
    const account = await vault.addAccount('Household');
    const coins = [chain.prove(place, VC), chain.prove({ ...place, account: account as number }, VC)];
    expect(await vault.review(spend(coins, [value(VC, STRANGER)]))).toMatchObject({ fault: 'several-accounts' });
  });

  test('VT7 signs exactly what was reviewed, as a Bitcoin library does', async () => {
    const coins = [chain.prove(place, 5n * VC), chain.prove({ ...place, index: 4 }, VC)];
    const unsigned = spend(coins, [value(2n * VC, STRANGER), value(4n * VC - 700n, chain.script(inner))]);
    const review = await vault.review(unsigned);
    if ('fault' in review) throw new Error(review.fault);
    expect(await vault.approve(review.id, undefined)).toEqual({ txid: 'relayed' });
    expect(await vault.approve(review.id, undefined)).toMatchObject({ fault: 'review-missing' });
    const parsed = BitcoinTransaction.fromRaw(chain.relayed[0]!, { allowUnknownOutputs: true });
    expect(parsed.inputsLength).toBe(2);
    expect(encodeHex(parsed.unsignedTx)).toBe(encodeHex(unsigned));
    for (let i = 0; i < 2; i++) {
      const { publicKey } = chain.key(coins[i]!);
      const scriptCode = Script.encode(['DUP', 'HASH160', coins[i]!.script.subarray(2), 'EQUALVERIFY', 'CHECKSIG']);
      const witness = parsed.getInput(i).finalScriptWitness!;
      expect(witness[1]).toEqual(publicKey);
      const digest = parsed.preimageWitnessV0(i, scriptCode, 1, coins[i]!.amount);
      expect(decodeExtendedKey(chain.accounts[0]!.xpub, 'test')).not.toHaveProperty('fault');
      const compact = derToCompact(witness[0]!.subarray(0, -1));
      expect(chain.key(coins[i]!).verify(Buffer.from(digest), compact)).toBe(true);
    }
  });

  test('VT6 attack row W8: a large sum or a fee out of proportion asks for the password', async () => {
    const coin = chain.prove(place, 500n * VC);
    const large = await vault.review(spend([coin], [value(400n * VC, STRANGER), value(100n * VC - 500n, chain.script(inner))]));
    if ('fault' in large) throw new Error(large.fault);
    expect(large.needsPassword).toBe(true);
    expect(await vault.approve(large.id, undefined)).toMatchObject({ fault: 'wrong-password' });
    expect(await vault.approve(large.id, 'not the password')).toMatchObject({ fault: 'wrong-password' });
    expect(chain.relayed).toHaveLength(0);
    expect(await vault.approve(large.id, PASSWORD)).toEqual({ txid: 'relayed' });
    const dear = await vault.review(spend([coin], [value(VC, STRANGER), value(498n * VC, chain.script(inner))]));
    expect(dear).toMatchObject({ fee: VC, needsPassword: true });
    expect((dear as ReviewView).warnings).toEqual(expect.arrayContaining(['fee-high', 'fee-share', 'new-recipient']));
  });
});

const derToCompact = (der: Uint8Array): Uint8Array => {
  const length = der[3]!;
  const pad = (part: Uint8Array): Uint8Array =>
    concatBytes(new Uint8Array(Math.max(0, 32 - part.length)), part.slice(Math.max(0, part.length - 32)));
  return concatBytes(pad(der.slice(4, 4 + length)), pad(der.slice(6 + length)));
};

describe('messages', () => {
  test('MS4 are signed for an address of ours, after the password, and by nobody else', async () => {
    const { vault, chain } = await restored();
    const own = chain.script({ account: 0, change: 0, index: 4 });
    const address = encodeAddress(own, DEV_PARAMETERS.addressPrefix)!;
    const signature = await vault.signMessage(address, 'this is mine 这是我的', PASSWORD);
    expect(verifyMessage(own, 'this is mine 这是我的', signature as string)).toBe(true);
    expect(await vault.signMessage(address, 'mine', 'another password')).toMatchObject({ fault: 'wrong-password' });
    const stranger = encodeAddress(STRANGER, DEV_PARAMETERS.addressPrefix)!;
    expect(await vault.signMessage(stranger, 'mine', PASSWORD)).toMatchObject({ fault: 'message-not-ours' });
    chain.hints.set(encodeHex(STRANGER), { account: 0, change: 0, index: 4 });
    expect(await vault.signMessage(stranger, 'mine', PASSWORD)).toMatchObject({ fault: 'message-not-ours' });
    expect(await vault.signMessage('dvc1nothing', 'mine', PASSWORD)).toHaveProperty('fault');
    await vault.lock();
    expect(await vault.signMessage(address, 'mine', PASSWORD)).toMatchObject({ fault: 'vault-locked' });
  });
});

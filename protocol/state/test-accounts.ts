import { concatBytes } from '../codec/bytes.ts';
import { encodeUtf8 } from '../codec/utf8.ts';
import { sha256 } from '../crypto/hash.ts';
import { computeAccountId, encodeRealName, type RealName } from '../records/real-name.ts';
import type { RecordClaim } from '../records/record-claim.ts';
import { REAL_NAME_TABLE } from '../records/tables.ts';
import { buildMultisigInOrder } from '../script/forms/multisig.ts';
import { OP } from '../script/opcodes.ts';
import { testKey } from './test-chain.ts';
import type { Signer, TestLedger } from './test-ledger.ts';

/** The one member that genesis gives the group. */
export const FOUNDER = 5_000;

const CHAIN_CODE = sha256(encodeUtf8('an enterprise'));

/** An extended public key whose private key is a test key's. */
export const testXpub = (master: number): Uint8Array =>
  concatBytes(Uint8Array.of(0x04, 0x35, 0x87, 0xcf, 0, 0, 0, 0, 0, 0, 0, 0, 0), CHAIN_CODE, testKey(master).publicKey);

export const realNameClaim = (master: number, over: Partial<RealName> = {}): RecordClaim => {
  const xpub = testXpub(master);
  const realName = { xpub, commitment: sha256(xpub), parent: new Uint8Array(20), ...over };
  return { table: REAL_NAME_TABLE, key: computeAccountId(xpub), value: encodeRealName(realName) };
};

/** The key check of an account's record: its master key's own signature above the members'. */
export const realNameCheck = (master: number): Uint8Array =>
  concatBytes(
    Uint8Array.of(33),
    testKey(master).publicKey,
    Uint8Array.of(OP.CHECKSIGVERIFY),
    buildMultisigInOrder({ threshold: 1, keys: [testKey(FOUNDER).publicKey] }),
  );

export const realNameSigner =
  (script: Uint8Array, master: number): Signer =>
  (sign) => [new Uint8Array(0), sign(FOUNDER, script), sign(master, script)];

/** Registers an account and mines its record. */
export const registerAccount = (ledger: TestLedger, master: number, over: Partial<RealName> = {}): RecordClaim => {
  const claim = realNameClaim(master, over);
  const coin = ledger.commit(realNameCheck(master), claim);
  ledger.mine(ledger.reveal(coin, claim, realNameSigner(coin.script, master)));
  return claim;
};

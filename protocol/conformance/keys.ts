import { schnorr, secp256k1 } from '@noble/curves/secp256k1.js';
import { utf8 } from '@scure/base';
import { concatBytes, equalBytes } from '../codec/bytes.ts';
import { sha256 } from '../crypto/hash.ts';
import { decodeExtendedKey, deriveMasterKey } from '../crypto/hd-key.ts';
import { verifyEcdsa, verifySchnorr } from '../crypto/signature.ts';
import { isFault } from '../fault.ts';
import { SIGHASH_ALL } from '../script/sighash.ts';
import { decodeDer, isLowS, isStrictDer } from '../script/signature-encoding.ts';
import { type ConformanceAdapter, ConformanceTally, parseJson, toBytes } from './report.ts';

interface ExtendedKeys {
  readonly valid: readonly {
    readonly seed: string;
    readonly chains: readonly { readonly path: string; readonly xpub: string; readonly xprv: string }[];
  }[];
  readonly invalid: readonly { readonly key: string; readonly reason: string }[];
}

/** bips/bip-0032.json: each chain derived from its seed and read again; each invalid key refused. */
export const checkBip32: ConformanceAdapter = (contents) => {
  const tally = new ConformanceTally();
  const { valid, invalid } = parseJson(contents) as ExtendedKeys;
  for (const { seed, chains } of valid)
    for (const { path, xpub, xprv } of chains) {
      const master = deriveMasterKey(toBytes(seed), 'main');
      const key = path === 'm' ? master : master.derivePath(path);
      const read = [xprv, xpub].map((text) => decodeExtendedKey(text, 'main'));
      const derived = key.toBase58() === xprv && key.neutered().toBase58() === xpub;
      tally.judge(`${seed.slice(0, 16)} ${path}`, derived && read.every((each) => !isFault(each) && each.depth === key.depth));
    }
  for (const { key, reason } of invalid) tally.judge(reason, isFault(decodeExtendedKey(key, 'main')));
  return tally.report();
};

/** A row with a secret key is signed anew as well. */
const isSignedAlike = ([, secret = '', key = '', aux = '', message = '', signature = '']: readonly string[]): boolean => {
  if (secret === '') return true;
  const signed = schnorr.sign(toBytes(message), toBytes(secret), toBytes(aux));
  return equalBytes(schnorr.getPublicKey(toBytes(secret)), toBytes(key)) && equalBytes(signed, toBytes(signature));
};

/** bips/bip-0340_schnorr.csv: the verdict of each row. */
export const checkBip340: ConformanceAdapter = (contents) => {
  const tally = new ConformanceTally();
  const [, ...rows] = utf8.encode(contents).trim().split(/\r?\n/);
  for (const row of rows) {
    const cells = row.split(',');
    const [index, , key = '', , message = '', signature = '', verdict, comment] = cells;
    const valid = verifySchnorr(toBytes(signature), toBytes(message), toBytes(key));
    tally.judge(`${index} ${comment}`, valid === (verdict === 'TRUE') && isSignedAlike(cells));
  }
  return tally.report();
};

interface Wycheproof {
  readonly testGroups: readonly {
    readonly publicKey: { readonly uncompressed: string };
    readonly tests: readonly {
      readonly tcId: number;
      readonly comment: string;
      readonly msg: string;
      readonly sig: string;
      readonly result: string;
    }[];
  }[];
}

/** What consensus asks of a signature: strict DER, a low S, and that it verifies. */
const isConsensusSignature = (der: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean => {
  const typed = concatBytes(der, Uint8Array.of(SIGHASH_ALL));
  const compact = isStrictDer(typed) ? decodeDer(typed) : undefined;
  return compact !== undefined && isLowS(compact) && verifyEcdsa(compact, sha256(message), publicKey);
};

/** wycheproof/ecdsa_secp256k1_sha256_bitcoin_test.json */
export const checkWycheproofEcdsa: ConformanceAdapter = (contents) => {
  const tally = new ConformanceTally();
  for (const { publicKey, tests } of (parseJson(contents) as Wycheproof).testGroups) {
    const key = secp256k1.Point.fromHex(publicKey.uncompressed).toBytes(true);
    for (const { tcId, comment, msg, sig, result } of tests)
      tally.judge(`${tcId} ${comment}`, isConsensusSignature(toBytes(sig), toBytes(msg), key) === (result === 'valid'));
  }
  return tally.report();
};

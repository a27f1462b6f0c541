import { asHash32, ZERO_HASH } from '../codec/hash32.ts';
import { decodeHex } from '../codec/hex.ts';
import { type BitcoinFlags, parseFlags } from './bitcoin-flags.ts';
import { type ScriptVerdict, verifyBitcoinScript } from './bitcoin-script.ts';
import { type BitcoinOutput, type BitcoinTransaction, computeBitcoinTxid } from './bitcoin-transaction.ts';
import { type ConformanceAdapter, ConformanceTally, parseJson } from './report.ts';
import { assembleScript } from './script-assembler.ts';

const FINAL = 0xffff_ffff;
const EMPTY = new Uint8Array(0);
const SATOSHI = 100_000_000;
/** Two of Bitcoin's names are not its constants in capitals. */
const RENAMED: Readonly<Record<string, string>> = { UNKNOWN_ERROR: 'scriptnum', NULLFAIL: 'sig-nullfail' };
const TAPSCRIPT = '01 Scripts: there is no tapscript, other witness versions fail';

type Line = readonly unknown[];

interface ScriptCase {
  readonly witness: readonly string[];
  readonly value: bigint;
  readonly scriptSig: string;
  readonly script: string;
  readonly flags: string;
  readonly expected: string;
}

const readCase = (line: Line): ScriptCase => {
  const witnessed = Array.isArray(line[0]);
  const first: readonly unknown[] = witnessed ? (line[0] as readonly unknown[]) : [0];
  const [scriptSig, script, flags, expected] = line.slice(witnessed ? 1 : 0) as [string, string, string, string];
  const value = BigInt(Math.round((first[first.length - 1] as number) * SATOSHI));
  return { witness: first.slice(0, -1) as string[], value, scriptSig, script, flags, expected };
};

const makeCredit = (coin: BitcoinOutput): BitcoinTransaction => {
  const input = { outpoint: { txid: ZERO_HASH, index: FINAL }, scriptSig: Uint8Array.of(0, 0), sequence: FINAL, witness: [] };
  return { version: 1, inputs: [input], outputs: [coin], lockTime: 0 };
};

const makeSpend = (coin: BitcoinOutput, scriptSig: Uint8Array, witness: readonly Uint8Array[]): BitcoinTransaction => {
  const txid = asHash32(computeBitcoinTxid(makeCredit(coin)));
  const input = { outpoint: { txid, index: 0 }, scriptSig, sequence: FINAL, witness };
  return { version: 1, inputs: [input], outputs: [{ value: coin.value, script: EMPTY }], lockTime: 0 };
};

const withImplied = (flags: BitcoinFlags): BitcoinFlags => (flags.has('CLEANSTACK') ? new Set([...flags, 'P2SH', 'WITNESS']) : flags);

const runCase = ({ witness, value, scriptSig, script, flags }: ScriptCase): ScriptVerdict | undefined => {
  if (script.includes('#TAPROOTOUTPUT#')) return { kind: 'outside', reason: TAPSCRIPT };
  const [sigBytes, scriptBytes, parsedFlags] = [assembleScript(scriptSig), assembleScript(script), parseFlags(flags)];
  const items = witness.map(decodeHex).filter((item) => item instanceof Uint8Array);
  if (sigBytes === undefined || scriptBytes === undefined || parsedFlags === undefined || items.length !== witness.length) return undefined;
  const coin = { value, script: scriptBytes };
  return verifyBitcoinScript({ tx: makeSpend(coin, sigBytes, items), index: 0, coin, flags: withImplied(parsedFlags) });
};

const toCode = (expected: string): string => RENAMED[expected] ?? expected.toLowerCase().replaceAll('_', '-');

const isExpected = (verdict: ScriptVerdict | undefined, expected: string): boolean => {
  if (verdict === undefined) return false;
  return expected === 'OK' ? verdict.kind === 'valid' : verdict.kind === 'invalid' && verdict.code === toCode(expected);
};

/** core/script_tests.json: each case ends with the very error that it names. */
export const checkCoreScripts: ConformanceAdapter = (contents) => {
  const tally = new ConformanceTally();
  for (const line of (parseJson(contents) as readonly Line[]).filter((entry) => entry.length > 1)) {
    const scriptCase = readCase(line);
    const verdict = runCase(scriptCase);
    if (verdict?.kind === 'outside') tally.skip(JSON.stringify(line), verdict.reason);
    else tally.judge(JSON.stringify(line), isExpected(verdict, scriptCase.expected));
  }
  return tally.report();
};

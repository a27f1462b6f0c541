import { decodeReversedHex, type Hash32 } from '../codec/hash32.ts';
import { decodeHex } from '../codec/hex.ts';
import { isFault } from '../fault.ts';
import { outpointKey } from '../tx/outpoint.ts';
import { type BitcoinFlags, excludeEach, parseFlags, trimFlags, withoutFlags } from './bitcoin-flags.ts';
import { isBitcoinForm } from './bitcoin-form.ts';
import { type ScriptVerdict, verifyBitcoinScript } from './bitcoin-script.ts';
import { type BitcoinOutput, type BitcoinTransaction, decodeBitcoinTransaction } from './bitcoin-transaction.ts';
import { type ConformanceAdapter, ConformanceTally, parseJson } from './report.ts';
import { assembleScript } from './script-assembler.ts';

type CoinLine = readonly [txid: string, index: number, script: string, value?: number];
type Line = readonly [coins: readonly CoinLine[], transaction: string, flags: string];
type Coins = ReadonlyMap<string, BitcoinOutput>;

const BAD_FORM = 'BADTX';

const readCoin = ([txid, index, script, value]: CoinLine): [string, BitcoinOutput] | undefined => {
  const hash = decodeReversedHex(txid);
  const bytes = assembleScript(script);
  if (isFault(hash) || bytes === undefined) return undefined;
  return [outpointKey({ txid: hash as Hash32, index: index >>> 0 }), { value: BigInt(value ?? 0), script: bytes }];
};

const readTransaction = (hex: string): BitcoinTransaction | undefined => {
  const bytes = decodeHex(hex);
  const tx = isFault(bytes) ? bytes : decodeBitcoinTransaction(bytes);
  return isFault(tx) ? undefined : tx;
};

const runScripts = (tx: BitcoinTransaction, coins: Coins, flags: BitcoinFlags): ScriptVerdict => {
  for (const [index, input] of tx.inputs.entries()) {
    const coin = coins.get(outpointKey(input.outpoint));
    if (coin === undefined) return { kind: 'invalid', code: 'missing-coin' };
    const verdict = verifyBitcoinScript({ tx, index, coin, flags });
    if (verdict.kind !== 'valid') return verdict;
  }
  return { kind: 'valid' };
};

/** What a file says of its lines: what must hold with the flags it means, and what once they are changed by one. */
interface Expectation {
  readonly form: boolean;
  readonly scripts: 'valid' | 'invalid';
  readonly flagsOf: (named: BitcoinFlags) => BitcoinFlags;
}

type Run = (flags: BitcoinFlags) => ScriptVerdict;

/** No flag is named in vain: with one fewer the verdict is the other. What is outside our rules says nothing here. */
const isEachFlagNeeded = (run: Run, named: BitcoinFlags, { scripts, flagsOf }: Expectation): boolean =>
  excludeEach(named)
    .map((flags) => run(flagsOf(flags)).kind)
    .every((kind) => kind !== scripts);

/** Flags only forbid: what passes still does with any of them dropped, what fails still does with any more. */
const isMonotone = (run: Run, named: BitcoinFlags, { scripts, flagsOf }: Expectation): boolean =>
  [...withoutFlags(named)]
    .map((flag): BitcoinFlags => new Set([...named, flag]))
    .every((more) => {
      const { kind } = run(scripts === 'valid' ? trimFlags(flagsOf(more)) : withPrerequisites(flagsOf(more)));
      return kind === scripts || kind === 'outside';
    });

const withPrerequisites = (flags: BitcoinFlags): BitcoinFlags => {
  const filled = new Set(flags);
  if (filled.has('CLEANSTACK')) filled.add('WITNESS');
  if (filled.has('WITNESS')) filled.add('P2SH');
  return filled;
};

const judgeScripts = (run: Run, named: BitcoinFlags, expectation: Expectation): ScriptVerdict | boolean => {
  const verdict = run(expectation.flagsOf(named));
  if (verdict.kind === 'outside') return verdict;
  if (verdict.kind !== expectation.scripts) return false;
  return isEachFlagNeeded(run, named, expectation) && isMonotone(run, named, expectation);
};

const judgeLine = ([coinLines, hex, flagText]: Line, expectation: Expectation): ScriptVerdict | boolean => {
  const tx = readTransaction(hex);
  const coins = coinLines.map(readCoin).filter((entry) => entry !== undefined);
  if (tx === undefined || coins.length !== coinLines.length) return false;
  if (flagText === BAD_FORM) return !isBitcoinForm(tx);
  const named = parseFlags(flagText);
  if (named === undefined || !isBitcoinForm(tx)) return false;
  return judgeScripts((flags) => runScripts(tx, new Map(coins), flags), named, expectation);
};

const checkLines =
  (expectation: Expectation): ConformanceAdapter =>
  (contents) => {
    const tally = new ConformanceTally();
    for (const line of (parseJson(contents) as readonly Line[]).filter((entry) => entry.length > 1)) {
      const verdict = judgeLine(line, expectation);
      if (typeof verdict === 'boolean') tally.judge(JSON.stringify(line), verdict);
      else tally.skip(JSON.stringify(line), verdict.kind === 'outside' ? verdict.reason : verdict.kind);
    }
    return tally.report();
  };

/** core/tx_valid.json: valid under all flags but those named, of which none is named in vain. */
export const checkCoreValid: ConformanceAdapter = checkLines({ form: true, scripts: 'valid', flagsOf: withoutFlags });

/** core/tx_invalid.json: invalid under the flags named, of which none is named in vain. */
export const checkCoreInvalid: ConformanceAdapter = checkLines({ form: false, scripts: 'invalid', flagsOf: (named) => named });

import { Transaction as BitcoinTransaction, getInputType } from '@scure/btc-signer';
import { EMPTY_BYTES } from '../codec/bytes.ts';
import { encodeHex } from '../codec/hex.ts';
import { decodeBytes } from '../codec/reader.ts';
import { encodeBytes } from '../codec/writer.ts';
import { type Fault, fault, isFault } from '../fault.ts';
import { PSBT_GLOBAL, PSBT_INPUT, PSBT_OUTPUT } from './fields.ts';
import { computePsbtLockTime } from './lock-time.ts';
import { decodePsbtForm, encodePsbt, findValue, joinMaps, type Psbt, type PsbtFormFault, type PsbtMap } from './psbt.ts';

/** The library judges every field; what it does not know is kept, and no form of script is refused here. */
const OPTIONS = {
  unknown: 'ignore',
  allowUnknownInputs: true,
  allowUnknownOutputs: true,
  allowUnknownVersion: true,
  allowLegacyWitnessUtxo: true,
  disableScriptCheck: true,
} as const;

/** What a signer may rely on, and a reader needs not. */
const SIGNER_OPTIONS = { ...OPTIONS, allowLegacyWitnessUtxo: false, disableScriptCheck: false } as const;

/** Whatever a library refuses by throwing, as a fault of ours. */
const orFault = <T, Code extends string>(work: () => T, code: Code): T | Fault<Code> => {
  try {
    return work();
  } catch {
    return fault(code);
  }
};

/** A PSBT of which form and every field hold. */
export interface CheckedPsbt {
  readonly psbt: Psbt;
  readonly inputs: readonly PsbtMap[];
  readonly outputs: readonly PsbtMap[];
  readonly lockTime: number;
  readonly transaction: BitcoinTransaction;
}

export type PsbtFault = PsbtFormFault | Fault<'psbt-field' | 'psbt-lock-time' | 'psbt-maps'>;

const MAX_COUNT = 100_000;

const countOf = (map: PsbtMap, type: number): number => {
  const count = decodeBytes(findValue(map, type) ?? EMPTY_BYTES, (reader) => reader.compactSize(MAX_COUNT));
  return isFault(count) ? 0 : count;
};

/** Version 2 says how many inputs there are before they are read. */
const judgeLockTime = (psbt: Psbt): number | Fault<'psbt-lock-time'> => {
  const count = psbt.version === 2 ? countOf(psbt.global, PSBT_GLOBAL.inputCount) : 0;
  return computePsbtLockTime(psbt.global, psbt.maps.slice(0, count));
};

/**
 * Reads a PSBT of version 0 or 2.
 *
 * @fault those of its form; `psbt-field`: a field that must not be, is missing or does not read; `psbt-lock-time`: inputs ask
 * for lock times that exclude each other; `psbt-maps`: other maps than inputs and outputs
 * @source SPEC PS2; BIP174, BIP370
 */
export const decodePsbt = (bytes: Uint8Array): CheckedPsbt | PsbtFault => {
  const psbt = decodePsbtForm(bytes);
  if (isFault(psbt)) return psbt;
  const required = judgeLockTime(psbt);
  if (isFault(required)) return required;
  const transaction = orFault(() => BitcoinTransaction.fromPSBT(bytes, OPTIONS), 'psbt-field');
  if (isFault(transaction)) return transaction;
  const { inputsLength, outputsLength } = transaction;
  if (psbt.maps.length !== inputsLength + outputsLength) return fault('psbt-maps', { maps: psbt.maps.length });
  return {
    psbt,
    inputs: psbt.maps.slice(0, inputsLength),
    outputs: psbt.maps.slice(inputsLength),
    lockTime: psbt.version === 2 ? required : transaction.lockTime,
    transaction,
  };
};

/**
 * What a signer has to refuse: a script that is not the one its coin or its outer script commits to, or an amount that is
 * only claimed where the signature does not cover it.
 *
 * @fault `psbt-input`: with the input's index where it is known
 * @source SPEC PS4; BIP174, simple signer algorithm
 */
export const checkPsbtInputs = ({ psbt }: CheckedPsbt): true | Fault<'psbt-input'> => {
  const transaction = orFault(() => BitcoinTransaction.fromPSBT(encodePsbt(psbt), SIGNER_OPTIONS), 'psbt-input');
  if (isFault(transaction)) return transaction;
  for (let input = 0; input < transaction.inputsLength; input++) {
    const fields = transaction.getInput(input);
    if (fields.witnessUtxo === undefined && fields.nonWitnessUtxo === undefined) continue;
    if (isFault(orFault(() => getInputType(fields), 'psbt-input'))) return fault('psbt-input', { input });
  }
  return true;
};

/** @shape unsigned: a transaction without scriptSig and witness @fault `psbt-field`: it is none @source SPEC PS5; BIP174, creator */
export const createPsbt = (unsigned: Uint8Array): Uint8Array | PsbtFault => {
  const transaction = orFault(() => BitcoinTransaction.fromRaw(unsigned, OPTIONS), 'psbt-field');
  if (isFault(transaction)) return transaction;
  const maps = Array.from({ length: transaction.inputsLength + transaction.outputsLength }, () => []);
  const global = [{ key: Uint8Array.of(PSBT_GLOBAL.unsignedTx), value: unsigned }];
  const created = encodePsbt({ version: 0, global, maps });
  const checked = decodePsbt(created);
  return isFault(checked) ? checked : created;
};

/** What makes two PSBTs ones of the same transaction. */
const identify = ({ psbt, inputs, outputs }: CheckedPsbt): string => {
  const of = (map: PsbtMap, types: readonly number[]): string[] => types.map((type) => encodeHex(findValue(map, type) ?? EMPTY_BYTES));
  const parts = [
    of(psbt.global, [PSBT_GLOBAL.unsignedTx, PSBT_GLOBAL.txVersion, PSBT_GLOBAL.inputCount, PSBT_GLOBAL.outputCount]),
    ...inputs.map((map) => of(map, [PSBT_INPUT.previousTxid, PSBT_INPUT.outputIndex])),
    ...outputs.map((map) => of(map, [PSBT_OUTPUT.amount, PSBT_OUTPUT.script])),
  ];
  return JSON.stringify([psbt.version, parts]);
};

/**
 * Joins what several people added to one PSBT, keys in their order.
 *
 * @fault `psbt-different`: they are not of one transaction; and those of each
 * @source SPEC PS5; BIP174, combiner
 */
export const combinePsbts = (all: readonly Uint8Array[]): Uint8Array | PsbtFault | Fault<'psbt-different'> => {
  let combined: CheckedPsbt | undefined;
  for (const bytes of all) {
    const next = decodePsbt(bytes);
    if (isFault(next)) return next;
    if (combined !== undefined && identify(combined) !== identify(next)) return fault('psbt-different');
    combined = combined === undefined ? next : { ...combined, psbt: joinPsbts(combined.psbt, next.psbt) };
  }
  return combined === undefined ? fault('psbt-different') : encodePsbt(combined.psbt);
};

const joinPsbts = (one: Psbt, other: Psbt): Psbt => ({
  version: one.version,
  global: joinMaps(one.global, other.global),
  maps: one.maps.map((map, index) => joinMaps(map, other.maps[index] ?? [])),
});

/** What an input needs no more once it is final: signatures, sighash type, scripts, key paths and preimages. */
const isSpent = (type: number | undefined): boolean =>
  type !== undefined && ((type >= 0x02 && type <= 0x06) || (type >= 0x0a && type <= 0x0d));

const encodeWitness = (items: readonly Uint8Array[]): Uint8Array =>
  encodeBytes((writer) => writer.list(items, (inner, item) => inner.varBytes(item)));

const finalizeMap = (map: PsbtMap, { finalScriptSig, finalScriptWitness }: ReturnType<BitcoinTransaction['getInput']>): PsbtMap => {
  const entryOf = (type: number, value: Uint8Array | undefined): PsbtMap =>
    value === undefined || value.length === 0 ? [] : [{ key: Uint8Array.of(type), value }];
  const witness = finalScriptWitness === undefined ? undefined : encodeWitness(finalScriptWitness);
  const made = [...entryOf(PSBT_INPUT.finalScriptSig, finalScriptSig), ...entryOf(PSBT_INPUT.finalWitness, witness)];
  return joinMaps(
    map.filter(({ key }) => !isSpent(key[0])),
    made,
  );
};

/**
 * Puts the final script and witness in place of the parts that they were made of.
 *
 * @fault `psbt-incomplete`: a signature is missing; `psbt-input`; and those of the PSBT
 * @source SPEC PS5; BIP174, input finalizer
 */
export const finalizePsbt = (bytes: Uint8Array): Uint8Array | PsbtFault | Fault<'psbt-incomplete' | 'psbt-input'> => {
  const checked = decodePsbt(bytes);
  if (isFault(checked)) return checked;
  const refused = checkPsbtInputs(checked);
  if (refused !== true) return refused;
  const { psbt, inputs, outputs, transaction } = checked;
  const done = orFault(() => transaction.finalize(), 'psbt-incomplete');
  if (isFault(done)) return done;
  return encodePsbt({ ...psbt, maps: [...inputs.map((map, index) => finalizeMap(map, transaction.getInput(index))), ...outputs] });
};

/**
 * Takes the transaction out of a final PSBT.
 *
 * @fault `psbt-incomplete`: an input is not final; and those of the PSBT
 * @source SPEC PS5; BIP174, transaction extractor
 */
export const extractPsbt = (bytes: Uint8Array): Uint8Array | PsbtFault | Fault<'psbt-incomplete'> => {
  const checked = decodePsbt(bytes);
  return isFault(checked) ? checked : orFault(() => checked.transaction.extract(), 'psbt-incomplete');
};

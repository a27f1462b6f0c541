import { MAX_MULTISIG_KEYS, MAX_OPERATIONS } from '../limits.ts';
import { type Machine, type Operations, operation } from '../machine.ts';
import { OP } from '../opcodes.ts';
import type { ScriptFaultCode } from '../script-fault.ts';
import { checkKeyEncoding, checkSignatureEncoding } from '../signature-encoding.ts';

interface Multisig {
  /** last first: the order in which they are tried */
  readonly keys: readonly Uint8Array[];
  readonly signatures: readonly Uint8Array[];
}

const separate = (m: Machine): ScriptFaultCode | undefined => {
  if (m.rules.CONST_SCRIPTCODE) return 'op-codeseparator';
  m.codeStart = m.cursor.offset;
  return undefined;
};

const codeFor = (m: Machine, signatures: readonly Uint8Array[]): Uint8Array | 'sig-findanddelete' =>
  m.checker.prepareCode(m.cursor.script.subarray(m.codeStart), signatures, m.rules.CONST_SCRIPTCODE);

/** One signature against one key: whether it is accepted, or which rule an encoding breaks. */
const tryKey = (m: Machine, signature: Uint8Array, publicKey: Uint8Array, code: Uint8Array): boolean | ScriptFaultCode => {
  const broken = checkSignatureEncoding(signature, m.rules) ?? checkKeyEncoding(publicKey, m.rules);
  if (broken !== undefined) return broken;
  if (signature.length === 0 || !m.checker.checkSignature(signature, publicKey, code)) return false;
  m.accepted.push({ publicKey, sighashType: signature[signature.length - 1] as number });
  return true;
};

const checkSig = (m: Machine): ScriptFaultCode | undefined => {
  const [signature, publicKey] = [m.peek(2), m.peek(1)];
  const code = codeFor(m, [signature]);
  if (code === 'sig-findanddelete') return code;
  if (signature.length > 0) m.checks++;
  const valid = tryKey(m, signature, publicKey, code);
  if (typeof valid === 'string') return valid;
  if (!valid && m.rules.NULLFAIL && signature.length > 0) return 'sig-nullfail';
  m.stack.splice(-2);
  m.pushBoolean(valid);
  return undefined;
};

const popItems = (m: Machine, count: number): Uint8Array[] => (count === 0 ? [] : m.stack.splice(-count).reverse());

const takeMultisig = (m: Machine): Multisig | ScriptFaultCode => {
  const keyCount = m.peekNumber(1);
  if (keyCount === undefined) return 'scriptnum';
  if (keyCount < 0 || keyCount > MAX_MULTISIG_KEYS) return 'pubkey-count';
  m.operations += keyCount;
  if (m.operations > MAX_OPERATIONS) return 'op-count';
  if (m.stack.length < keyCount + 2) return 'invalid-stack-operation';
  const signatureCount = m.peekNumber(keyCount + 2);
  if (signatureCount === undefined) return 'scriptnum';
  if (signatureCount < 0 || signatureCount > keyCount) return 'sig-count';
  if (m.stack.length < keyCount + signatureCount + 3) return 'invalid-stack-operation';
  m.pop();
  const keys = popItems(m, keyCount);
  m.pop();
  return { keys, signatures: popItems(m, signatureCount) };
};

const matchSignatures = (m: Machine, { keys, signatures }: Multisig): boolean | ScriptFaultCode => {
  const code = codeFor(m, signatures);
  if (code === 'sig-findanddelete') return code;
  let matched = 0;
  for (let tried = 0; matched < signatures.length; tried++) {
    if (signatures.length - matched > keys.length - tried) return false;
    const valid = tryKey(m, signatures[matched] as Uint8Array, keys[tried] as Uint8Array, code);
    if (typeof valid === 'string') return valid;
    if (valid) matched++;
  }
  return true;
};

const checkMultisig = (m: Machine): ScriptFaultCode | undefined => {
  const multisig = takeMultisig(m);
  if (typeof multisig === 'string') return multisig;
  m.checks += multisig.keys.length;
  const valid = matchSignatures(m, multisig);
  if (typeof valid === 'string') return valid;
  if (!valid && m.rules.NULLFAIL && multisig.signatures.some((signature) => signature.length > 0)) return 'sig-nullfail';
  if (m.rules.NULLDUMMY && m.peek(1).length > 0) return 'sig-nulldummy';
  m.pop();
  m.pushBoolean(valid);
  return undefined;
};

const andVerify =
  (run: (m: Machine) => ScriptFaultCode | undefined, code: ScriptFaultCode) =>
  (m: Machine): ScriptFaultCode | undefined =>
    run(m) ?? (m.popBoolean() ? undefined : code);

/** @source SPEC SC6, SC7 */
export const SIGNATURE_OPERATIONS: Operations = [
  operation(OP.CODESEPARATOR, 0, separate),
  operation(OP.CHECKSIG, 2, checkSig),
  operation(OP.CHECKSIGVERIFY, 2, andVerify(checkSig, 'checksigverify')),
  operation(OP.CHECKMULTISIG, 1, checkMultisig),
  operation(OP.CHECKMULTISIGVERIFY, 1, andVerify(checkMultisig, 'checkmultisigverify')),
];

/** A signature that the interpreter accepted. @shape publicKey: 33 bytes; sighashType: Bitcoin's byte @source SPEC SC7 */
export interface AcceptedSignature {
  readonly publicKey: Uint8Array;
  readonly sighashType: number;
}

/** What a script asks of the transaction that runs it; encodings were judged before by the rule set. */
export interface SignatureChecker {
  /** The code that signatures commit to, given the script after the last executed separator and the signatures tried. */
  readonly prepareCode: (code: Uint8Array, signatures: readonly Uint8Array[], constant: boolean) => Uint8Array | 'sig-findanddelete';
  /** @shape signature: DER ‖ sighash type, not empty */
  readonly checkSignature: (signature: Uint8Array, publicKey: Uint8Array, code: Uint8Array) => boolean;
  readonly checkLockTime: (lockTime: number) => boolean;
  readonly checkSequence: (sequence: number) => boolean;
}

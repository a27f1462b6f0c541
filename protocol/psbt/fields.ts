/** @source BIP174, BIP370 */
export const PSBT_GLOBAL = {
  unsignedTx: 0x00,
  txVersion: 0x02,
  fallbackLockTime: 0x03,
  inputCount: 0x04,
  outputCount: 0x05,
  version: 0xfb,
} as const;

/** @source BIP174, BIP370 */
export const PSBT_INPUT = {
  finalScriptSig: 0x07,
  finalWitness: 0x08,
  previousTxid: 0x0e,
  outputIndex: 0x0f,
  requiredTime: 0x11,
  requiredHeight: 0x12,
} as const;

/** @source BIP370 */
export const PSBT_OUTPUT = { amount: 0x03, script: 0x04 } as const;

import { CONFORMANCE_FILES } from '#protocol/conformance/adapters';
import {
  type AsyncConformanceAdapter,
  type ConformanceAdapter,
  type ConformanceReport,
  ConformanceTally,
  parseJson,
} from '#protocol/conformance/report';
import { checkBip69, checkBip329 } from '../chain/conformance.ts';
import { checkKeyDerivation, checkMnemonics } from '../vault/conformance.ts';
import { checkBip84 } from '../vault/conformance-bip-84.ts';

/** One file of test data and what is run on it, with the files that it needs as well. */
interface VectorFile {
  readonly beside: readonly string[];
  readonly run: (contents: Uint8Array, ...beside: readonly Uint8Array[]) => ConformanceReport | Promise<ConformanceReport>;
}

const alone = (run: ConformanceAdapter | AsyncConformanceAdapter): VectorFile => ({ beside: [], run: (contents) => run(contents) });

interface Wycheproof {
  readonly testGroups: readonly { readonly tests: readonly { readonly tcId: number; readonly comment: string }[] }[];
}

const NO_AES = 'VT1: vaults and backups are sealed with XChaCha20-Poly1305, and nothing here uses AES';

/** wycheproof/aes_gcm_test.json: every case by its name, none of them run. */
const listAesCases: ConformanceAdapter = (contents) => {
  const tally = new ConformanceTally();
  for (const { tests } of (parseJson(contents) as Wycheproof).testGroups)
    for (const { tcId, comment } of tests) tally.skip(`${tcId} ${comment}`, NO_AES);
  return tally.report();
};

/** misc/rsa2048_modulus.json */
const listModulus: ConformanceAdapter = (contents) => {
  const tally = new ConformanceTally();
  const { name } = parseJson(contents) as { readonly name: string };
  tally.skip(name, 'SC13: collective accounts, which this modulus is for, are not in force yet');
  return tally.report();
};

/** Every file of a folder of vectors that is known here, by its path in it. */
export const VECTOR_FILES: Readonly<Record<string, VectorFile>> = {
  ...CONFORMANCE_FILES,
  'bips/bip-0084.json': alone(checkBip84),
  'bips/bip-0329_labels.jsonl': alone(checkBip329),
  'misc/kdf_rfc.json': alone(checkKeyDerivation),
  'misc/rsa2048_modulus.json': alone(listModulus),
  'mnemonic/trezor_vectors.json': alone(checkMnemonics),
  'wallet/bip69.json': alone(checkBip69),
  'wycheproof/aes_gcm_test.json': alone(listAesCases),
};

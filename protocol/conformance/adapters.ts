import { checkBip143 } from './bip-143.ts';
import { checkBip322 } from './bip-322.ts';
import { checkBip67, checkBip173, checkBip350 } from './bips.ts';
import { checkElectrumCheckpoints, checkMainHeaders, checkRetargetBoundaries, checkSignetHeaders } from './bitcoin-headers.ts';
import { checkBlockWithUndo, checkFirstBlocks, checkUndo } from './blocks.ts';
import { checkCoreScripts } from './core-scripts.ts';
import { checkCoreSighash } from './core-sighash.ts';
import { checkCoreInvalid, checkCoreValid } from './core-transactions.ts';
import { checkBlockFilters } from './filter.ts';
import { checkBip32, checkBip340, checkWycheproofEcdsa } from './keys.ts';
import { checkMerkleBlock, checkSpvAttackVectors, checkTxOutProofs } from './merkle.ts';
import { checkPsbts } from './psbt.ts';
import { checkPsbtWorkflow } from './psbt-workflow.ts';
import type { ConformanceReport } from './report.ts';
import { checkWitnessBlock } from './witness-block.ts';

/** One file of test data and what is run on it; `beside` names the files that it needs as well, handed over in this order. */
export interface ConformanceFile {
  readonly beside: readonly string[];
  readonly run: (contents: Uint8Array, ...beside: readonly Uint8Array[]) => ConformanceReport;
}

const alone = (run: (contents: Uint8Array) => ConformanceReport): ConformanceFile => ({ beside: [], run: (contents) => run(contents) });

type PairAdapter = (contents: Uint8Array, other: Uint8Array) => ConformanceReport;

const together = (run: PairAdapter, other: string): ConformanceFile => ({
  beside: [other],
  run: (contents, beside) => run(contents, beside ?? new Uint8Array(0)),
});

const BLOCK = 'blocks/mainnet_block300025.raw';
const UNDO = 'blocks/bcoin_block300025-undo.raw';

/** The files whose subject is in this layer, by their path in a folder of vectors. */
export const CONFORMANCE_FILES: Readonly<Record<string, ConformanceFile>> = {
  'bips/bip-0032.json': alone(checkBip32),
  'bips/bip-0067.json': alone(checkBip67),
  'bips/bip-0143_examples.json': alone(checkBip143),
  'bips/bip-0158_testnet-19.json': alone(checkBlockFilters),
  'bips/bip-0173.json': alone(checkBip173),
  'bips/bip-0174_psbt.json': alone(checkPsbts),
  'bips/bip-0174_workflow.txt': alone(checkPsbtWorkflow),
  'bips/bip-0322_basic.json': alone(checkBip322),
  'bips/bip-0340_schnorr.csv': alone(checkBip340),
  'bips/bip-0350.json': alone(checkBip350),
  'bips/bip-0370_psbt.json': alone(checkPsbts),
  'blocks/btcd_blocks1-256.dat': alone(checkFirstBlocks),
  [BLOCK]: together(checkBlockWithUndo, UNDO),
  [UNDO]: together(checkUndo, BLOCK),
  'blocks/mainnet_block482683.raw': alone(checkWitnessBlock),
  'core/script_tests.json': alone(checkCoreScripts),
  'core/sighash.json': alone(checkCoreSighash),
  'core/tx_invalid.json': alone(checkCoreInvalid),
  'core/tx_valid.json': alone(checkCoreValid),
  'headers/electrum_mainnet_checkpoints.json': alone(checkElectrumCheckpoints),
  'headers/mainnet_0_10236.bin': alone(checkMainHeaders),
  'headers/mainnet_retarget_boundaries.json': alone(checkRetargetBoundaries),
  'headers/signet_0_2015.bin': alone(checkSignetHeaders),
  'merkle/merkle300025.raw': alone(checkMerkleBlock),
  'merkle/mainnet_txoutproofs.json': alone(checkTxOutProofs),
  'merkle/spv_attack_vectors.json': alone(checkSpvAttackVectors),
  'wycheproof/ecdsa_secp256k1_sha256_bitcoin_test.json': alone(checkWycheproofEcdsa),
};

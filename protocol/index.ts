/**
 * What others may build on: bytes, rules and proofs of the network, all of it pure. What outside data breaks is returned as a
 * fault (`isFault`), never thrown.
 *
 * @module
 */

export type { Block, BlockBody } from './block/block.ts';
export { decodeBody, encodeBody } from './block/body-codec.ts';
export { computeBlockWeight, computeTxRoot, computeWitnessRoot } from './block/body-roots.ts';
export { decodeFilter, encodeFilter, type Filter, filterKey, matchFilter } from './block/filter.ts';
export { type BurnRight, type Economy, HEADER_BYTES, type Header, type NoRight, type StakeRight } from './block/header.ts';
export { computeHeaderHash, decodeHeader, encodeHeader } from './block/header-codec.ts';
export { verifyAncestor } from './block/history.ts';
export { computeStateRoot, type TrieRoots } from './block/state-root.ts';
export type { Brand } from './brand.ts';
export { asHash32, decodeReversedHex, encodeReversedHex, type Hash32 } from './codec/hash32.ts';
export { decodeHex, encodeHex } from './codec/hex.ts';
export type { CodecFault } from './codec/reader.ts';
export { type CurveBackend, type HashBackend, NOBLE_CURVE, NOBLE_HASH, useCrypto } from './crypto/backend.ts';
export { hash160, hash256, sha256 } from './crypto/hash.ts';
export { decodeExtendedKey, deriveMasterKey, type ExtendedKeyPrefix, type HdKey } from './crypto/hd-key.ts';
export { verifyEcdsa, verifySchnorr } from './crypto/signature.ts';
export { Failure } from './failure.ts';
export { type Fault, fault, isFault } from './fault.ts';
export type { Coin } from './ledger/coin.ts';
export { decodeCoin, encodeCoin } from './ledger/coin-codec.ts';
export { computeBucketRange, computeCoinKey, computeOwnerRange } from './ledger/coin-key.ts';
export { verifyConsistency } from './merkle/consistency.ts';
export { verifyInclusion } from './merkle/inclusion.ts';
export { computeMerkleRoot, hashLeaf, hashNode } from './merkle/tree.ts';
export { encodeMessageSignature, verifyMessage } from './message/message-signature.ts';
export { computeMessageHash } from './message/signed-message.ts';
export { computeConfigHash, decodeNetworkFile, type NetworkFile } from './params/network-file.ts';
export { PARAMETERS } from './params/networks.ts';
export type { NetworkName, Parameters } from './params/parameters.ts';
export { decodeBits, encodeBits } from './params/target.ts';
export {
  type CheckedPsbt,
  checkPsbtInputs,
  combinePsbts,
  createPsbt,
  decodePsbt,
  extractPsbt,
  finalizePsbt,
} from './psbt/meaning.ts';
export type { Psbt, PsbtEntry, PsbtMap } from './psbt/psbt.ts';
export type { Child } from './records/child.ts';
export { decodePayee, type Payee } from './records/payee.ts';
export { computeAccountId, computeAccountTag, decodeRealName, type RealName } from './records/real-name.ts';
export { decodeRealNameAddress, encodeRealNameAddress, type RealNameAddressFault } from './records/real-name-address.ts';
export { computeRecordKey, decodeRecord, encodeRecord, type RecordEntry } from './records/record-leaf.ts';
export { type Address, type AddressPrefix, decodeAddress, encodeAddress } from './script/address.ts';
export { buildMultisig, buildPayToMultisig, type MultisigForm, matchMultisig } from './script/forms/multisig.ts';
export { buildPayToKey, buildPayToKeyHash, matchPayToKey } from './script/forms/pay-to-key.ts';
export { buildPayToScript, matchPayToScript } from './script/forms/pay-to-script.ts';
export { checkInputScript, type SatisfiedInput } from './script/input.ts';
export { computeOwnerTag, computeScriptTag } from './script/owner-tag.ts';
export { decodePaymentUri, encodePaymentUri, type PaymentRequest, type PaymentUri } from './script/payment-uri.ts';
export { CONSENSUS_RULES, type ScriptRules } from './script/rules.ts';
export { computeSighash, SIGHASH_ALL, type SighashSource, type SignedInput, sighashSourceOf } from './script/sighash.ts';
export type { KeyRange, TrieChange } from './trie/node.ts';
export { keyRange, prefixRange } from './trie/ranges.ts';
export { type ProofFault, type ProvenLeaf, type ProvenLeaves, verifyRanges } from './trie/verify.ts';
export { MAX_AMOUNT, UNITS_PER_VC } from './tx/amount.ts';
export { encodeAmountField } from './tx/amount-field.ts';
export { formatAmount, parseAmount } from './tx/amount-text.ts';
export type { Element } from './tx/element.ts';
export { checkTransactionForm } from './tx/form.ts';
export { computeTxid, computeVirtualSize, computeWeight, computeWtxid } from './tx/identity.ts';
export { CIRCULATION, DEBT_LAYER, type Layer, MANAGEMENT } from './tx/layer.ts';
export type { Outpoint } from './tx/outpoint.ts';
export type { Transaction, TransactionInput, TransactionOutput, Txid, Wtxid } from './tx/transaction.ts';
export { decodeTransaction, encodeTransaction } from './tx/transaction-codec.ts';
export { COINBASE, CREDIT_AUTHORISATION, PUNISHMENT, RECORD, TRANSFER, type TransactionType } from './tx/transaction-type.ts';
export { type AnswerOf, PROTOCOLS, type Protocol, type ProtocolName, protocolId, type RequestOf } from './wire/protocols.ts';

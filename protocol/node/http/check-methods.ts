import { encodeReversedHex } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { isFault } from '#protocol/fault';
import { decodeAddress, encodeAddress } from '#protocol/script/address';
import { matchWitnessProgram } from '#protocol/script/witness-program';
import { computeTxid, computeWtxid } from '#protocol/tx/identity';
import { decodeTransaction } from '#protocol/tx/transaction-codec';
import { RPC_CODES, type RpcMethod, RpcRefusal, showDetail } from './json-rpc.ts';
import { readBytes } from './rpc-parameters.ts';
import type { NodeServices } from './services.ts';
import { showAmount } from './show-block.ts';

const MAX_TESTED = 25;
const KEY_HASH_BYTES = 20;

const showAddress = ({ chain }: NodeServices, text: unknown): object => {
  if (typeof text !== 'string') throw new RpcRefusal(RPC_CODES.type, 'address');
  const { addressPrefix } = chain.parameters;
  const address = decodeAddress(text, addressPrefix);
  if (isFault(address)) return { isvalid: false, error_locations: [], error: address.fault };
  const program = matchWitnessProgram(address.script);
  return {
    isvalid: true,
    address: encodeAddress(address.script, addressPrefix),
    scriptPubKey: encodeHex(address.script),
    isscript: program !== undefined && program.program.length > KEY_HASH_BYTES,
    iswitness: program !== undefined,
    ...(program === undefined ? {} : { witness_version: program.version, witness_program: encodeHex(program.program) }),
  };
};

const showTest = ({ mempool }: NodeServices, bytes: Uint8Array): object => {
  const transaction = decodeTransaction(bytes);
  if (isFault(transaction)) throw new RpcRefusal(RPC_CODES.parse, 'TX decode failed', transaction);
  const names = { txid: encodeReversedHex(computeTxid(transaction)), wtxid: encodeReversedHex(computeWtxid(transaction)) };
  const verdict = mempool.examine(transaction);
  return isFault(verdict)
    ? { ...names, allowed: false, 'reject-reason': verdict.fault, 'reject-details': showDetail(verdict) }
    : { ...names, allowed: true, vsize: verdict.size, fees: { base: showAmount(verdict.fee) } };
};

/** Methods that judge what a caller has and change nothing. @source SPEC ND32 */
export const checkMethods = (services: NodeServices): Record<string, RpcMethod> => ({
  validateaddress: ([address]) => showAddress(services, address),
  testmempoolaccept: ([transactions]) => {
    if (!Array.isArray(transactions) || transactions.length === 0 || transactions.length > MAX_TESTED)
      throw new RpcRefusal(RPC_CODES.parameter, `Array must contain between 1 and ${MAX_TESTED} transactions.`);
    return transactions.map((each) => showTest(services, readBytes(each)));
  },
});

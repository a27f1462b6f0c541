import { encodeHex } from '#protocol/codec/hex';
import { RPC_CODES, type RpcMethod, RpcRefusal } from './json-rpc.ts';
import { readHash } from './rpc-parameters.ts';
import type { NodeServices } from './services.ts';
import { showAmount } from './show-block.ts';

const FILTER_TYPE = 'basic';
const NO_HASH = 'none';

/** Tips of the chain, filters of blocks, and what all coins together are. @source SPEC ND32 */
export const stateMethods = ({ chain }: NodeServices): Record<string, RpcMethod> => ({
  getchaintips: () =>
    chain.chainTips().map(({ header, hash, branch, status }) => ({
      height: header.height,
      hash: encodeHex(hash),
      branchlen: branch,
      status,
    })),
  getblockfilter: async ([hash, type = FILTER_TYPE]) => {
    const block = chain.headerByHash(readHash(hash));
    if (type !== FILTER_TYPE) throw new RpcRefusal(RPC_CODES.address, 'Unknown filtertype');
    if (block === undefined) throw new RpcRefusal(RPC_CODES.address, 'Block not found');
    const filter = await chain.filterOf(block.hash);
    if (filter === undefined) throw new RpcRefusal(RPC_CODES.misc, 'Filter not found');
    return { filter: encodeHex(filter), filterhash: encodeHex(block.header.filterHash) };
  },
  gettxoutsetinfo: ([hashType = NO_HASH]) => {
    if (hashType !== NO_HASH) throw new RpcRefusal(RPC_CODES.parameter, `'${String(hashType)}' is not a valid hash_type`);
    const { header, hash } = chain.tip();
    const { value, locked, credit, debt } = header.economy;
    return {
      height: header.height,
      bestblock: encodeHex(hash),
      txouts: Number(chain.coinCount()),
      coinsroot: encodeHex(chain.view().roots.coins),
      total_amount: showAmount(value),
      locked: showAmount(locked),
      credit: showAmount(credit),
      debt: showAmount(debt),
    };
  },
});

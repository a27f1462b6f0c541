import { encodeReversedHex } from '#protocol/codec/hash32';
import { isFault } from '#protocol/fault';
import type { CreditFigures } from '../policy/credit-policies.ts';
import type { ListedRefusal } from '../policy/refusal-list.ts';
import { RPC_CODES, type RpcMethod, RpcRefusal, showDetail } from './json-rpc.ts';
import { readInteger } from './rpc-parameters.ts';
import type { NodeServices } from './services.ts';
import { showAmount } from './show-block.ts';

const showFigures = ({ circulating, credit, overdue, debt, debtTime, medianTime, granted }: CreditFigures): object => ({
  circulating: showAmount(circulating),
  credit: showAmount(credit),
  granted: showAmount(granted),
  debt: showAmount(debt),
  overdue: showAmount(overdue),
  debtage: debt === 0n ? 0 : Number((debt * BigInt(medianTime) - debtTime) / debt),
});

const showRefusal = ({ txid, policy, reason, from, times, time }: ListedRefusal): object => ({
  txid: encodeReversedHex(txid),
  policy,
  fault: reason.fault,
  detail: showDetail(reason),
  from,
  times,
  time,
});

/** @source SPEC MP9, MP10 */
export const policyMethods = ({ policy }: NodeServices): Record<string, RpcMethod> => ({
  getmakerpolicy: () => ({ policies: policy.read(), figures: showFigures(policy.figures()) }),
  setmakerpolicy: async ([name, changes]) => {
    const changed = await policy.change(typeof name === 'string' ? name : '', changes);
    if (isFault(changed)) throw new RpcRefusal(RPC_CODES.parameter, changed.fault, changed);
    return changed;
  },
  getpolicyrefusals: ([count]) => policy.refusals(readInteger(count, 100)).map(showRefusal),
});

import type { LightChain } from '#spv/headers/light-chain';
import { bestHeaders } from '#spv/headers/light-chain';
import type { AlarmView } from '../rpc/chain-view.ts';

const MAX_ALARMS = 20;
/** block intervals without a block after which the network is called quiet */
const QUIET_INTERVALS = 15;
/** blocks that a window must have had before a fall in their number says something */
const LEAST_BEFORE = 20;
const CHECKPOINT_AGE_SECONDS = 180 * 24 * 3600;

/** What a person must know: each code with its peer and reason once, the newest last. */
export class Alarms {
  private list: readonly AlarmView[] = [];

  raise(alarm: AlarmView): void {
    const same = (other: AlarmView): boolean => other.code === alarm.code && other.peer === alarm.peer && other.reason === alarm.reason;
    this.list = [...this.list.filter((other) => !same(other)), alarm].slice(-MAX_ALARMS);
  }

  clear(code: AlarmView['code']): void {
    this.list = this.list.filter((alarm) => alarm.code !== code);
  }

  dismiss(): void {
    this.list = [];
  }

  all(): readonly AlarmView[] {
    return this.list;
  }
}

/** @unit now: unix seconds @source SPEC LC16; spec 07, what it trusts */
export const isQuiet = (chain: LightChain, now: number): boolean => {
  const { judgeWindow, targetSpacing, stallTime } = chain.trust.parameters;
  const { header } = chain.tip;
  if (header.height === 0) return false;
  if (now - header.time > Math.max(QUIET_INTERVALS * targetSpacing, 2 * stallTime)) return true;
  const times = bestHeaders(chain).map((entry) => entry.header.time);
  const [first] = times;
  if (first === undefined || first > now - 2 * judgeWindow) return false;
  const recent = times.filter((time) => time > now - judgeWindow).length;
  const before = times.filter((time) => time > now - 2 * judgeWindow).length - recent;
  return before >= LEAST_BEFORE && recent < before / 2;
};

/** Nothing of our own was verified before, and the checkpoint built in is older than half a year. @source spec 07, what it trusts */
export const isCheckpointOld = (chain: LightChain, restored: boolean, now: number): boolean =>
  !restored && now - chain.trust.genesis.header.time > CHECKPOINT_AGE_SECONDS;

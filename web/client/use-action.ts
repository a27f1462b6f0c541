import { useCallback, useState } from 'react';
import { type Fault, fault, isFault } from '#workers/rpc/fault';
import { failureCode } from './session.ts';

export interface Action {
  readonly busy: boolean;
  readonly fault: Fault | undefined;
  /** runs `work`; answers its value, or undefined after a fault or failure, which is then kept for the screen */
  readonly run: <T>(work: () => Promise<T | Fault>) => Promise<Exclude<T, Fault> | undefined>;
  readonly clear: () => void;
}

/** One thing under way that a person started: whether it runs and how it failed. */
export const useAction = (): Action => {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<Fault>();
  const clear = useCallback(() => setFailed(undefined), []);
  const run = useCallback(async <T>(work: () => Promise<T | Fault>): Promise<Exclude<T, Fault> | undefined> => {
    setBusy(true);
    setFailed(undefined);
    try {
      const answer = await work();
      if (!isFault(answer)) return answer as Exclude<T, Fault>;
      setFailed(answer as Fault);
    } catch (error) {
      setFailed(fault(failureCode(error)));
    } finally {
      setBusy(false);
    }
    return undefined;
  }, []);
  return { busy, fault: failed, run, clear };
};

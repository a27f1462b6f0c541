import { useEffect, useState } from 'react';
import type { RecipientView } from '#workers/rpc/chain-calls';
import { type Fault, fault, isFault } from '#workers/rpc/fault';
import { failureCode } from '../../client/session.ts';
import { useClient } from '../../client/use-client.ts';

export interface Recipient {
  readonly view: RecipientView | undefined;
  readonly fault: Fault | undefined;
}

const PAUSE = 150;
const NONE: Recipient = { view: undefined, fault: undefined };

/** What the chain worker reads in a typed or scanned recipient, a moment after the last key. */
export const useRecipient = (typed: string): Recipient => {
  const { chain } = useClient();
  const [answer, setAnswer] = useState<Recipient & { readonly of: string }>({ ...NONE, of: '' });
  const text = typed.trim();
  useEffect(() => {
    if (text === '') return;
    let current = true;
    const keep = (recipient: Recipient) => current && setAnswer({ ...recipient, of: text });
    const timer = setTimeout(async () => {
      try {
        const parsed = await chain.parseRecipient(text);
        keep(isFault(parsed) ? { view: undefined, fault: parsed as Fault } : { view: parsed as RecipientView, fault: undefined });
      } catch (error) {
        keep({ view: undefined, fault: fault(failureCode(error)) });
      }
    }, PAUSE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [chain, text]);
  return answer.of === text ? answer : NONE;
};

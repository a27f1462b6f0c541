import type { Fault } from '#workers/rpc/fault';
import { codeOf, faultSentence, useFaultSentences } from '../client/fault-sentences.ts';
import { useText } from '../client/text.ts';

/** The sentence for a fault in the chosen language. */
export const useFaultText = (): ((fault: Fault | string) => string) => {
  const { sentences } = useFaultSentences();
  const { unknownFault } = useText().app;
  return (fault) => faultSentence(codeOf(fault), sentences, unknownFault);
};

export const FaultText = ({ code }: { readonly code: string }) => useFaultText()(code);

import { create } from 'zustand';
import type { Fault } from '#workers/rpc/fault';
import type { Language } from '../text/language.ts';
import { outsideCode } from '../text/outside-text.ts';

export type FaultSentences = Readonly<Record<string, string>>;

interface Loaded {
  readonly sentences: FaultSentences;
}

export const useFaultSentences = create<Loaded>(() => ({ sentences: {} }));

/** Loads the sentences for coded faults after the first screen; until then the fallback shows the code. */
export const loadFaultSentences = async (language: Language): Promise<void> => {
  const sentences = language === 'zh' ? (await import('../text/zh/faults.ts')).faults : (await import('../text/en/faults.ts')).faults;
  useFaultSentences.setState({ sentences });
};

/** The sentence of a code; one that has none is shown by the fallback, as a code and never as the sender's own text. @source SPEC WB2 */
export const faultSentence = (code: string, sentences: FaultSentences, fallback: (code: string) => string): string => {
  const known = outsideCode(code);
  return Object.hasOwn(sentences, known) ? (sentences[known] ?? fallback(known)) : fallback(known);
};

export const codeOf = (fault: Fault | string): string => (typeof fault === 'string' ? fault : fault.fault);

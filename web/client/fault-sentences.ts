import { create } from 'zustand';
import type { Fault } from '#workers/rpc/fault';
import type { Language } from '../text/language.ts';

export type FaultSentences = Readonly<Record<string, string>>;

interface Loaded {
  readonly sentences: FaultSentences;
}

export const useFaultSentences = create<Loaded>(() => ({ sentences: {} }));

/** Loads the sentences for coded faults after the first screen; until then the fallback stands for them. */
export const loadFaultSentences = async (language: Language): Promise<void> => {
  const sentences = language === 'zh' ? (await import('../text/zh/faults.ts')).faults : (await import('../text/en/faults.ts')).faults;
  useFaultSentences.setState({ sentences });
};

/** The sentence of a code; what has none was made by a peer, and nothing of it is shown. @source SPEC WB2 */
export const faultSentence = (code: string, sentences: FaultSentences, fallback: string): string =>
  Object.hasOwn(sentences, code) ? (sentences[code] ?? fallback) : fallback;

export const codeOf = (fault: Fault | string): string => (typeof fault === 'string' ? fault : fault.fault);

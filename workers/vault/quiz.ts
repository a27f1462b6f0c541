import { type Fault, fault } from '#protocol/fault';
import type { Quiz } from '../rpc/vault-calls.ts';
import { WORD_LIST } from './mnemonic.ts';

const QUESTIONS = 3;
const CHOICES = 4;

/** A number below `limit` from fresh random bytes; the bias of 2^32 modulo a word list is of no matter here. */
const randomBelow = (limit: number, entropy: (length: number) => Uint8Array): number => {
  const [a = 0, b = 0, c = 0, d = 0] = entropy(4);
  return (a + b * 2 ** 8 + c * 2 ** 16 + d * 2 ** 24) % limit;
};

const pickDistinct = (count: number, limit: number, entropy: (length: number) => Uint8Array): number[] => {
  const picked = new Set<number>();
  while (picked.size < count) picked.add(randomBelow(limit, entropy));
  return [...picked];
};

const choicesFor = (word: string, entropy: (length: number) => Uint8Array): string[] => {
  const choices = new Set([word]);
  while (choices.size < CHOICES) choices.add(WORD_LIST[randomBelow(WORD_LIST.length, entropy)] as string);
  return [...choices].sort();
};

/** Three places of the phrase, ascending, each with its word among three others. */
export const makeQuiz = (words: readonly string[], entropy: (length: number) => Uint8Array): Quiz => ({
  questions: pickDistinct(QUESTIONS, words.length, entropy)
    .sort((a, b) => a - b)
    .map((at) => ({ place: at + 1, choices: choicesFor(words[at] as string, entropy) })),
});

/** @fault `quiz-wrong`: the first place that was answered with another word @source SPEC VT5 */
export const checkQuiz = (quiz: Quiz, answers: readonly string[], words: readonly string[]): true | Fault<'quiz-wrong'> => {
  const wrong = quiz.questions.find(({ place }, i) => answers[i] !== words[place - 1]);
  return wrong === undefined ? true : fault('quiz-wrong', { place: wrong.place });
};

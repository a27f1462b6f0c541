import { type FormEvent, useState } from 'react';
import type { Quiz } from '#workers/rpc/vault-calls';
import { useText } from '../../client/text.ts';
import { useAction } from '../../client/use-action.ts';
import { useClient } from '../../client/use-client.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { PasswordField } from '../../components/password-field.tsx';
import { BackupState } from './backup-file.tsx';
import { WordsQuiz } from './words-quiz.tsx';

type Step =
  | { readonly kind: 'ask' }
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'quiz'; readonly quiz: Quiz }
  | { readonly kind: 'right' };

const Phrase = ({
  words,
  onWritten,
  onHide,
}: {
  readonly words: readonly string[];
  readonly onWritten: () => void;
  readonly onHide: () => void;
}) => {
  const text = useText().backup;
  return (
    <>
      <ol aria-label={text.phrase} className="grid grid-cols-2 gap-2 md:grid-cols-3">
        {words.map((word, index) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: a phrase may hold a word twice
            key={index}
            className="flex items-baseline gap-2 rounded-small border border-line bg-paper px-3 py-2 font-mono"
          >
            <span className="w-5 text-right text-small text-soft">{index + 1}</span>
            <span className="font-bold">{word}</span>
          </li>
        ))}
      </ol>
      <div className="flex flex-wrap gap-3">
        <Button className="flex-1 whitespace-nowrap" onPress={onHide}>
          {text.hide}
        </Button>
        <Button kind="primary" className="flex-2 whitespace-nowrap" onPress={onWritten}>
          {text.written}
        </Button>
      </div>
    </>
  );
};

/** The words, shown once the password was given, then three of them asked from the same phrase. */
export const BackupWords = ({ checked }: { readonly checked: number | undefined }) => {
  const text = useText().backup;
  const { vault } = useClient();
  const [step, setStep] = useState<Step>({ kind: 'ask' });
  const [password, setPassword] = useState('');
  const action = useAction();
  const show = async (event: FormEvent) => {
    event.preventDefault();
    if (action.busy) return;
    const words = await action.run(() => vault.showWords(password));
    setPassword('');
    if (words !== undefined) setStep({ kind: 'words', words: words as readonly string[] });
  };
  const quiz = async () => {
    const asked = await action.run(vault.startQuiz);
    if (asked !== undefined) setStep({ kind: 'quiz', quiz: asked as Quiz });
  };
  return (
    <Card className="grid grid-cols-1 gap-4 px-5 py-5">
      <h2 className="text-lead font-bold">{text.words}</h2>
      <p className="text-body text-soft">{text.wordsText}</p>
      <BackupState time={checked} never={text.wordsNever} done={text.wordsDone} />
      {step.kind === 'ask' && (
        <form onSubmit={show} className="grid gap-3">
          <PasswordField label={text.wordsPassword} value={password} onChange={setPassword} />
          <Button type="submit" isPending={action.busy}>
            {action.busy ? text.opening : text.wordsAction}
          </Button>
        </form>
      )}
      {step.kind === 'words' && <Phrase words={step.words} onWritten={quiz} onHide={() => setStep({ kind: 'ask' })} />}
      {step.kind === 'quiz' && (
        <WordsQuiz quiz={step.quiz} onRight={() => setStep({ kind: 'right' })} onCancel={() => setStep({ kind: 'ask' })} />
      )}
      {step.kind === 'right' && (
        <p role="status" className="text-body font-bold text-accent">
          {text.quizRight}
        </p>
      )}
      <FaultNotice fault={action.fault} />
    </Card>
  );
};

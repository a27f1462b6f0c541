import { type FormEvent, useState } from 'react';
import type { Quiz } from '#workers/rpc/vault-calls';
import { useText } from '../../client/text.ts';
import { useAction } from '../../client/use-action.ts';
import { useClient } from '../../client/use-client.ts';
import { Button } from '../../components/button.tsx';
import { ChoiceCards } from '../../components/choice-cards.tsx';
import { FaultNotice } from '../../components/notice.tsx';

interface Props {
  readonly quiz: Quiz;
  readonly onRight: () => void;
  readonly onCancel: () => void;
}

/** Three words of the phrase, chosen by the one who wrote it down. */
export const WordsQuiz = ({ quiz, onRight, onCancel }: Props) => {
  const text = useText();
  const { vault } = useClient();
  const [answers, setAnswers] = useState<readonly string[]>(quiz.questions.map(() => ''));
  const action = useAction();
  const check = async (event: FormEvent) => {
    event.preventDefault();
    if (action.busy) return;
    const right = await action.run(() => vault.answerQuiz(answers));
    if (right === true) onRight();
  };
  return (
    <form onSubmit={check} className="grid gap-4">
      <div>
        <h3 className="font-bold">{text.backup.quizTitle}</h3>
        <p className="text-small text-soft">{text.backup.quizLead}</p>
      </div>
      {quiz.questions.map(({ place, choices }, index) => (
        <ChoiceCards
          key={place}
          label={text.backup.quizPlace(place)}
          columns={2}
          value={answers[index] ?? ''}
          onChange={(word) => setAnswers(answers.map((old, other) => (other === index ? word : old)))}
          choices={choices.map((word) => ({ value: word, label: word }))}
        />
      ))}
      <FaultNotice fault={action.fault} />
      <div className="grid grid-cols-[auto_1fr] gap-3">
        <Button onPress={onCancel}>{text.app.cancel}</Button>
        <Button type="submit" kind="primary" isPending={action.busy} isDisabled={answers.includes('')}>
          {text.backup.quizCheck}
        </Button>
      </div>
    </form>
  );
};

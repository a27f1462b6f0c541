import { ROUTES } from '../../app/routes.ts';
import { useText } from '../../client/text.ts';
import { Card, Section } from '../../components/card.tsx';
import { Page } from '../../components/page.tsx';
import { ProofRing } from '../../components/proof-ring.tsx';

/** The app's own help: nobody else is needed, and nobody asks for words. */
export const HelpScreen = () => {
  const { help: text, proof } = useText();
  const marks = [
    { stage: 'claimed', name: proof.claimed },
    { stage: 'in-block', name: proof.inBlock('n') },
    { stage: 'verified', name: proof.verified('n') },
    { stage: 'stale', name: proof.stale('…') },
    { stage: 'refused', name: proof.refused },
  ] as const;
  return (
    <Page title={text.title} back={ROUTES.more}>
      <Section title={text.legend}>
        <Card>
          <ul className="grid gap-2 text-body">
            {marks.map(({ stage, name }) => (
              <li key={stage} className="flex items-center gap-3">
                <ProofRing state={{ stage, arc: stage === 'verified' ? 0.7 : 0 }} size={20} />
                {name}
              </li>
            ))}
          </ul>
        </Card>
      </Section>
      {text.questions.map(({ title, text: answer }) => (
        <section key={title} className="grid gap-1">
          <h2 className="text-lead font-bold">{title}</h2>
          <p className="max-w-[72ch] text-body text-soft">{answer}</p>
        </section>
      ))}
    </Page>
  );
};

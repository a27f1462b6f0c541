import { useState } from 'react';
import { lookForRelease } from '../../app/release-watch.ts';
import { isPersistent } from '../../client/persistence.ts';
import { loadRelease } from '../../client/release.ts';
import { useText } from '../../client/text.ts';
import { useAction } from '../../client/use-action.ts';
import { useLoaded } from '../../client/use-loaded.ts';
import { Button } from '../../components/button.tsx';
import { Card, Section } from '../../components/card.tsx';
import { Fact, Facts } from '../../components/facts.tsx';

/** Which version runs, with the hash of every file of it. */
export const About = () => {
  const text = useText().settings;
  const loaded = useLoaded(async () => ({ release: await loadRelease(), persistent: await isPersistent() }), []);
  const [newest, setNewest] = useState(false);
  const action = useAction();
  const look = async () => setNewest((await action.run(lookForRelease)) === false);
  return (
    <Section title={text.about}>
      <Card className="grid gap-3">
        <Facts>
          <Fact name={text.version}>
            <span className="font-mono text-small">{loaded?.release?.version ?? text.noVersion}</span>
          </Fact>
          <Fact name={text.storage}>{loaded?.persistent === true ? text.persistent : text.notPersistent}</Fact>
        </Facts>
        {loaded?.release !== undefined && (
          <details className="text-small">
            <summary className="min-h-6 font-bold text-accent">{text.files}</summary>
            <p className="py-2 text-soft">{text.filesText}</p>
            <ul className="grid max-h-72 gap-2 overflow-auto font-mono">
              {loaded.release.files.map(({ path, sha256 }) => (
                <li key={path}>
                  <span className="block break-all">{path}</span>
                  <span className="block break-all text-soft">{sha256}</span>
                </li>
              ))}
            </ul>
          </details>
        )}
        {loaded?.release !== undefined && (
          <Button isPending={action.busy} onPress={look}>
            <span aria-live="polite">{newest ? text.newest : text.check}</span>
          </Button>
        )}
      </Card>
    </Section>
  );
};

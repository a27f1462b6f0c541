import { useState } from 'react';
import { lookForRelease } from '../../app/release-watch.ts';
import { loadRelease } from '../../client/release.ts';
import { useText } from '../../client/text.ts';
import { useAction } from '../../client/use-action.ts';
import { useLoaded } from '../../client/use-loaded.ts';
import { Button } from '../../components/button.tsx';
import { Chapter } from '../../components/card.tsx';
import { Disclosure } from '../../components/disclosure.tsx';
import { Fact, Facts } from '../../components/facts.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { ScrollRegion } from '../../components/scroll-region.tsx';

/** Which version runs, with the hash of every file of it. */
export const About = () => {
  const text = useText().settings;
  const loaded = useLoaded(async () => ({ release: await loadRelease() }), []);
  const [newest, setNewest] = useState(false);
  const action = useAction();
  const look = async () => setNewest((await action.run(lookForRelease)) === false);
  return (
    <Chapter title={text.about}>
      <Facts>
        <Fact name={text.version}>
          <span className="font-mono text-small">{loaded?.release?.version ?? text.noVersion}</span>
        </Fact>
      </Facts>
      {loaded?.release !== undefined && (
        <>
          <Disclosure title={text.files} small>
            <p className="text-soft">{text.filesText}</p>
            <ScrollRegion label={text.files} className="max-h-72">
              <ul className="grid gap-2 font-mono">
                {loaded.release.files.map(({ path, sha256 }) => (
                  <li key={path}>
                    <span className="block break-all">{path}</span>
                    <span className="block break-all text-soft">{sha256}</span>
                  </li>
                ))}
              </ul>
            </ScrollRegion>
          </Disclosure>
          <Button className="justify-self-start" isPending={action.busy} onPress={look}>
            <span aria-live="polite">{newest ? text.newest : text.check}</span>
          </Button>
          <FaultNotice fault={action.fault} />
        </>
      )}
    </Chapter>
  );
};

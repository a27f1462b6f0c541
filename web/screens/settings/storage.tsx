import { useEffect } from 'react';
import { askPersistence, bytesStored, readPersistence, usePersistence } from '../../client/persistence.ts';
import { useLanguage, useText } from '../../client/text.ts';
import { useAction } from '../../client/use-action.ts';
import { useLoaded } from '../../client/use-loaded.ts';
import { Button } from '../../components/button.tsx';
import { Chapter } from '../../components/card.tsx';
import { ProofRing } from '../../components/proof-ring.tsx';
import { sizeText } from '../../text/time-text.ts';

/** Whether the browser has promised to keep what is here, and how much that is. @source SPEC WB17 */
export const Storage = () => {
  const text = useText().settings;
  const language = useLanguage();
  const { kept } = usePersistence();
  const bytes = useLoaded(bytesStored, [kept]);
  const action = useAction();
  useEffect(() => void readPersistence(), []);
  return (
    <Chapter title={text.storage}>
      <div className="flex items-start gap-3">
        <span className="mt-0.5">
          <ProofRing state={{ stage: kept === true ? 'verified' : 'claimed', arc: 0 }} size={20} />
        </span>
        <p role="status" className="min-w-0 flex-1 text-body">
          {kept === true ? text.persistent : text.notPersistent}
          {bytes !== undefined && <span className="block text-small text-soft">{text.stored(sizeText(bytes, language))}</span>}
        </p>
      </div>
      {kept === false && (
        <Button className="justify-self-start" isPending={action.busy} onPress={() => action.run(askPersistence)}>
          {text.askToKeep}
        </Button>
      )}
    </Chapter>
  );
};

import { useEffect, useState } from 'react';
import type { DraftView } from '#workers/rpc/draft-view';
import { ROUTES } from '../../app/routes.ts';
import { useText } from '../../client/text.ts';
import { setTogether, useTogether } from '../../client/together.ts';
import { type Action, useAction } from '../../client/use-action.ts';
import { useClient } from '../../client/use-client.ts';
import { Button } from '../../components/button.tsx';
import { FaultNotice, Notice } from '../../components/notice.tsx';
import { Page } from '../../components/page.tsx';
import { DraftActions } from './draft-actions.tsx';
import { DraftEffect } from './draft-effect.tsx';
import { DraftParts } from './draft-parts.tsx';
import { DraftRecordFacts } from './draft-record.tsx';
import { DraftSignatures } from './draft-signatures.tsx';
import { OpenDraft } from './open-draft.tsx';
import { SigningKey } from './signing-key.tsx';

/** The open draft as the vault reads it; asked anew for each change of its text. */
const useReviewed = (): { readonly text: string; readonly draft: DraftView | undefined; readonly action: Action } => {
  const { vault } = useClient();
  const text = useTogether((together) => together.text);
  const [draft, setDraft] = useState<DraftView>();
  const action = useAction();
  const { run } = action;
  useEffect(() => {
    let current = true;
    if (text === '') setDraft(undefined);
    else
      void run(() => vault.reviewDraft(text)).then((read) => {
        if (current) setDraft(read as DraftView | undefined);
      });
    return () => {
      current = false;
    };
  }, [text, vault, run]);
  return { text, draft, action };
};

const OpenedDraft = ({ draft, onSent }: { readonly draft: DraftView; readonly onSent: () => void }) => {
  const text = useText().together;
  return (
    <>
      <h2 className="text-lead font-bold">{text.kinds[draft.kind]}</h2>
      <div className="grid grid-cols-1 gap-x-10 gap-y-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)] lg:grid-rows-[auto_1fr]">
        <DraftEffect draft={draft} />
        <div className="grid grid-cols-1 content-start gap-6 lg:col-start-2 lg:row-span-2 lg:row-start-1">
          {draft.record !== undefined && <DraftRecordFacts record={draft.record} />}
          <DraftParts draft={draft} />
        </div>
        <div className="grid grid-cols-1 content-start gap-6">
          <DraftSignatures draft={draft} />
          <DraftActions draft={draft} onSent={onSent} />
        </div>
      </div>
    </>
  );
};

/** What several people sign: opened, read from its bytes, signed, passed on, sent. @source SPEC WB22 */
export const TogetherScreen = () => {
  const text = useText().together;
  const { text: opened, draft, action } = useReviewed();
  const [sent, setSent] = useState(false);
  const failed = opened !== '' && action.fault !== undefined;
  return (
    <Page title={text.title} lead={text.lead} back={ROUTES.more} width={draft === undefined ? 'text' : 'wide'}>
      {sent && opened === '' && (
        <Notice kind="info" live>
          {text.sent}
        </Notice>
      )}
      {opened !== '' && action.busy && draft === undefined && (
        <p role="status" className="text-body text-soft">
          {text.checking}
        </p>
      )}
      {failed && (
        <>
          <FaultNotice fault={action.fault} />
          <Button onPress={() => setTogether('')}>{text.close}</Button>
        </>
      )}
      {draft !== undefined && !failed && <OpenedDraft key={draft.id} draft={draft} onSent={() => setSent(true)} />}
      {opened === '' && (
        <>
          <OpenDraft />
          <SigningKey />
        </>
      )}
    </Page>
  );
};

import type { PrivacyMode } from '#workers/rpc/chain-view';
import { useText } from '../../client/text.ts';
import { useAction } from '../../client/use-action.ts';
import { useClient } from '../../client/use-client.ts';
import { Chapter } from '../../components/card.tsx';
import { ChoiceCards } from '../../components/choice-cards.tsx';
import { FaultNotice } from '../../components/notice.tsx';

/** How state proofs are asked for, and what each way tells a server. */
export const Privacy = ({ mode }: { readonly mode: PrivacyMode }) => {
  const text = useText().settings;
  const { chain } = useClient();
  const action = useAction();
  return (
    <Chapter title={text.privacy}>
      <ChoiceCards
        label={text.privacyMode}
        value={mode}
        onChange={(value) => action.run(() => chain.setPrivacy(value === 'exact' ? 'exact' : 'bucket'))}
        choices={[
          { value: 'bucket', label: text.bucket, detail: text.bucketText },
          { value: 'exact', label: text.exact, detail: text.exactText },
        ]}
      />
      <FaultNotice fault={action.fault} />
    </Chapter>
  );
};

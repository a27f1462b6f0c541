import { useEffect } from 'react';
import type { AccountView } from '#workers/rpc/chain-view';
import { ROUTES } from '../../app/routes.ts';
import { nextBackup } from '../../client/backup-limit.ts';
import { readPersistence, usePersistence } from '../../client/persistence.ts';
import { useSession } from '../../client/session.ts';
import { useText } from '../../client/text.ts';
import { ButtonLink } from '../../components/link.tsx';
import { Notice } from '../../components/notice.tsx';

/** One card after the first money: save your wallet. @source SPEC WB17 */
export const BackupCard = ({ account }: { readonly account: AccountView }) => {
  const text = useText().wallet;
  const vault = useSession((session) => session.vault);
  const { kept } = usePersistence();
  useEffect(() => void readPersistence(), []);
  const next = vault === undefined ? undefined : nextBackup(vault, [account]);
  if (next === undefined) return null;
  const why = kept === true ? text.backupKept : text.backupText;
  const [title, lead, action] =
    next === 'file' ? [text.backupTitle, why, text.backupAction] : [text.wordsTitle, text.wordsText, text.wordsAction];
  return (
    <Notice kind={next === 'file' ? 'warning' : 'info'} title={title} action={<ButtonLink to={ROUTES.backup}>{action}</ButtonLink>}>
      {lead}
    </Notice>
  );
};

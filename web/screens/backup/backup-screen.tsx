import { ROUTES } from '../../app/routes.ts';
import { useSession } from '../../client/session.ts';
import { useText } from '../../client/text.ts';
import { Page } from '../../components/page.tsx';
import { BackupFile } from './backup-file.tsx';
import { BackupWords } from './backup-words.tsx';

/** A file first, words second: either brings the wallet back. */
export const BackupScreen = () => {
  const text = useText().backup;
  const backup = useSession((session) => session.vault?.backup);
  return (
    <Page title={text.title} lead={text.lead} back={ROUTES.more}>
      <BackupFile saved={backup?.file} />
      <BackupWords checked={backup?.words} />
    </Page>
  );
};

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
    <Page title={text.title} lead={text.lead} back={ROUTES.more} width="wide">
      <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-2">
        <BackupFile saved={backup?.file} />
        <BackupWords checked={backup?.words} />
      </div>
    </Page>
  );
};

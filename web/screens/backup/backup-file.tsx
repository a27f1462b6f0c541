import { FileDown } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { download } from '../../client/download.ts';
import { askPersistence } from '../../client/persistence.ts';
import { useLanguage, useText } from '../../client/text.ts';
import { useAction } from '../../client/use-action.ts';
import { useClient } from '../../client/use-client.ts';
import { useNow } from '../../client/use-now.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { PasswordField } from '../../components/password-field.tsx';
import { Progress } from '../../components/progress.tsx';
import { ProofRing } from '../../components/proof-ring.tsx';
import { agoText } from '../../text/time-text.ts';

const fileName = (): string => `valuecyber-${new Date().toISOString().slice(0, 10)}.vcbackup`;

export const BackupState = ({
  time,
  never,
  done,
}: {
  readonly time: number | undefined;
  readonly never: string;
  readonly done: (ago: string) => string;
}) => {
  const language = useLanguage();
  const now = useNow(10);
  return (
    <p className="flex items-center gap-2 text-small text-soft">
      <ProofRing state={{ stage: time === undefined ? 'claimed' : 'verified', arc: 0 }} />
      {time === undefined ? never : done(agoText(time, now, language))}
    </p>
  );
};

/** The encrypted file: twenty seconds, everything in it. */
export const BackupFile = ({ saved }: { readonly saved: number | undefined }) => {
  const text = useText().backup;
  const { vault } = useClient();
  const [password, setPassword] = useState('');
  const action = useAction();
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (action.busy) return;
    void askPersistence();
    const file = await action.run(() => vault.exportBackup(password));
    if (file === undefined) return;
    download(fileName(), file as Uint8Array);
    setPassword('');
  };
  return (
    <Card className="grid grid-cols-1 gap-4 px-5 py-5">
      <h2 className="text-lead font-bold">{text.file}</h2>
      <p className="text-body text-soft">{text.fileText}</p>
      <BackupState time={saved} never={text.fileNever} done={text.fileDone} />
      <form onSubmit={save} className="grid gap-3">
        <PasswordField label={text.filePassword} value={password} onChange={setPassword} />
        <FaultNotice fault={action.fault} />
        {action.busy && <Progress label={text.working} value={undefined} />}
        <Button type="submit" kind="primary" isPending={action.busy}>
          <FileDown size={18} aria-hidden />
          {text.fileAction}
        </Button>
      </form>
    </Card>
  );
};

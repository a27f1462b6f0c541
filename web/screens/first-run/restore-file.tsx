import { FileUp } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { FileTrigger } from 'react-aria-components/FileTrigger';
import { fault } from '#workers/rpc/fault';
import { askPersistence } from '../../client/persistence.ts';
import { clientReady } from '../../client/session.ts';
import { useText } from '../../client/text.ts';
import { useAction } from '../../client/use-action.ts';
import { Button } from '../../components/button.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { PasswordField } from '../../components/password-field.tsx';
import { Progress } from '../../components/progress.tsx';

const MOST_BYTES = 1_000_000;

export const RestoreFile = ({ onDone }: { readonly onDone: () => void }) => {
  const text = useText().restore;
  const [file, setFile] = useState<File>();
  const [password, setPassword] = useState('');
  const action = useAction();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (action.busy) return;
    void askPersistence();
    const made = await action.run(async () => {
      if (file === undefined) return fault('backup-file-missing');
      if (file.size > MOST_BYTES) return fault('backup-file-too-large', { bytes: file.size });
      return (await clientReady()).vault.restoreFile(new Uint8Array(await file.arrayBuffer()), password);
    });
    if (made === true) onDone();
  };
  return (
    <form onSubmit={submit} className="grid gap-5">
      <FileTrigger acceptedFileTypes={['.vcbackup', 'application/octet-stream']} onSelect={(files) => setFile(files?.[0])}>
        <Button>
          <FileUp size={18} aria-hidden />
          {file === undefined ? text.file : text.chosen(file.name)}
        </Button>
      </FileTrigger>
      <PasswordField label={text.filePassword} value={password} onChange={setPassword} />
      <FaultNotice fault={action.fault} />
      {action.busy && <Progress label={text.working} value={undefined} />}
      <Button type="submit" kind="primary" isPending={action.busy}>
        {text.submitFile}
      </Button>
    </form>
  );
};

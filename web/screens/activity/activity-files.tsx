import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import { FileTrigger } from 'react-aria-components/FileTrigger';
import { type Fault, isFault } from '#workers/rpc/fault';
import { download } from '../../client/download.ts';
import { useText } from '../../client/text.ts';
import { useAction } from '../../client/use-action.ts';
import { useClient } from '../../client/use-client.ts';
import { Button } from '../../components/button.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { Sheet } from '../../components/sheet.tsx';

/** The ledger as files: CSV for tables, BIP329 for other wallets. @source BIP329 */
export const ActivityFiles = ({ account }: { readonly account: number }) => {
  const text = useText().activity;
  const { chain } = useClient();
  const [open, setOpen] = useState(false);
  const [imported, setImported] = useState<number>();
  const action = useAction();
  const csv = () => action.run(async () => download('activity.csv', await chain.exportActivity(account), 'text/csv'));
  const labels = () => action.run(async () => download('labels.jsonl', await chain.exportLabels(), 'application/jsonl'));
  const read = async (file: File | undefined) => {
    if (file === undefined) return;
    const answer = await action.run(async (): Promise<number | Fault> => chain.importLabels(await file.text()));
    setImported(isFault(answer) ? undefined : answer);
  };
  return (
    <>
      <Button kind="icon" aria-label={text.files} onPress={() => setOpen(true)}>
        <Ellipsis size={20} aria-hidden />
      </Button>
      <Sheet title={text.files} isOpen={open} onClose={() => setOpen(false)}>
        <Button onPress={csv}>{text.csv}</Button>
        <Button onPress={labels}>{text.labelsOut}</Button>
        <FileTrigger acceptedFileTypes={['.jsonl', 'application/jsonl', 'text/plain']} onSelect={(files) => read(files?.[0])}>
          <Button>{text.labelsIn}</Button>
        </FileTrigger>
        <p role="status" className="text-body text-soft empty:hidden">
          {imported === undefined ? '' : text.imported(imported)}
        </p>
        <FaultNotice fault={action.fault} />
      </Sheet>
    </>
  );
};

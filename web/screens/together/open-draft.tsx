import { type FormEvent, useState } from 'react';
import { FileTrigger } from 'react-aria-components/FileTrigger';
import { fault } from '#workers/rpc/fault';
import { useText } from '../../client/text.ts';
import { setTogether } from '../../client/together.ts';
import { useAction } from '../../client/use-action.ts';
import { Button } from '../../components/button.tsx';
import { Disclosure } from '../../components/disclosure.tsx';
import { Field } from '../../components/field.tsx';
import { FaultNotice } from '../../components/notice.tsx';

/** bytes */
const LARGEST = 4_000_000;

/** A draft comes as a file, or as the text in it. */
export const OpenDraft = () => {
  const text = useText().together;
  const [pasted, setPasted] = useState('');
  const action = useAction();
  const read = (file: File | undefined) =>
    action.run(async () => {
      if (file === undefined) return true;
      if (file.size > LARGEST) return fault('draft-form', { part: 'file' });
      setTogether(await file.text());
      return true;
    });
  const open = (event: FormEvent) => {
    event.preventDefault();
    setTogether(pasted.trim());
  };
  return (
    <div className="grid gap-3">
      <FileTrigger acceptedFileTypes={['.json', 'application/json']} onSelect={(files) => read(files?.[0])}>
        <Button kind="primary">{text.openFile}</Button>
      </FileTrigger>
      <FaultNotice fault={action.fault} />
      <Disclosure title={text.paste}>
        <form onSubmit={open} className="grid gap-3">
          <Field label={text.pasteLabel} value={pasted} onChange={setPasted} mono rows={5} autoComplete="off" />
          <Button type="submit" isDisabled={pasted.trim() === ''}>
            {text.open}
          </Button>
        </form>
      </Disclosure>
    </div>
  );
};

import { BookUser, Camera, ClipboardPaste, Image } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { FileTrigger } from 'react-aria-components/FileTrigger';
import { useText } from '../../client/text.ts';
import { Button } from '../../components/button.tsx';
import { ContactPicker } from './contact-picker.tsx';
import { readQrFile } from './qr-read.ts';

const QrScanner = lazy(async () => ({ default: (await import('./qr-scanner.tsx')).QrScanner }));

const TOOL = 'flex-col gap-0.5 px-1 py-1.5 text-tiny font-normal';

interface Props {
  readonly onText: (text: string) => void;
}

/** Ways to give a recipient without typing. */
export const RecipientTools = ({ onText }: Props) => {
  const text = useText().send;
  const [scanning, setScanning] = useState(false);
  const [choosing, setChoosing] = useState(false);
  const [missed, setMissed] = useState(false);
  const take = (found: string | undefined) => {
    setMissed(found === undefined);
    setScanning(false);
    setChoosing(false);
    if (found !== undefined) onText(found);
  };
  const paste = async () => take(await navigator.clipboard.readText().catch(() => ''));
  return (
    <div className="grid gap-2">
      <div className="grid grid-cols-4 gap-2">
        <Button className={TOOL} aria-label={text.paste} onPress={paste}>
          <ClipboardPaste size={18} aria-hidden />
          <span>{text.short.paste}</span>
        </Button>
        <Button className={TOOL} aria-label={text.scan} onPress={() => setScanning(true)}>
          <Camera size={18} aria-hidden />
          <span>{text.short.scan}</span>
        </Button>
        <FileTrigger
          acceptedFileTypes={['image/*']}
          onSelect={async (files) => {
            const file = files?.[0];
            if (file !== undefined) take(await readQrFile(file));
          }}
        >
          <Button className={TOOL} aria-label={text.image}>
            <Image size={18} aria-hidden />
            <span>{text.short.image}</span>
          </Button>
        </FileTrigger>
        <Button className={TOOL} aria-label={text.contacts} onPress={() => setChoosing(true)}>
          <BookUser size={18} aria-hidden />
          <span>{text.short.contacts}</span>
        </Button>
      </div>
      <p role="status" className="text-small font-bold text-alarm empty:hidden">
        {missed ? text.noCode : ''}
      </p>
      {scanning && (
        <Suspense>
          <QrScanner isOpen onClose={() => setScanning(false)} onFound={take} />
        </Suspense>
      )}
      {choosing && <ContactPicker onClose={() => setChoosing(false)} onChoose={take} />}
    </div>
  );
};

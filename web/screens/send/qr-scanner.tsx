import { useEffect, useRef, useState } from 'react';
import { useText } from '../../client/text.ts';
import { Notice } from '../../components/notice.tsx';
import { Sheet } from '../../components/sheet.tsx';
import { readQrFrame } from './qr-read.ts';

const FRAME_PAUSE = 120;

const watchCamera = async (video: HTMLVideoElement, found: (text: string) => void, signal: AbortSignal): Promise<void> => {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false });
  const stop = () => {
    for (const track of stream.getTracks()) track.stop();
  };
  signal.addEventListener('abort', stop);
  if (signal.aborted) return stop();
  video.srcObject = stream;
  await video.play();
  while (!signal.aborted) {
    const text = await readQrFrame(video);
    if (text !== undefined && !signal.aborted) return found(text);
    await new Promise((resolve) => setTimeout(resolve, FRAME_PAUSE));
  }
};

const Camera = ({ onFound }: { readonly onFound: (text: string) => void }) => {
  const text = useText().send;
  const video = useRef<HTMLVideoElement>(null);
  const found = useRef(onFound);
  found.current = onFound;
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    if (video.current !== null) {
      watchCamera(video.current, (code) => found.current(code), stop.signal).catch(() => {
        if (!stop.signal.aborted) setFailed(true);
      });
    }
    return () => stop.abort();
  }, []);
  if (failed) return <Notice kind="warning">{text.noCamera}</Notice>;
  return (
    <>
      <p className="text-body text-soft">{text.scanning}</p>
      <video ref={video} muted playsInline aria-label={text.scanTitle} className="aspect-square w-full rounded-card bg-sunk object-cover" />
    </>
  );
};

interface Props {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onFound: (text: string) => void;
}

/** Reads a QR code with the camera; pictures never leave the page. */
export const QrScanner = ({ isOpen, onClose, onFound }: Props) => (
  <Sheet title={useText().send.scanTitle} isOpen={isOpen} onClose={onClose}>
    <Camera onFound={onFound} />
  </Sheet>
);

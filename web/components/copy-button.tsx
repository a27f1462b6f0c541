import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { useText } from '../client/text.ts';
import { Button, type ButtonKind } from './button.tsx';

interface Props {
  readonly text: string;
  readonly label?: string;
  readonly kind?: ButtonKind;
  readonly className?: string;
}

/** Copies a text and says so. */
export const CopyButton = ({ text, label, kind = 'quiet', className }: Props) => {
  const words = useText().app;
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2500);
  };
  const Icon = copied ? Check : Copy;
  return (
    <Button kind={kind} onPress={copy} {...(className === undefined ? {} : { className })}>
      <Icon size={16} aria-hidden />
      <span aria-live="polite">{copied ? words.copied : (label ?? words.copy)}</span>
    </Button>
  );
};

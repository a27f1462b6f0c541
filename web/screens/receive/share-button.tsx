import { Share2 } from 'lucide-react';
import { useText } from '../../client/text.ts';
import { Button } from '../../components/button.tsx';

/** The device's own share sheet, where it has one. */
export const ShareButton = ({ text }: { readonly text: string }) => {
  const words = useText();
  if (typeof navigator.share !== 'function') return null;
  return (
    <Button onPress={() => void navigator.share({ title: words.receive.shareTitle, text }).catch(() => undefined)}>
      <Share2 size={16} aria-hidden />
      {words.app.share}
    </Button>
  );
};

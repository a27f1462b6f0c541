import { useText } from '../../client/text.ts';
import { Notice } from '../../components/notice.tsx';
import type { Messages } from '../../text/messages.ts';
import { outsideCode } from '../../text/outside-text.ts';
import { asksForMore } from './asks-for-more.ts';

type Known = Exclude<keyof Messages['review']['warnings'], 'unknown'>;

const isKnown = (code: string, texts: Messages['review']['warnings']): code is Known => code !== 'unknown' && Object.hasOwn(texts, code);

export const ReviewWarnings = ({ warnings }: { readonly warnings: readonly string[] }) => {
  const texts = useText().review.warnings;
  if (warnings.length === 0) return null;
  return (
    <Notice kind={asksForMore(warnings) ? 'warning' : 'info'}>
      <ul className="grid gap-1">
        {warnings.map((code) => (
          <li key={code}>{isKnown(code, texts) ? texts[code] : texts.unknown(outsideCode(code))}</li>
        ))}
      </ul>
    </Notice>
  );
};

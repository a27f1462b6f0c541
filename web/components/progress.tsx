import { Label } from 'react-aria-components/Label';
import { ProgressBar } from 'react-aria-components/ProgressBar';

/** Long work: a bar with a sentence. @unit value: 0 to 1, undefined where it is not known */
export const Progress = ({ label, value }: { readonly label: string; readonly value: number | undefined }) => (
  <ProgressBar
    {...(value === undefined ? { isIndeterminate: true } : { value: Math.round(value * 100) })}
    className="grid gap-1.5 text-small text-soft"
  >
    <Label>{label}</Label>
    <span className="block h-1 overflow-hidden rounded-full bg-line">
      <span
        className={`block h-full w-full origin-left rounded-full bg-accent transition-transform duration-200 ${value === undefined ? 'skeleton' : ''}`}
        style={{ transform: `scaleX(${value ?? 1})` }}
      />
    </span>
  </ProgressBar>
);

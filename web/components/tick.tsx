import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { Checkbox } from 'react-aria-components/Checkbox';

interface Props {
  readonly isSelected: boolean;
  readonly onChange: (selected: boolean) => void;
  readonly children: ReactNode;
  readonly isDisabled?: boolean;
}

/** A box to tick with its sentence. */
export const Tick = ({ children, ...rest }: Props) => (
  <Checkbox {...rest} className="group flex min-h-11 cursor-pointer items-center gap-3 text-body data-[disabled]:opacity-50">
    <span className="grid size-5 shrink-0 place-items-center rounded-small border-[1.5px] border-edge bg-sheet text-on-accent group-data-[selected]:border-accent group-data-[selected]:bg-accent">
      <Check size={14} strokeWidth={3} aria-hidden className="hidden group-data-[selected]:block" />
    </span>
    <span className="min-w-0 flex-1">{children}</span>
  </Checkbox>
);

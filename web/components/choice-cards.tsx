import type { ReactNode } from 'react';
import { Label } from 'react-aria-components/Label';
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup';

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly detail?: ReactNode;
}

interface Props {
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** beside each other; `wide`: in threes where there is room, else in lines */
  readonly columns?: 1 | 2 | 3 | 'wide';
}

const COLUMNS = { 1: 'grid-cols-1', 2: 'grid-cols-2', 3: 'grid-cols-3', wide: 'grid-cols-1 md:grid-cols-3' } as const;
const LINES = 'max-md:flex max-md:items-center max-md:justify-between max-md:gap-3';

/** One of a few, each with a line that says what it means. */
export const ChoiceCards = ({ label, choices, value, onChange, columns = 1 }: Props) => (
  <RadioGroup value={value} onChange={onChange} className="grid gap-1.5">
    <Label className="text-small font-bold">{label}</Label>
    <div className={`grid gap-2 ${COLUMNS[columns]}`}>
      {choices.map((choice) => (
        <Radio
          key={choice.value}
          value={choice.value}
          className={`grid min-h-12 cursor-pointer content-center rounded-card border border-edge bg-sheet px-3 py-2 transition-colors duration-150 data-[hovered]:border-accent data-[selected]:border-accent data-[selected]:bg-accent-wash data-[selected]:shadow-[inset_0_0_0_1px_var(--accent)] ${columns === 'wide' ? LINES : ''}`}
        >
          <span className="text-body font-bold">{choice.label}</span>
          {choice.detail !== undefined && <span className="text-small text-soft">{choice.detail}</span>}
        </Radio>
      ))}
    </div>
  </RadioGroup>
);

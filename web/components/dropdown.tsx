import { ChevronDown } from 'lucide-react';
import { Button } from 'react-aria-components/Button';
import { Label } from 'react-aria-components/Label';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Select, SelectValue } from 'react-aria-components/Select';

interface Props {
  readonly label: string;
  readonly hidden?: boolean;
  readonly choices: readonly { readonly id: string; readonly name: string }[];
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** One of a list that opens on demand. */
export const Dropdown = ({ label, hidden = false, choices, value, onChange }: Props) => (
  <Select selectedKey={value} onSelectionChange={(key) => key !== null && onChange(String(key))} className="grid gap-1.5">
    <Label className={hidden ? 'sr-only' : 'text-small font-bold'}>{label}</Label>
    <Button className="flex min-h-11 min-w-0 cursor-pointer items-center justify-between gap-2 rounded-card border border-edge bg-sheet px-3 text-body data-[hovered]:border-accent">
      <SelectValue className="truncate" />
      <ChevronDown size={16} aria-hidden className="shrink-0 text-soft" />
    </Button>
    <Popover className="enter min-w-(--trigger-width) rounded-card border border-line bg-sheet p-1 shadow-high">
      <ListBox items={choices} className="max-h-80 overflow-auto outline-none">
        {(choice) => (
          <ListBoxItem
            id={choice.id}
            textValue={choice.name}
            className="cursor-pointer truncate rounded-small px-3 py-2.5 text-body outline-none data-[focused]:bg-accent-wash data-[selected]:font-bold"
          >
            {choice.name}
          </ListBoxItem>
        )}
      </ListBox>
    </Popover>
  </Select>
);

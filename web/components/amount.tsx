import { useLanguage, useText } from '../client/text.ts';
import { splitAmount } from '../text/amount-text.ts';
import { classes } from './classes.ts';

const SIZES = {
  figure: 'text-figure font-bold tracking-tight',
  long: 'text-title font-bold tracking-tight',
  title: 'text-title font-bold',
  lead: 'text-lead font-bold',
  row: 'text-body font-bold',
  plain: '',
} as const;

const HUES = { value: 'text-value', locked: 'text-locked', credit: 'text-credit', debt: 'text-debt', none: '' } as const;

const FIGURE_FITS = 10;

interface Props {
  readonly units: bigint;
  readonly size?: Exclude<keyof typeof SIZES, 'long'>;
  readonly hue?: keyof typeof HUES;
  readonly signed?: boolean;
  readonly unit?: boolean;
}

/** An exact amount: tabular, its decimals dimmed, its unit small; + and − are written, never only coloured. */
export const Amount = ({ units, size = 'plain', hue = 'none', signed = false, unit = true }: Props) => {
  const language = useLanguage();
  const text = useText().app;
  const parts = splitAmount(units, language);
  const fits = size === 'figure' && parts.whole.length + parts.decimals.length > FIGURE_FITS ? 'long' : size;
  const sign = signed && units > 0n ? '+' : parts.sign;
  return (
    <span className={classes('figures whitespace-nowrap', SIZES[fits], HUES[hue])}>
      {sign !== '' && <span>{sign}&#8239;</span>}
      {parts.whole}
      <span className={classes(size !== 'plain' && 'font-normal', hue === 'none' || hue === 'value' ? 'text-soft' : 'opacity-90')}>
        .{parts.decimals}
      </span>
      {unit && <span className="text-[0.75em] font-normal tracking-normal text-soft"> {text.unit}</span>}
    </span>
  );
};

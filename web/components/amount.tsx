import type { CSSProperties } from 'react';
import { useLanguage, useText } from '../client/text.ts';
import { DECIMALS, groupDecimals, splitAmount } from '../text/amount-text.ts';
import { classes } from './classes.ts';

const SIZES = {
  figure: 'text-figure font-bold tracking-tight',
  long: 'text-[clamp(1.375rem,7.6vw,2.5rem)] leading-[1.15] font-bold tracking-tight lg:text-[2rem]',
  longest: 'text-title font-bold tracking-tight',
  title: 'text-title font-bold',
  lead: 'text-lead font-bold',
  row: 'text-body font-bold',
  plain: '',
} as const;

const HUES = { value: 'text-value', locked: 'text-locked', credit: 'text-credit', debt: 'text-debt', none: '' } as const;

const FIGURE_FITS = 9;
const LONG_FITS = 15;
const GAP = 0.16;

interface Props {
  readonly units: bigint;
  readonly size?: Exclude<keyof typeof SIZES, 'long' | 'longest'>;
  readonly hue?: keyof typeof HUES;
  readonly signed?: boolean;
  readonly unit?: boolean;
  /** in a column, where there is room: the points stand below each other */
  readonly column?: boolean;
}

/** The room that the digits not shown would take, so that the points of a column align. */
const roomOf = (decimals: string): CSSProperties => {
  const missing = DECIMALS - decimals.length;
  const gaps = groupDecimals('0'.repeat(DECIMALS)).length - groupDecimals(decimals).length;
  return { '--room': `calc(${missing}ch + ${gaps * GAP}em)` } as CSSProperties;
};

const figureFor = (digits: number): keyof typeof SIZES => {
  if (digits <= FIGURE_FITS) return 'figure';
  return digits <= LONG_FITS ? 'long' : 'longest';
};

/** An exact amount: tabular, its decimals dimmed and in groups, its unit small; + and − are written, never only coloured. */
export const Amount = ({ units, size = 'plain', hue = 'none', signed = false, unit = true, column = false }: Props) => {
  const language = useLanguage();
  const text = useText().app;
  const parts = splitAmount(units, language);
  const sign = signed && units > 0n ? '+' : parts.sign;
  const fits = size === 'figure' ? figureFor(sign.length + parts.whole.length + parts.decimals.length) : size;
  const dimmed = hue === 'none' || hue === 'value' ? 'text-soft' : 'opacity-90';
  return (
    <span className={classes('figures whitespace-nowrap', SIZES[fits], HUES[hue])}>
      {sign !== '' && <span>{sign}&#8239;</span>}
      {parts.whole}
      <span
        className={classes(size !== 'plain' && 'font-normal', dimmed, column && 'md:pr-(--room)')}
        {...(column ? { style: roomOf(parts.decimals) } : {})}
      >
        .
        {groupDecimals(parts.decimals).map((digits, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: groups have no other identity than their place
          <span key={place} className={place === 0 ? '' : 'ml-[0.16em]'}>
            {digits}
          </span>
        ))}
      </span>
      {unit && <span className="text-[0.6em] font-normal tracking-normal text-soft"> {text.unit}</span>}
    </span>
  );
};

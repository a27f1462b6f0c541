import { useState } from 'react';
import type { EconomyPoint } from '#workers/rpc/chain-view';
import { useLanguage, useText } from '../../client/text.ts';
import { Amount } from '../../components/amount.tsx';
import { amountText } from '../../text/amount-text.ts';
import { dateText, numberText } from '../../text/time-text.ts';
import { EconomyPlot } from './economy-plot.tsx';
import { PANELS, SERIES, type Series } from './economy-series.ts';

const Swatch = ({ series }: { readonly series: Series }) => (
  <svg viewBox="0 0 16 4" width="16" height="4" aria-hidden className="shrink-0">
    <path d="M0 2h16" stroke={`var(${series.token})`} strokeWidth="3" strokeDasharray={series.dash.join(' ')} />
  </svg>
);

interface PanelProps {
  readonly points: readonly EconomyPoint[];
  readonly panel: readonly [Series, ...Series[]];
  readonly at: number | undefined;
  readonly onPoint: (index: number | undefined) => void;
}

const Panel = ({ points, panel, at, onPoint }: PanelProps) => {
  const text = useText().network;
  const language = useLanguage();
  const [first, last] = [points[0], points.at(-1)];
  const shown = points[at ?? points.length - 1] ?? last;
  if (first === undefined || last === undefined || shown === undefined) return null;
  const nothing = panel.every(({ of }) => points.every((point) => of(point) === 0n));
  const label = text.chart(text[panel[0].key], numberText(first.height, language), numberText(last.height, language));
  return (
    <figure className="grid min-w-0 content-end gap-1">
      <figcaption className="grid gap-0.5">
        {panel.map((series) => (
          <span key={series.key} className="flex items-center justify-between gap-3 text-small">
            <span className="flex items-center gap-2 text-soft">
              <Swatch series={series} />
              {text[series.key]}
            </span>
            <Amount units={series.of(shown)} size="row" unit={false} />
          </span>
        ))}
      </figcaption>
      {nothing ? (
        <p className="grid h-[132px] place-items-center rounded-small border border-dashed border-edge px-4 text-center text-small text-soft">
          {text.none}
        </p>
      ) : (
        <EconomyPlot points={points} panel={panel} label={label} at={at} onPoint={onPoint} />
      )}
    </figure>
  );
};

const useReading = (points: readonly EconomyPoint[], at: number | undefined): string => {
  const text = useText().network;
  const language = useLanguage();
  const point = points[at ?? points.length - 1];
  if (point === undefined) return '';
  return text.atBlock(numberText(point.height, language), dateText(point.time, language));
};

/** The block whose figures are read: by pointer on any panel, or by the arrow keys here. */
const BlockChoice = ({ points, at, onPoint }: Omit<PanelProps, 'panel'>) => {
  const text = useText().network;
  const language = useLanguage();
  const reading = useReading(points, at);
  const index = at ?? points.length - 1;
  const point = points[index];
  const figures = point === undefined ? [] : SERIES.map(({ key, of }) => `${text[key]} ${amountText(of(point), language)}`);
  return (
    <label className="block-choice flex min-h-8 items-center gap-3 text-small text-soft">
      <span className="sr-only">{text.readBlock}</span>
      <span className="figures min-w-0 flex-1">{reading}</span>
      <input
        type="range"
        min={0}
        max={Math.max(0, points.length - 1)}
        value={index}
        aria-valuetext={[reading, ...figures].join(', ')}
        onChange={(event) => onPoint(Number(event.currentTarget.value))}
        className="h-8 w-28 accent-accent md:w-40"
      />
    </label>
  );
};

/** Value, locked value, credit and debt over the verified headers, each on a scale of its own; one block is read in all. */
export const EconomyCharts = ({ points }: { readonly points: readonly EconomyPoint[] }) => {
  const [at, setAt] = useState<number>();
  return (
    <div className="grid min-w-0 gap-4">
      <BlockChoice points={points} at={at} onPoint={setAt} />
      <div className="grid min-w-0 gap-x-8 gap-y-6 md:grid-cols-2">
        {PANELS.map((panel) => (
          <Panel key={panel[0].key} points={points} panel={panel} at={at} onPoint={setAt} />
        ))}
      </div>
    </div>
  );
};

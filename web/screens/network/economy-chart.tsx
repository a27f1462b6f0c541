import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { EconomyPoint } from '#workers/rpc/chain-view';
import { usePreferences } from '../../client/preferences.ts';
import { useLanguage, useText } from '../../client/text.ts';
import { LANGUAGES } from '../../text/language.ts';
import { numberText } from '../../text/time-text.ts';

const UNITS = 1e8;
const HEIGHT = 300;

const LINES = [
  { key: 'circulating', hue: '--value', dash: [] },
  { key: 'locked', hue: '--locked', dash: [6, 3] },
  { key: 'credit', hue: '--credit', dash: [2, 3] },
  { key: 'debt', hue: '--debt', dash: [10, 3] },
  { key: 'overdue', hue: '--alarm', dash: [4, 2] },
] as const;

const columns = (points: readonly EconomyPoint[]): uPlot.AlignedData => [
  points.map(({ height }) => height),
  points.map(({ value, locked }) => Number(value - locked) / UNITS),
  points.map(({ locked }) => Number(locked) / UNITS),
  points.map(({ credit }) => Number(credit) / UNITS),
  points.map(({ debt }) => Number(debt) / UNITS),
  points.map(({ overdue }) => Number(overdue) / UNITS),
];

const optionsOf = (width: number, names: readonly string[], locale: string, block: string): uPlot.Options => {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(name).trim();
  const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
  const axis = { stroke: token('--soft'), grid: { stroke: token('--line'), width: 1 }, ticks: { show: false }, font: '12px system-ui' };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false },
    scales: { x: { time: false } },
    axes: [
      { ...axis, size: 26, label: block, labelSize: 18, labelFont: '12px system-ui' },
      { ...axis, size: 56, values: (_, ticks) => ticks.map((tick) => compact.format(tick)) },
    ],
    series: [
      {},
      ...LINES.map(({ hue, dash }, index) => ({
        label: names[index] ?? '',
        stroke: token(hue),
        width: 2,
        dash: [...dash],
        points: { show: false },
      })),
    ],
  };
};

/** Value, credit and debt over the verified headers; lines differ in dash as well as in hue. */
export const EconomyChart = ({ points }: { readonly points: readonly EconomyPoint[] }) => {
  const text = useText().network;
  const language = useLanguage();
  const theme = usePreferences((preferences) => preferences.theme);
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const data = useRef(points);
  data.current = points;
  const names = LINES.map(({ key }) => text[key]).join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read from the theme when the chart is made
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const width = () => Math.max(200, element.clientWidth);
    const chart = new uPlot(optionsOf(width(), names.split('\n'), LANGUAGES[language], text.height), columns(data.current), element);
    plot.current = chart;
    const watch = new ResizeObserver(() => chart.setSize({ width: width(), height: HEIGHT }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      chart.destroy();
    };
  }, [names, language, theme, text.height]);
  useEffect(() => plot.current?.setData(columns(points)), [points]);
  const [first, last] = [points[0]?.height ?? 0, points.at(-1)?.height ?? 0];
  return (
    <figure className="min-w-0">
      <div ref={box} role="img" aria-label={text.chart(numberText(first, language), numberText(last, language))} className="min-w-0" />
    </figure>
  );
};

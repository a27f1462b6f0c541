import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { EconomyPoint } from '#workers/rpc/chain-view';
import { useLanguage } from '../../client/text.ts';
import { useDark } from '../../client/use-dark.ts';
import { LANGUAGES } from '../../text/language.ts';
import type { Series } from './economy-series.ts';

const UNITS = 1e8;
const HEIGHT = 132;
const FONT = '11px system-ui, sans-serif';
const FILL = '1f';
const ROOM_ABOVE = 1.2;

const columns = (points: readonly EconomyPoint[], panel: readonly Series[]): uPlot.AlignedData => [
  points.map(({ height }) => height),
  ...panel.map(({ of }) => points.map((point) => Number(of(point)) / UNITS)),
];

const axesOf = (locale: string, token: (name: string) => string): uPlot.Axis[] => {
  const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
  const plain = new Intl.NumberFormat(locale);
  const line = { stroke: token('--soft'), ticks: { show: false }, font: FONT };
  return [
    {
      ...line,
      grid: { show: false },
      size: 22,
      space: 72,
      incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000],
      values: (_, ticks) => ticks.map((tick) => plain.format(tick)),
    },
    {
      ...line,
      grid: { stroke: token('--line'), width: 1 },
      size: 46,
      space: 34,
      values: (_, ticks) => ticks.map((tick) => compact.format(tick)),
    },
  ];
};

interface Drawing {
  readonly width: number;
  readonly panel: readonly Series[];
  readonly locale: string;
  readonly onPoint: (index: number | undefined) => void;
}

const optionsOf = ({ width, panel, locale, onPoint }: Drawing): uPlot.Options => {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    width,
    height: HEIGHT,
    padding: [8, 10, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 8 } },
    scales: { x: { time: false }, y: { range: (_, __, most) => [0, most > 0 ? most * ROOM_ABOVE : 1] } },
    axes: axesOf(locale, token),
    series: [
      {},
      ...panel.map(({ token: hue, dash }, place) => ({
        stroke: token(hue),
        width: 2,
        dash: [...dash],
        points: { show: false },
        ...(uPlot.paths.stepped === undefined ? {} : { paths: uPlot.paths.stepped({ align: 1 }) }),
        ...(place === 0 ? { fill: `${token(hue)}${FILL}` } : {}),
      })),
    ],
    hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? undefined)] },
  };
};

interface Props {
  readonly points: readonly EconomyPoint[];
  readonly panel: readonly Series[];
  readonly label: string;
  /** the point that all panels mark */
  readonly at: number | undefined;
  readonly onPoint: (index: number | undefined) => void;
}

const useMarked = (plot: { readonly current: uPlot | undefined }, { points, at }: Props) =>
  useEffect(() => {
    const chart = plot.current;
    if (chart === undefined || chart.cursor.idx === (at ?? null)) return;
    const height = at === undefined ? undefined : points[at]?.height;
    chart.setCursor({ left: height === undefined ? -10 : chart.valToPos(height, 'x'), top: height === undefined ? -10 : 1 }, false);
  }, [plot, points, at]);

/** One panel: the verified headers from left to right, stepped, because a figure holds until the next block. */
export const EconomyPlot = (props: Props) => {
  const { points, panel, label, onPoint } = props;
  const language = useLanguage();
  const dark = useDark();
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const data = useRef(points);
  data.current = points;
  const told = useRef(onPoint);
  told.current = onPoint;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read from the theme when the chart is made
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const width = () => Math.max(180, element.clientWidth);
    const drawing = { width: width(), panel, locale: LANGUAGES[language], onPoint: (index: number | undefined) => told.current(index) };
    const chart = new uPlot(optionsOf(drawing), columns(data.current, panel), element);
    plot.current = chart;
    const watch = new ResizeObserver(() => chart.setSize({ width: width(), height: HEIGHT }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      chart.destroy();
      plot.current = undefined;
    };
  }, [panel, language, dark]);
  useEffect(() => plot.current?.setData(columns(points, panel)), [points, panel]);
  useMarked(plot, props);
  return <div ref={box} role="img" aria-label={label} className="min-w-0" />;
};

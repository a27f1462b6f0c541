import type { EconomyPoint } from '#workers/rpc/chain-view';
import { useLanguage, useText } from '../../client/text.ts';
import { Disclosure } from '../../components/disclosure.tsx';
import { ScrollRegion } from '../../components/scroll-region.tsx';
import { amountText } from '../../text/amount-text.ts';
import { clockText, numberText } from '../../text/time-text.ts';
import { SERIES } from './economy-series.ts';

/** Rows that a table may have: beyond it the charts show the rest. */
const MOST_ROWS = 100;

/** The same figures to be read and copied, newest block first. */
export const EconomyTable = ({ points }: { readonly points: readonly EconomyPoint[] }) => {
  const text = useText().network;
  const language = useLanguage();
  const head = 'pb-1.5 pl-4 text-right font-normal';
  return (
    <Disclosure title={text.table} small>
      <ScrollRegion label={text.table} className="max-h-96">
        <table className="figures w-full whitespace-nowrap">
          <thead className="sticky top-0 bg-sheet text-soft">
            <tr>
              <th className="pb-1.5 text-left font-normal">{text.height}</th>
              <th className={head}>{text.time}</th>
              {SERIES.map(({ key }) => (
                <th key={key} className={head}>
                  {text[key]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {points
              .slice(-MOST_ROWS)
              .reverse()
              .map((point) => (
                <tr key={point.height} className="border-t border-line">
                  <th scope="row" className="py-1.5 text-left font-normal">
                    {numberText(point.height, language)}
                  </th>
                  <td className="py-1.5 pl-4 text-right text-soft">{clockText(point.time, language)}</td>
                  {SERIES.map(({ key, of }) => (
                    <td key={key} className="py-1.5 pl-4 text-right">
                      {amountText(of(point), language)}
                    </td>
                  ))}
                </tr>
              ))}
          </tbody>
        </table>
      </ScrollRegion>
    </Disclosure>
  );
};

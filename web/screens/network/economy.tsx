import { lazy, Suspense } from 'react';
import type { EconomyPoint } from '#workers/rpc/chain-view';
import { conserved } from '../../client/conservation.ts';
import { useLanguage, useText } from '../../client/text.ts';
import { Amount } from '../../components/amount.tsx';
import { Card, Section } from '../../components/card.tsx';
import { Empty, Skeleton } from '../../components/empty.tsx';
import { ProofRing } from '../../components/proof-ring.tsx';
import { numberText } from '../../text/time-text.ts';
import { EconomyTable } from './economy-table.tsx';

const EconomyCharts = lazy(async () => ({ default: (await import('./economy-charts.tsx')).EconomyCharts }));

const Conservation = ({ points }: { readonly points: readonly EconomyPoint[] }) => {
  const text = useText().network;
  const language = useLanguage();
  const same = conserved(points);
  return (
    <div className="flex items-start gap-3 rounded-card bg-sunk px-4 py-3 text-body">
      <span className="mt-0.5">
        <ProofRing state={{ stage: same === undefined ? 'refused' : 'verified', arc: same === undefined ? 0 : 1 }} size={20} />
      </span>
      <p className="min-w-0 flex-1">
        <span className="flex flex-wrap justify-between gap-x-3">
          {text.conserved}
          {same !== undefined && <Amount units={same} size="row" />}
        </span>
        <span className={`text-small ${same === undefined ? 'font-bold text-alarm' : 'text-soft'}`}>
          {same === undefined ? text.conservedNo : text.conservedYes(numberText(points.length, language))}
        </span>
      </p>
    </div>
  );
};

/** How much money there is, of what kinds, and that it is neither made nor lost. */
export const Economy = ({ points }: { readonly points: readonly EconomyPoint[] }) => {
  const text = useText().network;
  return (
    <Section title={text.economy} lead={text.economyLead}>
      {points.length === 0 ? (
        <Empty title={text.economy} text={text.noEconomy} />
      ) : (
        <Card className="grid grid-cols-1 gap-5 py-4">
          <Suspense fallback={<Skeleton className="h-80 w-full" />}>
            <EconomyCharts points={points} />
          </Suspense>
          <Conservation points={points} />
          <EconomyTable points={points} />
        </Card>
      )}
    </Section>
  );
};

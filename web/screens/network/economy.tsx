import { lazy, Suspense } from 'react';
import type { EconomyPoint } from '#workers/rpc/chain-view';
import { conserved } from '../../client/conservation.ts';
import { useLanguage, useText } from '../../client/text.ts';
import { Amount } from '../../components/amount.tsx';
import { Card, Section } from '../../components/card.tsx';
import { Skeleton } from '../../components/empty.tsx';
import { Fact, Facts } from '../../components/facts.tsx';
import { ProofRing } from '../../components/proof-ring.tsx';
import { numberText } from '../../text/time-text.ts';

const EconomyChart = lazy(async () => ({ default: (await import('./economy-chart.tsx')).EconomyChart }));

const Swatch = ({ hue }: { readonly hue: string }) => <span aria-hidden className={`size-2.5 rounded-full ${hue}`} />;

const Figures = ({ last }: { readonly last: EconomyPoint }) => {
  const text = useText().network;
  const rows = [
    { name: text.circulating, units: last.value - last.locked, hue: 'bg-value' },
    { name: text.locked, units: last.locked, hue: 'bg-locked' },
    { name: text.credit, units: last.credit, hue: 'bg-credit' },
    { name: text.debt, units: last.debt, hue: 'bg-debt' },
    { name: text.overdue, units: last.overdue, hue: 'bg-alarm' },
    { name: text.fees, units: last.fees, hue: 'bg-edge' },
  ];
  return (
    <Facts>
      {rows.map(({ name, units, hue }) => (
        <Fact
          key={name}
          name={
            <span className="flex items-center gap-2">
              <Swatch hue={hue} />
              {name}
            </span>
          }
        >
          <Amount units={units} />
        </Fact>
      ))}
    </Facts>
  );
};

const Conservation = ({ points }: { readonly points: readonly EconomyPoint[] }) => {
  const text = useText().network;
  const language = useLanguage();
  const same = conserved(points);
  return (
    <div className="mt-3 flex items-start gap-2.5 rounded-card bg-sunk p-3 text-body">
      <span className="mt-1">
        <ProofRing state={{ stage: same === undefined ? 'refused' : 'verified', arc: 0 }} />
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
  const last = points.at(-1);
  return (
    <Section title={`${text.economy} · ${text.economyLead}`}>
      {last === undefined ? (
        <p className="text-body text-soft">{text.noEconomy}</p>
      ) : (
        <Card className="grid gap-6 py-4 lg:grid-cols-[1fr_20rem]">
          <Suspense fallback={<Skeleton className="h-60 w-full" />}>
            <EconomyChart points={points} />
          </Suspense>
          <div>
            <Figures last={last} />
            <Conservation points={points} />
          </div>
        </Card>
      )}
    </Section>
  );
};

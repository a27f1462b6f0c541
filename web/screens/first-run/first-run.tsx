import { lazy, Suspense, useState } from 'react';
import { Route, Switch } from 'wouter';
import { BrandRing } from '../../app/brand.tsx';
import { FIRST_ROUTES } from '../../app/routes.ts';
import { setPreference, usePreferences } from '../../client/preferences.ts';
import { useText } from '../../client/text.ts';
import { Button } from '../../components/button.tsx';
import { ButtonLink } from '../../components/link.tsx';
import { ProofRing } from '../../components/proof-ring.tsx';
import { HowItShows } from './how-it-shows.tsx';

/** Fetched when they are asked for; a moment after the first load the service worker keeps them anyway. */
const CreateWallet = lazy(async () => ({ default: (await import('./create-wallet.tsx')).CreateWallet }));
const RestoreWallet = lazy(async () => ({ default: (await import('./restore-wallet.tsx')).RestoreWallet }));

const LanguageSwitch = () => {
  const language = usePreferences((preferences) => preferences.language);
  const other = language === 'en' ? 'zh' : 'en';
  return (
    <Button kind="plain" className="text-small" onPress={() => setPreference({ language: other })}>
      <span lang={other === 'zh' ? 'zh-CN' : 'en'}>{other === 'zh' ? '简体中文' : 'English'}</span>
    </Button>
  );
};

const Points = ({ points }: { readonly points: readonly string[] }) => (
  <ul className="grid gap-2 text-body text-soft">
    {points.map((point) => (
      <li key={point} className="flex items-center gap-2.5">
        <ProofRing state={{ stage: 'verified', arc: 0 }} />
        {point}
      </li>
    ))}
  </ul>
);

const Welcome = () => {
  const text = useText().first;
  return (
    <div className="enter grid items-center gap-x-20 lg:grid-cols-[minmax(0,28rem)_minmax(0,24rem)] lg:justify-center">
      <div className="grid gap-7">
        <BrandRing size={48} />
        <div className="grid gap-3">
          <h1 className="text-display font-bold tracking-tight text-balance">{text.title}</h1>
          <p className="text-lead text-soft text-pretty">{text.lead}</p>
        </div>
        <Points points={text.points} />
        <div className="grid gap-3 pt-2">
          <ButtonLink to={FIRST_ROUTES.create} kind="primary" className="min-h-13">
            {text.create}
          </ButtonLink>
          <ButtonLink to={FIRST_ROUTES.restore} className="min-h-13">
            {text.restore}
          </ButtonLink>
        </div>
        <p className="text-small text-soft">{text.note}</p>
      </div>
      <HowItShows />
    </div>
  );
};

/** What a person finds who has no wallet here yet: one main way and restore as the second. */
export const FirstRun = () => {
  const text = useText();
  const [done, setDone] = useState(false);
  return (
    <div className="grid min-h-dvh grid-rows-[auto_1fr]">
      <header className="flex items-center justify-between px-5 py-2 md:px-8">
        <span className="text-lead font-bold">{text.app.name}</span>
        <LanguageSwitch />
      </header>
      <main aria-busy={done} className="mx-auto grid w-full max-w-md content-center px-5 pt-4 pb-16 lg:max-w-6xl">
        <Suspense>
          <Switch>
            <Route path={FIRST_ROUTES.create}>
              <CreateWallet onDone={() => setDone(true)} />
            </Route>
            <Route path={FIRST_ROUTES.restore}>
              <RestoreWallet onDone={() => setDone(true)} />
            </Route>
            <Route component={Welcome} />
          </Switch>
        </Suspense>
      </main>
    </div>
  );
};

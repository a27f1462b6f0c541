import { lazy, Suspense, useEffect, useState } from 'react';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import { Router } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import { loadFaultSentences } from '../client/fault-sentences.ts';
import { usePreferences } from '../client/preferences.ts';
import { useSession } from '../client/session.ts';
import { type Speech, SpeechContext } from '../client/text.ts';
import { FirstRun } from '../screens/first-run/first-run.tsx';
import { LANGUAGES, type Language } from '../text/language.ts';
import { loadMessages, messagesAtHand } from '../text/messages.ts';
import { Broken, Guard } from './guard.tsx';
import { Opening } from './opening.tsx';

const LockScreen = lazy(async () => ({ default: (await import('../screens/lock-screen.tsx')).LockScreen }));
const Shell = lazy(async () => ({ default: (await import('./shell.tsx')).Shell }));

const useSpeechOf = (language: Language): Speech | undefined => {
  const [speech, setSpeech] = useState<Speech | undefined>(() => {
    const messages = messagesAtHand(language);
    return messages && { language, messages };
  });
  useEffect(() => {
    loadMessages(language).then((messages) => {
      document.documentElement.lang = LANGUAGES[language];
      setSpeech({ language, messages });
    });
  }, [language]);
  return speech;
};

const useFaultSentencesOf = (language: Language, started: boolean): void => {
  useEffect(() => {
    if (started) void loadFaultSentences(language);
  }, [language, started]);
};

const Stage = () => {
  const vault = useSession((session) => session.vault);
  const fresh = useSession((session) => session.fresh);
  const failure = useSession((session) => session.failure);
  if (failure !== undefined) return <Broken code={failure} started={false} />;
  if (vault === undefined) return fresh ? <FirstRun /> : <Opening />;
  if (vault.state === 'none') return <FirstRun />;
  return vault.state === 'locked' ? <LockScreen /> : <Shell />;
};

/** The whole app: language first, then what the vault's state allows to be shown. */
export const App = () => {
  const language = usePreferences((preferences) => preferences.language);
  const speech = useSpeechOf(language);
  useFaultSentencesOf(
    language,
    useSession(({ client, failure }) => client !== undefined || failure !== undefined),
  );
  if (speech === undefined) return null;
  return (
    <SpeechContext value={speech}>
      <I18nProvider locale={LANGUAGES[speech.language]}>
        <Router hook={useHashLocation}>
          <Guard>
            <Suspense fallback={<Opening />}>
              <Stage />
            </Suspense>
          </Guard>
        </Router>
      </I18nProvider>
    </SpeechContext>
  );
};

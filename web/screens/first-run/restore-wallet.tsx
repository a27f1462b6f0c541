import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components/Tabs';
import { FIRST_ROUTES } from '../../app/routes.ts';
import { useText } from '../../client/text.ts';
import { FirstPage } from './first-page.tsx';
import { RestoreFile } from './restore-file.tsx';
import { RestoreWords } from './restore-words.tsx';

const TAB =
  'flex min-h-11 cursor-pointer items-center justify-center rounded-small text-body text-soft data-[selected]:bg-sheet data-[selected]:font-bold data-[selected]:text-ink data-[selected]:shadow-low';

/** Restore ships before backup does: from words, or from an encrypted file. */
export const RestoreWallet = ({ onDone }: { readonly onDone: () => void }) => {
  const text = useText().restore;
  return (
    <FirstPage title={text.title} lead={text.lead} back={FIRST_ROUTES.welcome}>
      <Tabs className="grid gap-5">
        <TabList aria-label={text.title} className="grid grid-cols-2 gap-1 rounded-card border border-line bg-sunk p-1">
          <Tab id="words" className={TAB}>
            {text.byWords}
          </Tab>
          <Tab id="file" className={TAB}>
            {text.byFile}
          </Tab>
        </TabList>
        <TabPanel id="words">
          <RestoreWords onDone={onDone} />
        </TabPanel>
        <TabPanel id="file">
          <RestoreFile onDone={onDone} />
        </TabPanel>
      </Tabs>
    </FirstPage>
  );
};

import { setPreference, THEMES, usePreferences } from '../../client/preferences.ts';
import { useText } from '../../client/text.ts';
import { Chapter } from '../../components/card.tsx';
import { ChoiceCards } from '../../components/choice-cards.tsx';

export const Look = () => {
  const text = useText().settings;
  const { language, theme } = usePreferences();
  return (
    <Chapter title={text.look}>
      <ChoiceCards
        label={text.language}
        columns={2}
        value={language}
        onChange={(value) => setPreference({ language: value === 'zh' ? 'zh' : 'en' })}
        choices={[
          { value: 'en', label: 'English' },
          { value: 'zh', label: '简体中文' },
        ]}
      />
      <ChoiceCards
        label={text.theme}
        columns={3}
        value={theme}
        onChange={(value) => setPreference({ theme: THEMES.find((one) => one === value) ?? 'system' })}
        choices={THEMES.map((value) => ({ value, label: text.themes[value] }))}
      />
    </Chapter>
  );
};

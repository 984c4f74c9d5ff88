import { SegmentedControl } from '@mantine/core';
import { type Language, languages, setLanguage } from '../i18n';
import { useWords } from '../i18n/use-words';

export function LanguageMenu() {
  const { t, language } = useWords();
  return (
    <SegmentedControl
      size="xs"
      aria-label={t('shell.language')}
      value={language}
      onChange={(value) => setLanguage(value as Language)}
      data={Object.entries(languages).map(([value, label]) => ({ value, label }))}
    />
  );
}

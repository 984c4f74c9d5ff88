/** Words and formats in the language that is set. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { formatsOf } from './formats';
import type { Key } from './index';

export type Words = ReturnType<typeof useWords>;

export function useWords() {
  const { t: translate, i18n } = useTranslation();
  return useMemo(() => {
    const t = (key: Key, values?: Record<string, string | number>): string => translate(key, values ?? {});
    /** Of a value that comes from the server: what has no words is shown as it is. */
    const say = (prefix: string, value: string): string => {
      const key = `${prefix}.${value}`;
      return i18n.exists(key) ? translate(key) : value;
    };
    /** Operations of connectors have names in camel case; those without words of their own are read as what they say. */
    const operationWords = (name: string): string => {
      const words = say('operation', name);
      return words === name ? name.replace(/([A-Z])/g, ' $1').toLowerCase() : words;
    };
    return { t, say, operationWords, language: i18n.language, ...formatsOf(localeOf(i18n.language)) };
  }, [translate, i18n, i18n.language]);
}

/** The browser's own country for the language, so that dates look as they do everywhere else on this machine. */
function localeOf(language: string): string {
  return navigator.languages.find((name) => name.startsWith(language)) ?? language;
}

import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import { useCallback } from 'react';
import type { Locale, Text } from './text';

/** The page's language. */
export function useLocale(): Locale {
  return useDocusaurusContext().i18n.currentLocale === 'en' ? 'en' : 'ko';
}

/** Gives the page's language of a text. */
export function useText(): (text: Text) => string {
  const locale = useLocale();
  return useCallback((text: Text) => text[locale], [locale]);
}

import type { Locale } from '../text/text';

/** The day of a moment, as the reader writes dates. */
export function dayOf(moment: string, locale: Locale): string {
  return new Date(moment).toLocaleDateString(locale === 'ko' ? 'ko-KR' : 'en-GB', { dateStyle: 'medium' });
}

import type { Locale } from '../text/text';

export type Monaco = typeof import('./features')['monaco'];

let loaded: Promise<typeof import('./features')> | undefined;

/** Loads the editor once a page. Its Korean words must be there before any of its modules. */
export function loadMonaco(locale: Locale): Promise<typeof import('./features')> {
  loaded ??= (locale === 'ko' ? import('monaco-editor/nls/lang/ko') : Promise.resolve())
    .then(() => import('./features'))
    .catch((error: unknown) => {
      loaded = undefined;
      throw error;
    });
  return loaded;
}

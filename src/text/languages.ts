import type { Texts } from './texts.ts';

/** How each language calls itself. */
export const languageNames = { en: 'English', 'zh-Hant': '繁體中文' } as const;
export type LanguageTag = keyof typeof languageNames;

let loading: Promise<Texts> | undefined;

/**
 * Fetches the texts of the language that does not come with the page, once; a failed fetch may be tried again. Once they are here the promise
 * carries them the way React's `use` reads without waiting, so a change of language does not blank the page.
 */
export function loadTexts(): Promise<Texts> {
  if (loading) return loading;
  const fetched = import('./zh-hant.ts').then(
    ({ zhHant }) => {
      Object.assign(fetched, { status: 'fulfilled', value: zhHant });
      return zhHant;
    },
    (error: unknown) => {
      loading = undefined;
      throw error;
    },
  );
  loading = fetched;
  return fetched;
}

/** The language that suits the browser's list of preferred tags best. */
export function preferredLanguage(tags: readonly string[]): LanguageTag {
  for (const tag of tags) {
    if (/^zh\b/i.test(tag)) return 'zh-Hant';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'en';
}

import { en } from './en.ts';
import type { Texts } from './texts.ts';

/** How each language calls itself. */
export const languageNames = { en: 'English', 'zh-Hant': '繁體中文' } as const;
export type LanguageTag = keyof typeof languageNames;

const loaded = new Map<LanguageTag, Texts>([['en', en]]);
let loading: Promise<Texts> | undefined;

/** The texts of a language, if they are here. English comes with the page. */
export function textsOf(tag: LanguageTag): Texts | undefined {
  return loaded.get(tag);
}

/** Fetches the other language's texts, once; a failed fetch may be tried again. */
export function loadTexts(): Promise<Texts> {
  loading ??= import('./zh-hant.ts').then(
    ({ zhHant }) => {
      loaded.set('zh-Hant', zhHant);
      return zhHant;
    },
    (error: unknown) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}

/** The language that suits the browser's list of preferred tags best. */
export function preferredLanguage(tags: readonly string[]): LanguageTag {
  for (const tag of tags) {
    if (/^zh\b/i.test(tag)) return 'zh-Hant';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'en';
}

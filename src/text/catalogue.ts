import { en } from './en.ts';
import type { Texts } from './texts.ts';
import { zhHant } from './zh-hant.ts';

/** All texts of the page, by language tag. */
export const catalogue = { en, 'zh-Hant': zhHant } as const satisfies Record<string, Texts>;

export type LanguageTag = keyof typeof catalogue;

/** How each language calls itself. */
export const languageNames: Readonly<Record<LanguageTag, string>> = { en: 'English', 'zh-Hant': '繁體中文' };

/** The language that suits the browser's list of preferred tags best. */
export function preferredLanguage(tags: readonly string[]): LanguageTag {
  for (const tag of tags) {
    if (/^zh\b/i.test(tag)) return 'zh-Hant';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'en';
}

/** What naming units with words is asked for. */

import type { DataFiles } from '../protocol/data.ts';
import type { NameUnitsParams } from '../protocol/naming.ts';
import { cleanText, LIMITS, type NeuronsAddress } from './address.ts';
import { dissectionOf } from './dissection.ts';
import { modelsOf } from './models.ts';

/** A list of the visitor's: it may be longer than a link, so only its name stands there. */
export interface WordList {
  readonly name: string;
  readonly words: readonly string[];
}

/** Undefined until a layer is chosen and what the address names is there. */
export function namingOf(
  address: NeuronsAddress,
  data: DataFiles | undefined,
  list: WordList | undefined,
): NameUnitsParams | undefined {
  const { words, wordList } = address;
  const dissection = dissectionOf(address, data);
  if (!dissection || (wordList !== '' && list?.name !== wordList)) return undefined;
  const { recipe: _, ...watched } = dissection;
  return {
    ...watched,
    judge: judgeOf(address),
    words: wordList !== '' && list ? list.words : splitWords(words),
  };
}

/** The chosen judge; unless one is, the model itself where it matches pictures with words. */
export function judgeOf({ judge, model }: Pick<NeuronsAddress, 'judge' | 'model'>): string {
  if (judge !== '') return judge;
  const judges = modelsOf('contrastive');
  return judges.find(({ id }) => id === model)?.id ?? judges[0]?.id ?? model;
}

/** Words between commas and line breaks, each once. */
export function splitWords(text: string): readonly string[] {
  const words = text.split(/[,，、\r\n]+/).map((word) => cleanText(word, LIMITS.wordLength));
  return [...new Set(words.filter((word) => word !== ''))];
}

/** A text file as a list: the first column of a CSV, or a word a line. */
export function readWordList(name: string, text: string): WordList {
  return {
    name: cleanText(name, LIMITS.short),
    words: splitWords(text.replace(/^\uFEFF/, '')).slice(0, LIMITS.wordCount),
  };
}

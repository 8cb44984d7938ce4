import { describe, expect, it } from 'vitest';
import type { PromptReading } from '../protocol/jobs.ts';
import { chipsOf, resolveWords } from './words.ts';

const reading: PromptReading = {
  tokens: [
    { position: 0, id: 0, text: '<start>', special: true, word: -1 },
    { position: 1, id: 5, text: 'red', special: false, word: 0 },
    { position: 2, id: 6, text: 'kite', special: false, word: 1 },
    { position: 3, id: 7, text: 's', special: false, word: 1 },
    { position: 4, id: 5, text: 'red', special: false, word: 2 },
    { position: 5, id: 1, text: '<end>', special: true, word: -1 },
    { position: 6, id: 3, text: '<pad>', special: true, word: -1 },
    { position: 7, id: 3, text: '<pad>', special: true, word: -1 },
  ],
  words: [
    { text: 'red', positions: [1], known: true },
    { text: 'kites', positions: [2, 3], known: true },
    { text: 'red', positions: [4], known: false },
  ],
  cut: [],
};

describe('chips', () => {
  it('give every occurrence its own key and gather special tokens', () => {
    expect(chipsOf(reading).map(({ key, positions }) => [key, positions])).toEqual([
      ['[start]', [0]],
      ['red', [1]],
      ['kites', [2, 3]],
      ['red~2', [4]],
      ['[end]', [5]],
      ['[padding]', [6, 7]],
    ]);
  });

  it('tell what the prompt does not have', () => {
    const { found, missing } = resolveWords(chipsOf(reading), ['red~2', 'boat', '[end]']);
    expect(found.map(({ positions }) => positions)).toEqual([[4], [5]]);
    expect(missing).toEqual(['boat']);
  });
});

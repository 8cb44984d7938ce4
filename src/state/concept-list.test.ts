import { describe, expect, it } from 'vitest';
import { LIMITS } from './address.ts';
import { fitConcepts, splitConcepts } from './concept-list.ts';

describe('splitConcepts', () => {
  it('takes lines, commas, semicolons and tabs for borders', () => {
    expect(splitConcepts('red, green\nblue;pink\tblack').map((entry) => entry.trim())).toEqual([
      'red',
      'green',
      'blue',
      'pink',
      'black',
    ]);
  });

  it('keeps a quoted sentence in one piece', () => {
    expect(splitConcepts('"a car, in the rain"\r\n "he said ""no"""')).toEqual([
      'a car, in the rain',
      'he said "no"',
    ]);
  });

  it('takes a quote that never closes for a character', () => {
    expect(splitConcepts('"red\nblue')).toEqual(['"red', 'blue']);
  });
});

describe('fitConcepts', () => {
  it('cleans, and leaves out what is empty or there already', () => {
    expect(fitConcepts([' red ', '', 'red', 'a  car,\tblue'])).toEqual({
      concepts: ['red', 'a car blue'],
      refused: [],
    });
  });

  it('names what is too long, and takes what comes after it', () => {
    const long = 'x'.repeat(LIMITS.concept + 1);
    const { concepts, refused } = fitConcepts(['red', long, 'y'.repeat(LIMITS.concept)]);
    expect(concepts).toEqual(['red', 'y'.repeat(LIMITS.concept)]);
    expect(refused).toEqual([{ text: long, reason: 'long' }]);
  });

  it('names what a full list has no room for', () => {
    const words = Array.from({ length: LIMITS.conceptCount + 2 }, (_, i) => String(i));
    const { concepts, refused } = fitConcepts(words);
    expect(concepts).toHaveLength(LIMITS.conceptCount);
    expect(refused).toEqual([
      { text: '150', reason: 'full' },
      { text: '151', reason: 'full' },
    ]);
  });

  it('counts characters as a link writes them', () => {
    // Nine characters each, and three for the separator.
    const wide = ['字', '詞', '句', '語', '文'].map((letter) => letter.repeat(40));
    expect(fitConcepts(wide).concepts).toHaveLength(Math.floor(LIMITS.concepts / (40 * 9 + 3)));
  });
});

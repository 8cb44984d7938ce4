import { describe, expect, it } from 'vitest';
import type { PromptReading } from '../../../protocol/jobs.ts';
import { regionMask, regionOf } from '../../../protocol/region.ts';
import { mask } from '../../../tensor/mask.ts';
import { refinement, replacement } from './alignment.ts';
import { blendLatents, blendMask } from './blend.ts';

/** A reading of words given as token lists; id 1 starts, 2 ends, 0 pads. */
function reading(limit: number, ...words: readonly (readonly number[])[]): PromptReading {
  const ids = [1, ...words.flat(), 2];
  while (ids.length < limit) ids.push(0);
  let next = 1;
  return {
    tokens: ids.map((id, position) => ({ position, id, text: String(id), special: id < 3, word: -1 })),
    words: words.map((tokens) => ({
      text: tokens.join('-'),
      known: true,
      positions: tokens.map(() => next++),
    })),
    cut: [],
  };
}

/** The map as pairs [source, target, weight]. */
const pairs = ({ map }: { readonly map: Float32Array }, tokens: number) =>
  [...map].flatMap((weight, at) =>
    weight === 0 ? [] : [[Math.floor(at / tokens), at % tokens, weight] as const],
  );

describe('replacement', () => {
  it('is the identity for words of equal length', () => {
    const found = replacement(reading(7, [5], [6, 7], [8]), reading(7, [5], [9, 10], [8]));
    expect(pairs(found, 7)).toEqual(Array.from({ length: 7 }, (_, at) => [at, at, 1]));
    expect([...found.gate]).toEqual([1, 1, 1, 1, 1, 1, 1]);
  });

  it('shares a word out where it is read as more or fewer tokens, and moves what follows', () => {
    const found = replacement(reading(8, [5], [6, 7], [8]), reading(8, [5], [9], [8, 11]));
    expect(pairs(found, 8)).toEqual([
      [0, 0, 1],
      [1, 1, 1],
      [2, 2, 1],
      [3, 2, 1],
      [4, 3, 0.5],
      [4, 4, 0.5],
      [5, 5, 1],
      [6, 6, 1],
      [7, 7, 1],
    ]);
  });

  it('keeps every target column filled when the target is shorter', () => {
    const found = replacement(reading(6, [5, 6, 7]), reading(6, [9]));
    for (let to = 0; to < 6; to += 1) {
      const column = pairs(found, 6).filter(([, target]) => target === to);
      expect(column.length, `token ${to}`).toBeGreaterThan(0);
    }
    expect(() => replacement(reading(6, [5]), reading(6, [5], [6]))).toThrow('1 words cannot become 2');
  });
});

describe('refinement', () => {
  it('aligns what both prompts have and leaves new words their own maps', () => {
    // a car -> a red car
    const found = refinement(reading(7, [5], [6]), reading(7, [5], [9], [6]));
    expect(pairs(found, 7)).toEqual([
      [0, 0, 1],
      [1, 1, 1],
      [2, 3, 1],
      [3, 4, 1],
      [5, 5, 1],
      [6, 6, 1],
    ]);
    expect([...found.gate]).toEqual([1, 1, 0, 1, 1, 1, 1]);
  });

  it('never pairs different words, and takes each occurrence once', () => {
    // b a b -> a b a: the longest common subsequence has two words.
    const found = refinement(reading(6, [7], [5], [7]), reading(6, [5], [7], [5]));
    const words = pairs(found, 6).filter(([, to]) => to >= 1 && to <= 3);
    expect(words).toEqual([
      [2, 1, 1],
      [3, 2, 1],
    ]);
    expect(found.gate[3]).toBe(0);
  });

  it('of a prompt with itself is the identity', () => {
    const same = reading(6, [5], [6], [5]);
    expect(pairs(refinement(same, same), 6)).toEqual(Array.from({ length: 6 }, (_, at) => [at, at, 1]));
  });
});

describe('local blend', () => {
  it('covers what exceeds 0.3 of the maximum, one cell wider', () => {
    const maps = new Float64Array(20);
    maps[7] = 1; // row 1, column 2 of 4 x 5
    maps[15] = 0.3;
    const found = blendMask(maps, 4, 5);
    const inside = [...found.data].flatMap((value, cell) => (value ? [cell] : []));
    expect(inside).toEqual([1, 2, 3, 6, 7, 8, 11, 12, 13]);
  });

  it('takes the target inside and the source outside, channel by channel', () => {
    const inside = mask(1, 2, Uint8Array.of(0, 1));
    expect([...blendLatents(Float32Array.of(1, 2, 3, 4), Float32Array.of(5, 6, 7, 8), inside)]).toEqual([
      1, 6, 3, 8,
    ]);
  });
});

describe('regions', () => {
  it('come back from their digits, on any grid', () => {
    const cells = Uint8Array.from({ length: 256 }, (_, at) => (at % 16 >= 12 && at < 64 ? 1 : 0));
    const region = regionOf(cells);
    expect(region).toBe(`${'000f'.repeat(4)}${'0'.repeat(48)}`);
    expect([...regionMask(region, 16, 16).data]).toEqual([...cells]);
    expect([...regionMask(region, 4, 8).data]).toEqual([
      0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ]);
    expect(() => regionMask('zz', 4, 4)).toThrow('not a region');
  });
});

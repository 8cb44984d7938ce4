import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { tensor } from '../../tensor/tensor.ts';
import { replaceBySpan, spanOf, textSpan } from './textspan.ts';

interface Golden {
  readonly images: number;
  readonly size: number;
  readonly headWidth: number;
  readonly pool: number;
  readonly contributions: readonly number[];
  readonly texts: readonly number[];
  readonly chosen: readonly number[];
  readonly explained: readonly number[];
  readonly firstRow: readonly number[];
}

/** Made by make_textspan.py. */
const goldens: readonly Golden[] = JSON.parse(
  readFileSync(new URL('../goldens/textspan.json', import.meta.url), 'utf8'),
);
const cases = goldens.map((golden) => ({
  ...golden,
  rows: tensor(['image', 'embedding'], [golden.images, golden.size], Float32Array.from(golden.contributions)),
  pool: tensor(['text', 'embedding'], [golden.pool, golden.size], Float32Array.from(golden.texts)),
}));

test.each(cases)(
  '$images images, $pool texts: the words of the NumPy reference, and what they explain',
  (golden) => {
    const options = { words: golden.chosen.length, headWidth: golden.headWidth };
    const span = textSpan(golden.rows, golden.pool, options);
    expect(span.words.map(({ text }) => text)).toEqual(golden.chosen);
    span.words.forEach(({ explained }, i) => {
      // Float64 on both sides, by other factorisations.
      expect(explained).toBeCloseTo(golden.explained[i]!, 6);
    });
    const first = replaceBySpan(golden.rows, span).data.subarray(0, golden.size);
    golden.firstRow.forEach((value, i) => {
      expect(first[i]).toBeCloseTo(value, 5);
    });
  },
);

test('the directions are orthonormal, and the same words given are the same span', () => {
  const golden = cases[1]!;
  const span = textSpan(golden.rows, golden.pool, { words: 8, headWidth: golden.headWidth });
  const { data, dims } = span.directions;
  for (let a = 0; a < dims[0]; a += 1) {
    for (let b = 0; b < dims[0]; b += 1) {
      let dot = 0;
      for (let e = 0; e < dims[1]; e += 1) dot += data[a * dims[1] + e]! * data[b * dims[1] + e]!;
      expect(dot).toBeCloseTo(a === b ? 1 : 0, 6);
    }
  }
  const again = spanOf(golden.rows, golden.pool, golden.chosen, golden.headWidth);
  again.words.forEach(({ explained }, i) => {
    expect(explained).toBeCloseTo(span.words[i]!.explained, 9);
  });
  // As many words as the head has directions: nothing is left.
  expect(again.words.at(-1)!.explained).toBeGreaterThan(0.999);
});

test('a head that never varies has no words', () => {
  const still = tensor(['image', 'embedding'], [3, 2], Float32Array.of(1, 2, 1, 2, 1, 2));
  const pool = tensor(['text', 'embedding'], [2, 2], Float32Array.of(1, 0, 0, 1));
  expect(textSpan(still, pool, { words: 2, headWidth: 2 }).words).toEqual([]);
});

test('texts of another width are refused', () => {
  const rows = tensor(['image', 'embedding'], [2, 2], Float32Array.of(1, 2, 3, 4));
  const pool = tensor(['text', 'embedding'], [1, 3], Float32Array.of(1, 0, 0));
  expect(() => textSpan(rows, pool, { words: 1, headWidth: 2 })).toThrow('texts of 3 values');
});

import { expect, test } from 'vitest';
import { tensor } from '../tensor/tensor.ts';
import { foundAmongWorst, histogram, pairRows } from './pair-table.ts';
import type { ShelfItem } from './shelf.ts';

const pixels = { width: 1, height: 1, data: new Uint8ClampedArray(4) };
const item = (name: string, caption: string): ShelfItem => ({
  name,
  caption,
  pixels,
  image: { kind: 'pixels', pixels },
});
const table = tensor(['point', 'axis'], [0, 2], new Float32Array(0));
const pair = (alignment: number, better: number, twin: number, twinCosine: number) => ({
  cosine: 0.5,
  alignment,
  captionRank: 1,
  pictureRank: 1,
  better,
  twin,
  twinCosine,
});
const rows = pairRows(
  {
    recipe: 'pair-check',
    pairs: [pair(0.4, 0, 2, 0.999), pair(-0.2, 0, 0, 0.4), pair(0.1, 0, 0, 0.999)],
    chance: { low: -0.3, high: 0.05, samples: 3 },
    gap: 1,
    raw: { points: table, share: 1 },
    centred: { points: table, share: 1 },
    images: tensor(['image', 'embedding'], [0, 2], new Float32Array(0)),
    texts: tensor(['text', 'embedding'], [0, 2], new Float32Array(0)),
    device: 'wasm',
    elapsedMs: 1,
  },
  [item('a.png', 'a car'), item('b.png', 'a cat'), item('c.png', 'a car')],
);

test('mismatches, better captions, copies and repeated captions are named', () => {
  expect(rows.map(({ mismatch }) => mismatch)).toEqual([false, true, false]);
  // A caption that says the same is not better.
  expect(rows.map(({ better }) => better)).toEqual([undefined, 'a car', undefined]);
  expect(rows.map(({ twin }) => twin)).toEqual(['c.png', undefined, 'a.png']);
  expect(rows.map(({ sameCaption }) => sameCaption)).toEqual([true, false, true]);
  expect(foundAmongWorst(rows, [1])).toBe(1);
  expect(foundAmongWorst(rows, [0])).toBe(0);
});

test('bins cover the range, both ends within', () => {
  expect(histogram([0, 1, 1.9, 4], 2)).toEqual([
    { low: 0, high: 2, count: 3 },
    { low: 2, high: 4, count: 1 },
  ]);
  expect(histogram([3, 3], 2).map(({ count }) => count)).toEqual([2, 0]);
});

import { expect, test } from 'vitest';
import type { Pixels } from '../../../protocol/image.ts';
import { mask } from '../../../tensor/mask.ts';
import { COLOUR_NAMES, COLOURS, labelId, type Rgb } from '../../../world/catalogue.ts';
import { neverFalls, saturation, snowArea } from './reweighting.ts';

/** One row of two pixels: what is asked about, and what is not. */
function picture(inside: Rgb): Pixels {
  return { width: 2, height: 1, data: Uint8ClampedArray.of(...inside, 255, 222, 50, 46, 255) };
}
const first = mask(1, 2, Uint8Array.of(1, 0));

test.each(COLOUR_NAMES)('saturation rises from grey over half to the whole of %s', (color) => {
  const grey: Rgb = [119, 119, 119];
  const half = COLOURS[color].map((value, at) => (value + grey[at]!) / 2) as [number, number, number];
  const figures = [grey, half, COLOURS[color]].map((rgb) => saturation(picture(rgb), first, color));
  expect(Math.abs(figures[0]!)).toBeLessThan(0.5);
  expect(figures[1]).toBeGreaterThan(figures[0]! + 5);
  expect(figures[2]).toBeGreaterThan(figures[1]! + 5);
});

test('snow is white ground: neither white sky, nor a white thing, nor green ground', () => {
  const [white, green] = [labelId('color', 'white'), labelId('color', 'green')];
  const [ground, sky, cat] = [
    labelId('object', 'ground'),
    labelId('object', 'sky'),
    labelId('object', 'cat'),
  ];
  const labels = {
    color: Uint8Array.of(white, white, white, green),
    object: Uint8Array.of(ground, sky, cat, ground),
    scene: new Uint8Array(4),
  };
  expect(snowArea({ grid: 2, labels })).toBe(0.25);
});

test('a figure may stand still, and may fall by no more than the slack', () => {
  expect(neverFalls([0, 0, 1, 1], 0)).toBe(true);
  expect(neverFalls([0, 2, 1.75, 3], 0.5)).toBe(true);
  expect(neverFalls([0, 2, 1.25, 3], 0.5)).toBe(false);
});

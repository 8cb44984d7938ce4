import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compositeOnWhite, type Filter, resample } from './resample.ts';

interface Golden {
  readonly filter: Filter;
  readonly width: number;
  readonly height: number;
  readonly toWidth: number;
  readonly toHeight: number;
  readonly picture: readonly number[];
  readonly resized: readonly number[];
}

const goldens: readonly Golden[] = JSON.parse(
  readFileSync(new URL('./golden-resample.json', import.meta.url), 'utf8'),
);

test.each(goldens)('$filter $width x $height to $toWidth x $toHeight is Pillow', (golden) => {
  const picture = {
    width: golden.width,
    height: golden.height,
    data: Uint8ClampedArray.from(golden.picture),
  };
  const result = resample(picture, golden.toWidth, golden.toHeight, golden.filter);
  expect([result.width, result.height]).toEqual([golden.toWidth, golden.toHeight]);
  expect([...result.data]).toEqual(golden.resized);
});

test('the same size is the same picture, untouched', () => {
  const picture = { width: 3, height: 2, data: Uint8ClampedArray.from({ length: 18 }, (_, i) => i * 13) };
  expect(resample(picture, 3, 2, 'bicubic')).toBe(picture);
});

test('alpha is laid on white', () => {
  const data = Uint8ClampedArray.from([10, 20, 30, 255, 0, 0, 0, 0, 100, 0, 200, 51]);
  const { width, height, data: rgb } = compositeOnWhite({ width: 3, height: 1, data });
  expect([width, height]).toEqual([3, 1]);
  expect([...rgb]).toEqual([10, 20, 30, 255, 255, 255, 224, 204, 244]);
});

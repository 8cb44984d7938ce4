import { expect, test } from 'vitest';
import { normalise } from '../../tensor/statistics.ts';
import { tensor } from '../../tensor/tensor.ts';
import { checkPairs } from './pair-check.ts';

const rest = async (): Promise<void> => undefined;
const images = (rows: readonly (readonly number[])[]) =>
  tensor(
    ['image', 'embedding'],
    [rows.length, rows[0]!.length],
    Float32Array.from(rows.flatMap((r) => [...normalise(r)])),
  );
const texts = (rows: readonly (readonly number[])[]) =>
  tensor(
    ['text', 'embedding'],
    [rows.length, rows[0]!.length],
    Float32Array.from(rows.flatMap((r) => [...normalise(r)])),
  );

test('swapped captions stand at the bottom, with the caption that fits', async () => {
  const axes = [
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [0, 0, 1, 0],
    [0, 0, 0, 1],
  ];
  // Captions of pairs 1 and 3 are swapped.
  const { pairs } = await checkPairs(images(axes), texts([axes[0]!, axes[3]!, axes[2]!, axes[1]!]), rest);
  expect(pairs.map(({ captionRank }) => captionRank)).toEqual([1, 2, 1, 2]);
  expect(pairs.map(({ better }) => better)).toEqual([0, 3, 2, 1]);
  expect(pairs[1]!.alignment).toBeLessThan(pairs[0]!.alignment);
  // 2 x 1 minus twice the mean over all four (one of them 1).
  expect(pairs[0]!.alignment).toBeCloseTo(2 - 0.25 - 0.25, 6);
  expect(pairs[1]!.alignment).toBeCloseTo(-0.5, 6);
});

test('a copy of a picture is its twin, and copies of a caption do not push each other down', async () => {
  const { pairs } = await checkPairs(
    images([
      [1, 0.1],
      [0, 1],
      [1, 0.1],
    ]),
    texts([
      [1, 0],
      [0, 1],
      [1, 0],
    ]),
    rest,
  );
  expect(pairs.map(({ twin }) => twin)).toEqual([2, expect.any(Number), 0]);
  expect(pairs[0]!.twinCosine).toBeCloseTo(1, 6);
  expect(pairs.map(({ captionRank, pictureRank }) => [captionRank, pictureRank])).toEqual([
    [1, 1],
    [1, 1],
    [1, 1],
  ]);
});

test('one pair alone has no twin, and unequal tables are refused', async () => {
  const { pairs } = await checkPairs(images([[1, 0]]), texts([[1, 0]]), rest);
  expect(pairs[0]!.twin).toBe(-1);
  await expect(
    checkPairs(
      images([[1, 0]]),
      texts([
        [1, 0],
        [0, 1],
      ]),
      rest,
    ),
  ).rejects.toThrow('captions [2,2]');
});

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { againstPrior, conceptShares, logLikelihoods, logPrior, softWpmi } from './soft-wpmi.ts';
import { TopImages } from './top-images.ts';

interface Golden {
  readonly images: number;
  readonly units: number;
  readonly concepts: number;
  readonly top: number;
  readonly cosines: readonly number[];
  readonly activity: readonly number[];
  readonly scores: readonly number[];
}

/** Made by make_soft_wpmi.py. */
const goldens: readonly Golden[] = JSON.parse(
  readFileSync(new URL('../goldens/soft-wpmi.json', import.meta.url), 'utf8'),
);

test.each(goldens)(
  '$images images, $units units, $concepts concepts: scores of the NumPy reference',
  ({ images, units, concepts, top, cosines, activity, scores }) => {
    const tops = new TopImages(units, top);
    const shares: Float32Array[] = [];
    for (let image = 0; image < images; image += 1) {
      shares.push(conceptShares(Float32Array.from(cosines.slice(image * concepts, (image + 1) * concepts))));
      tops.add(Float32Array.from(activity.slice(image * units, (image + 1) * units)), image);
    }
    const rows = Array.from({ length: units }, (_, unit) =>
      logLikelihoods(
        tops.of(unit).map(({ image }) => shares[image]!),
        concepts,
      ),
    );
    const found = softWpmi(rows);
    expect(found.dims).toEqual([units, concepts]);
    // Shares are float32: an error of 6e-8 of each of up to 30 logarithms near -2.
    scores.forEach((score, i) => {
      expect(found.data[i]).toBeCloseTo(score, 4);
    });
    expect(found.data.subarray(0, concepts).indexOf(Math.max(...found.data.subarray(0, concepts)))).toBe(1);
  },
);

test('two images, two concepts, by hand', () => {
  // Equal cosines share evenly.
  expect([...conceptShares(Float32Array.of(0.3, 0.3))]).toEqual([0.5, 0.5]);
  expect(conceptShares(Float32Array.of(Math.log(3) / 10, 0))[0]).toBeCloseTo(0.75, 6);
  // The first image belongs with 0.998, the second with 0.998 - 0.5 (0.998 - 0.97) = 0.984.
  const found = logLikelihoods([Float32Array.of(1, 0), Float32Array.of(0.5, 0.5)], 2);
  expect(found[0]).toBeCloseTo(Math.log(1 + 1e-7) + Math.log(1 - 0.492 + 1e-7), 9);
  expect(found[1]).toBeCloseTo(Math.log(0.002 + 1e-7) + Math.log(1 - 0.492 + 1e-7), 9);
});

test('units that answer alike tell nothing: all scores are 0; one unit of n that alone has a concept scores at most log n', () => {
  const same = Float64Array.of(-3, -700);
  expect([...softWpmi([same, same, same]).data]).toEqual([0, 0, 0, 0, 0, 0]);
  const { data } = softWpmi([Float64Array.of(-1), Float64Array.of(-800), Float64Array.of(-900)]);
  expect(data[0]).toBeCloseTo(Math.log(3), 9);
  expect(againstPrior(Float64Array.of(-5), logPrior([Float64Array.of(-5)]))).toEqual(Float64Array.of(0));
  expect(() => softWpmi([])).toThrow('no units');
});

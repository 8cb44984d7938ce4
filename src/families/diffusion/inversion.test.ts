import { expect, test } from 'vitest';
import { cumulativeAlphas, ddimStep, readDdimConfig } from './ddim.ts';
import { inverseStep, noised, predictedNoise } from './inversion.ts';

const predictions = ['epsilon', 'sample', 'v_prediction'] as const;

test.each(predictions)(
  'a step backwards undoes the step of a model of %s, at its fixed point',
  (prediction) => {
    const config = readDdimConfig({ prediction_type: prediction, clip_sample: false });
    const alphas = cumulativeAlphas(config);
    const run = { timestep: 600, steps: 5 };
    const noisy = Float32Array.of(0.7, -1.2, 0.1);
    // A model that bends what it sees, so that its noise depends on where it is asked.
    const model = (latents: Float32Array) => latents.map((value, at) => 0.5 * Math.tanh(value) + 0.1 * at);
    const { next } = ddimStep(config, alphas, run, noisy, model(noisy));
    const [from, to] = [alphas[400]!, alphas[600]!];
    let found = next;
    for (let round = 0; round < 40; round++) {
      found = inverseStep(next, predictedNoise(config, found, model(found), to), from, to);
    }
    found.forEach((value, at) => {
      expect(value).toBeCloseTo(noisy[at]!, 4);
    });
  },
);

test('noise is added in the right share', () => {
  expect([...noised(Float32Array.of(2), Float32Array.of(10), 1)]).toEqual([2]);
  expect([...noised(Float32Array.of(2), Float32Array.of(10), 0)]).toEqual([10]);
  expect(noised(Float32Array.of(2), Float32Array.of(10), 0.64)[0]).toBeCloseTo(0.8 * 2 + 0.6 * 10, 5);
});

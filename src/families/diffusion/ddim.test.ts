import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cumulativeAlphas, ddimStep, ddimTimesteps, readDdimConfig } from './ddim.ts';

interface Golden {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly steps: number;
  readonly alphas: Readonly<Record<string, number>>;
  readonly timesteps: Readonly<Record<string, readonly number[]>>;
  readonly rows: readonly {
    readonly t: number;
    readonly latents: readonly number[];
    readonly prediction: readonly number[];
    readonly clean: readonly number[];
    readonly next: readonly number[];
  }[];
}

const goldens: readonly Golden[] = JSON.parse(
  readFileSync(new URL('./golden-ddim.json', import.meta.url), 'utf8'),
);

describe.each(goldens)('$name', (golden) => {
  const config = readDdimConfig(golden.config);
  const alphas = cumulativeAlphas(config);

  test('visits the same training steps for every run length', () => {
    for (const [steps, expected] of Object.entries(golden.timesteps)) {
      expect(ddimTimesteps(config, Number(steps)), `${steps} steps`).toEqual(expected);
    }
  });

  test('has the same signal power', () => {
    // Ours is rounded to float32: 2^-24 relative.
    for (const [step, expected] of Object.entries(golden.alphas)) {
      expect(Math.abs(alphas[Number(step)]! - expected)).toBeLessThanOrEqual(6e-8 * expected + 1e-12);
    }
    expect(alphas.every((value, step) => step === 0 || value < alphas[step - 1]!)).toBe(true);
  });

  test('takes the same steps', () => {
    for (const row of golden.rows) {
      const { clean, next } = ddimStep(
        config,
        alphas,
        { timestep: row.t, steps: golden.steps },
        Float32Array.from(row.latents),
        Float32Array.from(row.prediction),
      );
      // float32 latents, and 1 - alpha of the cleanest steps (4e-5) loses digits when alpha is rounded to float32.
      row.clean.forEach((value, i) => {
        expect(Math.abs(clean[i]! - value)).toBeLessThan(5e-6 * (1 + Math.abs(value)));
      });
      row.next.forEach((value, i) => {
        expect(Math.abs(next[i]! - value)).toBeLessThan(5e-6 * (1 + Math.abs(value)));
      });
    }
  });
});

test('what it cannot do is named', () => {
  const scene = goldens[0]!.config;
  expect(() => readDdimConfig({ ...scene, thresholding: true })).toThrow('unsupported thresholding: true');
  expect(() => readDdimConfig({ ...scene, prediction_type: 'flow' })).toThrow('prediction_type: flow');
  expect(() => readDdimConfig({ ...scene, _class_name: 'PNDMScheduler' })).toThrow('PNDMScheduler');
  expect(() => readDdimConfig(null)).toThrow('scheduler_config');
  expect(() => ddimTimesteps(readDdimConfig(scene), 0)).toThrow('steps must be');
});

import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { readScheduler, startScheduler } from './scheduler.ts';

interface Golden {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly steps: number;
  readonly start: readonly number[];
  readonly noises: readonly (readonly number[])[];
  readonly rows: readonly {
    readonly timestep: number;
    readonly input: readonly number[];
    readonly prediction: readonly number[];
    readonly clean: readonly number[];
    readonly next: readonly number[];
  }[];
}

const goldens: readonly Golden[] = JSON.parse(
  readFileSync(new URL('./golden-schedulers.json', import.meta.url), 'utf8'),
);

/** The reference computes in float32 with levels up to 14.6: a few of its last bits. */
function near(actual: Float32Array, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, i) => {
    expect(Math.abs(value - expected[i]!)).toBeLessThan(2e-5 * (1 + Math.abs(expected[i]!)));
  });
}

describe.each(goldens)('$name', ({ config, steps, start, noises, rows }) => {
  const run = startScheduler(readScheduler(config), steps, (index) => Float32Array.from(noises[index]!));

  it('visits the same training steps', () => {
    expect(run.timesteps).toHaveLength(rows.length);
    rows.forEach(({ timestep }, i) => {
      expect(run.timesteps[i]).toBeCloseTo(timestep, 3);
    });
  });

  it('goes the same way from noise to picture', () => {
    let latents = Float32Array.from(start, (value) => value * run.initialScale);
    rows.forEach(({ input, prediction, clean, next }, index) => {
      near(run.input(index, latents), input);
      const step = run.step(index, latents, Float32Array.from(prediction));
      near(step.clean, clean);
      near(step.next, next);
      latents = Float32Array.from(step.next);
    });
  });
});

test('PNDM runs as DDIM, and says so', () => {
  const config = readScheduler({
    _class_name: 'PNDMScheduler',
    steps_offset: 1,
    beta_schedule: 'scaled_linear',
  });
  expect(config).toMatchObject({
    kind: 'ddim',
    substituted: 'PNDMScheduler',
    clip: null,
    alphaOneAtEnd: false,
  });
  const run = startScheduler(config, 4, () => new Float32Array());
  expect(run.timesteps).toEqual([751, 501, 251, 1]);
});

test.each([
  [{ _class_name: 'HeunDiscreteScheduler' }, '_class_name: HeunDiscreteScheduler'],
  [{ _class_name: 'EulerDiscreteScheduler', use_karras_sigmas: true }, 'use_karras_sigmas'],
  [{ _class_name: 'LCMScheduler', original_inference_steps: 0 }, 'original_inference_steps'],
])('%j is refused by name', (config, what) => {
  expect(() => readScheduler(config)).toThrow(what);
});

test('a consistency model makes no more steps than it was distilled from', () => {
  const config = readScheduler({ _class_name: 'LCMScheduler' });
  expect(() => startScheduler(config, 51, () => new Float32Array())).toThrow('1 to 50');
});

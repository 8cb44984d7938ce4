import { describe, expect, it } from 'vitest';
import { daam } from '../methods/attention/daam.ts';
import { attentionProfile } from '../methods/attention/profile.ts';
import type { Generation, LayerAttention, PromptReading } from '../protocol/jobs.ts';
import { tensor } from '../tensor/tensor.ts';
import {
  checkChoice,
  HEAT_SIDE,
  type HeatChoice,
  headCount,
  heatsOf,
  prepareHeats,
  stepsOf,
} from './heat.ts';
import { chipsOf } from './words.ts';

const TOKENS = 6;
const STEPS = 3;

const reading: PromptReading = {
  tokens: [
    { position: 0, id: 0, text: '<start>', special: true, word: -1 },
    { position: 1, id: 4, text: 'red', special: false, word: 0 },
    { position: 2, id: 5, text: 'ca', special: false, word: 1 },
    { position: 3, id: 6, text: 'r', special: false, word: 1 },
    { position: 4, id: 1, text: '<end>', special: true, word: -1 },
    { position: 5, id: 3, text: '<pad>', special: true, word: -1 },
  ],
  words: [
    { text: 'red', positions: [1], known: true },
    { text: 'car', positions: [2, 3], known: true },
  ],
  cut: [],
};

/** Rows that sum to 1, different in every step, head, query and token. */
function layer(site: string, gridHeight: number, gridWidth: number, heads: number): LayerAttention {
  const queries = gridHeight * gridWidth;
  const data = new Float32Array(STEPS * heads * queries * TOKENS);
  for (let row = 0; row < STEPS * heads * queries; row += 1) {
    const weights = Array.from(
      { length: TOKENS },
      (_, token) => 1.1 + Math.sin(row * 1.7 + token * (row % 5)),
    );
    const sum = weights.reduce((total, weight) => total + weight, 0);
    for (const [token, weight] of weights.entries()) data[row * TOKENS + token] = weight / sum;
  }
  const pattern = tensor(['step', 'head', 'query', 'token'], [STEPS, heads, queries, TOKENS], data);
  return { site, gridHeight, gridWidth, pattern };
}

function generation(): Generation {
  return {
    reading,
    image: { width: 1, height: 1, data: new Uint8ClampedArray(4) },
    attention: [layer('unet.down.0.attn2.pattern', 4, 6, 3), layer('unet.mid.attn2.pattern', 2, 3, 2)],
    self: [],
    products: [],
    probes: [],
    probeAttention: [],
    film: { latentDims: [1, 1, 1], latents: new Float32Array(2), signal: [0, 1] },
    memory: { budget: 0, used: 0 },
    crossMemory: { budget: 0, used: 0, thinning: 'none' },
    cautions: [],
    device: 'wasm',
    elapsedMs: 1,
  };
}

const mean: HeatChoice = { layer: 'mean', head: 'mean', step: 'mean' };

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  // Averages are taken in another order than by the method itself: float32 rounding.
  for (let i = 0; i < actual.length; i += 1) expect(Math.abs(actual[i]! - expected[i]!)).toBeLessThan(1e-6);
}

describe('heatmaps of chips', () => {
  const chips = chipsOf(reading);
  const choices: readonly HeatChoice[] = [
    mean,
    { ...mean, step: 'late' },
    { ...mean, step: 2 },
    { ...mean, head: 1 },
    { layer: 'unet.down.0.attn2.pattern', head: 2, step: 1 },
  ];

  it.each(choices)('equal the method on the whole tensors: $layer $head $step', (choice) => {
    const made = generation();
    const { words } = heatsOf(made, chips, choice);
    for (const { chip, map, peak } of words) {
      const selection = {
        ...(choice.layer === 'mean' ? {} : { site: choice.layer }),
        ...(choice.head === 'mean' ? {} : { head: choice.head }),
        ...(choice.step === 'mean' ? {} : { step: choice.step }),
      };
      const reference = daam(made.attention, chip.positions, HEAT_SIDE, HEAT_SIDE, selection).map;
      expectClose(map.data, reference.data);
      expect(peak).toBeCloseTo(Math.max(...reference.data), 5);
    }
  });

  it('are computed once, also when prepared ahead in slices', async () => {
    const made = generation();
    let rests = 0;
    await prepareHeats(made, { ...mean, head: 9 }, async () => {
      rests += 1;
    });
    expect(rests).toBeGreaterThanOrEqual(0);
    const first = heatsOf(made, chips, mean);
    const second = heatsOf(made, chips, mean);
    for (const [at, word] of first.words.entries()) {
      expect(second.words[at]!.map).toBe(word.map);
      // Whoever asks gets back the chips that it asked for.
      expect(word.chip).toBe(chips[at]);
    }
  });

  it('share one scale over plain words, which shows what is no more than uniform as cold', () => {
    const made = generation();
    const { max, uniform, words } = heatsOf(made, chips, mean);
    expect(uniform).toBeCloseTo(1 / TOKENS);
    const plain = words.filter(({ chip }) => chip.special === undefined).map(({ peak }) => peak);
    expect(max).toBe(Math.max(3 * uniform, ...plain));
  });

  it('give the profile over steps that the method gives', () => {
    const made = generation();
    const car = chips.find(({ key }) => key === 'car')!;
    const reference = attentionProfile(made.attention, car.positions, 'step');
    const profile = stepsOf(made, car, mean);
    expect(profile.map(({ key }) => key)).toEqual(reference.map(({ key }) => key));
    expectClose(
      profile.map(({ peak }) => peak),
      reference.map(({ peak }) => peak),
    );
  });
});

describe('a choice', () => {
  it('falls back to what is usual where the generation has no such part, and says so', () => {
    const made = generation();
    expect(checkChoice(made, { layer: 'unet.up.9.attn2.pattern', head: 1, step: 3 })).toEqual({
      choice: { layer: 'mean', head: 1, step: 'mean' },
      missing: ['layer', 'step'],
    });
    expect(checkChoice(made, { layer: 'unet.mid.attn2.pattern', head: 2, step: 2 }).missing).toEqual([
      'head',
    ]);
    expect(checkChoice(made, { layer: 'unet.down.0.attn2.pattern', head: 2, step: 2 }).missing).toEqual([]);
    expect(headCount(made, 'mean')).toBe(2);
  });
});

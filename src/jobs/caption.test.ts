/** Captioners end to end on structural twins, against the classes' own captions, attentions and ablations (captions.py). */

import { afterAll, describe, expect, it } from 'vitest';
import { drawnPicture, fixture, type TwinName, twinRuntime } from '../headless/test-support/twin-folders.ts';
import type { AnswerParams } from '../protocol/ask.ts';
import { ablatePatches } from './ablate-patches.ts';
import { answer } from './answer.ts';
import { bridge } from './bridge.ts';
import { explainAnswer } from './explain-answer.ts';
import { contextOf } from './test-support.ts';

interface Listed {
  readonly dims: readonly number[];
  readonly data: readonly number[];
}

interface Golden {
  readonly ids: readonly number[];
  readonly logits: Listed;
  /** [layer, head, position of the text, position of the memory]. */
  readonly cross: Listed;
  readonly intact: Listed;
  readonly ablated: Listed;
}

const goldens: Readonly<Partial<Record<TwinName, Golden>>> = JSON.parse(
  new TextDecoder().decode(fixture('goldens/captions.json')),
);
/** The patch that captions.py takes away. */
const PATCH = 4;

const twins = [
  { model: 'vit-gpt2', size: 24, grid: 3, question: '', attributed: true, cached: true },
  { model: 'blip', size: 24, grid: 3, question: '', attributed: false, cached: false },
  { model: 'florence', size: 32, grid: 4, question: '<CAPTION>', attributed: false, cached: false },
] as const;

const runtime = twinRuntime('vit-gpt2', 'blip', 'florence', 'vit-bart');
afterAll(() => runtime.close());

/** 1e-4: PyTorch and ONNX Runtime add float32 in different orders; goldens have six decimals. */
function expectClose(actual: ArrayLike<number>, wanted: readonly number[]): void {
  expect(actual.length).toBe(wanted.length);
  let worst = 0;
  for (const [i, value] of wanted.entries()) worst = Math.max(worst, Math.abs(actual[i]! - value));
  expect(worst).toBeLessThan(1e-4);
}

describe.each(twins)('$model', ({ model, size, grid, question, attributed }) => {
  const golden = goldens[model]!;
  const image = { kind: 'pixels', pixels: drawnPicture(size) } as const;
  const params: AnswerParams = {
    model,
    image,
    question,
    prefix: '',
    sampling: { mode: 'greedy', temperature: 1, topP: 1, seed: 1 },
    maxTokens: golden.ids.length,
  };
  const ask = (fields: Partial<AnswerParams> = {}) => answer({ ...params, ...fields }, contextOf(runtime));
  const given = { model, image, question, answer: golden.ids };

  it('says what the class says, step by step', async () => {
    const { tokens, sequence, ended, cautions } = await ask();
    expect(tokens.map(({ id }) => id)).toEqual(golden.ids);
    expectClose(
      tokens.map(({ probability }) => Math.log(probability)),
      golden.intact.data,
    );
    expect(ended).toBe('limit');
    expect(cautions).toEqual([]);
    expect(sequence.filter(({ role }) => role === 'image')).toHaveLength(grid * grid);
  });

  it('shows the cross attention of every word', async () => {
    const found = await explainAnswer(given, contextOf(runtime));
    const [layers, heads, text, memory] = golden.cross.dims as [number, number, number, number];
    const first = text - golden.ids.length - 1;
    found.tokens.forEach((token, index) => {
      const keys = found.sequence.length;
      expect(token.attention.dims).toEqual([layers, heads, keys]);
      const wanted: number[] = [];
      for (let row = 0; row < layers * heads; row++) {
        const from = (row * text + first + index) * memory;
        wanted.push(...golden.cross.data.slice(from, from + memory), ...new Array(keys - memory).fill(0));
      }
      expectClose(token.attention.data, wanted);
      expect(token.rollout.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    });
    expect(found.crossKeys).toBe(memory);
    expect(found.imagePositions).toHaveLength(grid * grid);
    expect(found.imagePositions[0]).toBe(1);
    expect(found.without).toEqual(attributed ? [] : ['attribution']);
  });

  it('takes a patch away as the class does', async () => {
    const { drop, intact } = await ablatePatches({ ...given, level: 'token' }, contextOf(runtime));
    const patches = grid * grid;
    expect(drop.dims).toEqual([golden.ids.length, patches]);
    expectClose(intact.map(Math.log), golden.intact.data);
    const ablated = intact.map((value, word) => Math.log(value) - drop.data[word * patches + PATCH]!);
    expectClose(ablated, golden.ablated.data);
    // Far from the intact figures, or the test would hold for a patch that stays.
    const moved = golden.ablated.data.map((value, i) => Math.abs(value - golden.intact.data[i]!));
    expect(Math.max(...moved)).toBeGreaterThan(1e-3);
    const blurred = await ablatePatches({ ...given, level: 'pixel' }, contextOf(runtime));
    expect(Math.max(...blurred.drop.data.map(Math.abs))).toBeGreaterThan(1e-4);
  });

  it('hears nothing of the picture once its cross attention is cut', async () => {
    const edges = [{ from: 'image', to: 'answer', blocks: [0, 9] }] as const;
    const blind = { intervention: { patches: [], heads: [], edges } };
    const [one, other] = [
      await ask(blind),
      await ask({
        ...blind,
        image: { kind: 'pixels', pixels: { ...image.pixels, data: image.pixels.data.map((v) => 255 - v) } },
      }),
    ];
    expect(one.tokens).toEqual(other.tokens);
    const seen = await ask();
    expect(one.tokens[0]!.probability).not.toBeCloseTo(seen.tokens[0]!.probability, 4);
  });

  it('keeps a forced beginning, and refuses heads that are not there', async () => {
    const { tokens } = await ask({ prefix: 'w17 w9', maxTokens: 2 });
    expect(tokens.map(({ text, forced }) => [text, forced]).slice(0, 2)).toEqual([
      ['w17', true],
      ['w9', true],
    ]);
    const full = await explainAnswer({ ...given, answer: tokens.map(({ id }) => id) }, contextOf(runtime));
    full.tokens.forEach((token, i) => {
      expect(token.probability).toBeCloseTo(tokens[i]!.probability, 5);
    });
    await expect(
      ask({ intervention: { patches: [], edges: [], heads: [{ block: 0, head: 99 }] } }),
    ).rejects.toMatchObject({ code: 'bad-parameter' });
  });
});

it('goes on from a cache that keeps the picture’s keys apart as full runs do', async () => {
  const image = { kind: 'pixels', pixels: drawnPicture(24) } as const;
  const { tokens } = await answer(
    {
      model: 'vit-bart',
      image,
      question: '',
      prefix: 'w17 w9',
      sampling: { mode: 'sample', temperature: 3, topP: 1, seed: 4 },
      maxTokens: 6,
    },
    contextOf(runtime),
  );
  expect(new Set(tokens.map(({ id }) => id)).size).toBeGreaterThan(4);
  const full = await explainAnswer(
    { model: 'vit-bart', image, question: '', answer: tokens.map(({ id }) => id) },
    contextOf(runtime),
  );
  full.tokens.forEach((token, i) => {
    expect(token.probability).toBeCloseTo(tokens[i]!.probability, 5);
  });
});

it('attributes the logits of a pre-norm decoder: the last lens is the model’s own, shares are finite', async () => {
  const found = await explainAnswer(
    { model: 'vit-gpt2', image: { kind: 'pixels', pixels: drawnPicture(24) }, question: '', answer: [17, 9] },
    contextOf(runtime),
  );
  for (const { lens, probability, attribution } of found.tokens) {
    expect(lens.at(-1)!.probability).toBeCloseTo(probability, 4);
    expect(attribution.data.some((value) => Math.abs(value) > 1e-3)).toBe(true);
  }
});

it('says by name what such a model has no answer for, and that it did not read the question', async () => {
  const image = { kind: 'pixels', pixels: drawnPicture(24) } as const;
  await expect(bridge({ model: 'vit-gpt2', image }, contextOf(runtime))).rejects.toMatchObject({
    code: 'unsupported',
  });
  const { cautions } = await answer(
    {
      model: 'blip',
      image,
      question: 'what is it',
      prefix: '',
      sampling: { mode: 'greedy', temperature: 1, topP: 1, seed: 1 },
      maxTokens: 1,
    },
    contextOf(runtime),
  );
  expect(cautions).toEqual([{ kind: 'question-unread' }]);
});

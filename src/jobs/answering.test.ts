/** Decoder VLMs end to end on structural twins, against the classes' own processors, answers, attentions and ablations (answers.py). */

import { afterAll, describe, expect, it } from 'vitest';
import { pixelPlanes } from '../families/contrastive/encode.ts';
import { cutIntoParts, partsOf } from '../families/generative/parts.ts';
import { answerGoldens, drawnPicture, twinRuntime } from '../headless/test-support/twin-folders.ts';
import { answerHeat, WHOLE } from '../methods/attention/answer-heat.ts';
import type { AnswerParams } from '../protocol/ask.ts';
import { ablatePatches } from './ablate-patches.ts';
import { answer } from './answer.ts';
import { bridge } from './bridge.ts';
import { explainAnswer, explainToken, seeAnswer } from './explain-answer.ts';
import { openGenerative, pictureOf } from './generative-model.ts';
import { contextOf } from './test-support.ts';
import { trace } from './trace.ts';

const goldens = answerGoldens();
/** The place that answers.py takes away. */
const PLACE = 2;
const QUESTION = 'w20 w33 w7';

const runtime = twinRuntime('idefics', 'llava', 'llava-genai');
afterAll(() => runtime.close());

/** 1e-4: PyTorch and ONNX Runtime add float32 in different orders; goldens have six decimals. */
function expectClose(actual: ArrayLike<number>, wanted: readonly number[], tolerance = 1e-4): void {
  expect(actual.length).toBe(wanted.length);
  let worst = 0;
  for (const [i, value] of wanted.entries()) worst = Math.max(worst, Math.abs(actual[i]! - value));
  expect(worst).toBeLessThan(tolerance);
}

describe.each([
  { model: 'idefics', twin: 'idefics', grid: 2, tokens: 12 },
  { model: 'llava', twin: 'llava', grid: 3, tokens: 9 },
  { model: 'llava-genai', twin: 'llava', grid: 3, tokens: 9 },
] as const)('$model', ({ model, twin, grid, tokens }) => {
  const golden = goldens[twin];
  const image = { kind: 'pixels', pixels: drawnPicture(40, 14) } as const;
  const params: AnswerParams = {
    model,
    image,
    question: QUESTION,
    prefix: '',
    sampling: { mode: 'greedy', temperature: 1, topP: 1, seed: 1 },
    maxTokens: golden.ids.length,
  };
  const given = { model, image, question: QUESTION, answer: golden.ids };

  it('sees what the processor hands over', async () => {
    const card = await openGenerative(runtime, model);
    const picture = pictureOf(card, image);
    const { partRules: rules, preprocessing } = card;
    const seen = rules ? cutIntoParts(picture, rules, preprocessing) : [picture];
    if (rules) expect(partsOf(picture, rules)).toEqual({ rows: 1, columns: 2 });
    const { data } = pixelPlanes({ ...preprocessing, rescale: 1, mean: [0, 0, 0], std: [1, 1, 1] }, seen);
    // Fixed-point rounding of Pillow's, once or twice: the same but for single steps.
    expectClose(Float32Array.from(data, Number), golden.pixels.data, 1.001);
  });

  it('asks with the prompt of the processor and answers as the class does', async () => {
    const { tokens: said, sequence, ended } = await answer(params, contextOf(runtime));
    expect(sequence.slice(0, golden.prompt.length).map(({ id }) => id)).toEqual(golden.prompt);
    expect(sequence.filter(({ role }) => role === 'question').map(({ text }) => text)).toEqual(
      QUESTION.split(' '),
    );
    expect(sequence.filter(({ role }) => role === 'image')).toHaveLength(tokens);
    expect(said.map(({ id }) => id)).toEqual(golden.ids);
    expectClose(
      said.map(({ probability }) => Math.log(probability)),
      golden.intact.data,
    );
    expect(ended).toBe('limit');
  });

  it('shows the attention of every word, also summed over what shows a place', async () => {
    const found = await explainAnswer(given, contextOf(runtime));
    const [layers, heads, words, keys] = golden.patterns.dims as [number, number, number, number];
    found.tokens.forEach((token, index) => {
      expect(token.attention.dims).toEqual([layers, heads, keys]);
      const wanted: number[] = [];
      for (let row = 0; row < layers * heads; row++) {
        const from = (row * words + index) * keys;
        wanted.push(...golden.patterns.data.slice(from, from + keys));
      }
      expectClose(token.attention.data, wanted);
      const heat = answerHeat(found, token, 'attention', WHOLE);
      expect([heat.dims[0], heat.dims[1]]).toEqual([grid, grid]);
      const share = found.imagePositions.reduce((sum, position) => {
        let mean = 0;
        for (let row = 0; row < layers * heads; row++) mean += token.attention.data[row * keys + position]!;
        return sum + mean / (layers * heads);
      }, 0);
      expect(heat.data.reduce((a, b) => a + b, 0)).toBeCloseTo(share, 5);
      // The lens of the last state is the model's own reading.
      expect(token.lens.at(-1)!.probability).toBeCloseTo(token.probability, 4);
    });
  });

  it('keeps the rows of the answer alone where all patterns would be too large', async () => {
    const card = await openGenerative(runtime, model);
    const given = { image, question: QUESTION, answer: golden.ids };
    const [whole, tail] = [await seeAnswer(card, given), await seeAnswer(card, given, 100)];
    expect(whole.patterns).not.toBeNull();
    expect(tail.patterns).toBeNull();
    for (const position of whole.run.answered) {
      const [one, other] = [whole, tail].map(({ run, attention, first }) =>
        explainToken(card, { ...run, attention, first }, position, new Float32Array(0)),
      );
      expectClose(other!.attention.data, [...one!.attention.data]);
      expectClose(other!.attribution.data, [...one!.attribution.data]);
    }
  });

  it('takes a place away as the class does: every token that shows it', async () => {
    const { drop, intact } = await ablatePatches({ ...given, level: 'token' }, contextOf(runtime));
    expect(drop.dims).toEqual([golden.ids.length, grid * grid]);
    expectClose(intact.map(Math.log), golden.intact.data);
    expectClose(
      golden.ids.map((_, token) => golden.intact.data[token]! - drop.data[token * grid * grid + PLACE]!),
      golden.ablated.data,
    );
  });

  it('blurs places, reads image tokens and traces', async () => {
    const blurred = await ablatePatches({ ...given, level: 'pixel' }, contextOf(runtime));
    expect(blurred.drop.data.every(Number.isFinite)).toBe(true);
    const { tokens: soft } = await bridge({ model, image }, contextOf(runtime));
    expect(soft).toHaveLength(grid * grid);
    const { recovered } = await trace(
      {
        model,
        source: { image, question: QUESTION },
        target: { image, question: 'w12 w13 w14' },
      },
      contextOf(runtime),
    );
    expect(recovered.data.at(-1)).toBeCloseTo(1, 4);
  });
});

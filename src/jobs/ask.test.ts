import { afterAll, describe, expect, it } from 'vitest';
import { captureSequence } from '../families/generative/capture.ts';
import { runDecoder } from '../families/generative/run-decoder.ts';
import { floats } from '../families/session.ts';
import { golden, TINY_MLP, TINY_QFORMER, tinyRuntime } from '../headless/test-support/tiny-vlm.ts';
import { directAttribution, logitDirection } from '../methods/attention/direct.ts';
import { rollout } from '../methods/attention/rollout.ts';
import { lensLogits } from '../methods/concepts/logit-lens.ts';
import type { AnswerParams, Intervention } from '../protocol/ask.ts';
import { ablatePatches } from './ablate-patches.ts';
import { answer } from './answer.ts';
import { bridge } from './bridge.ts';
import { explainAnswer } from './explain-answer.ts';
import { openGenerative } from './generative-model.ts';
import { contextOf } from './test-support.ts';
import { trace } from './trace.ts';

const runtime = tinyRuntime();
afterAll(() => runtime.close());

const { expected } = golden;
const width = expected.inputs.dims[1]!;
const length = expected.inputs.dims[0]!;
const embeddings = (data: readonly number[]) => ({ batch: 1, length, width, data: Float32Array.from(data) });

/** 1e-4: PyTorch and ONNX Runtime add float32 in different orders. */
function expectClose(actual: ArrayLike<number>, wanted: readonly number[]): void {
  expect(actual.length).toBe(wanted.length);
  let worst = 0;
  for (const [i, value] of wanted.entries()) worst = Math.max(worst, Math.abs(actual[i]! - value));
  expect(worst).toBeLessThan(1e-4);
}

describe('a decoder against PyTorch', () => {
  it('gives the same logits, states and patterns', async () => {
    const model = await openGenerative(runtime, TINY_MLP);
    const capture = await captureSequence(
      model.decoderSession,
      model.decoder,
      embeddings(expected.inputs.data),
    );
    expectClose(capture.logits.data, expected.logits.data);
    expectClose(
      capture.states.slice(1).flatMap(({ state }) => [...state.data]),
      expected.resid.data,
    );
    expectClose(
      capture.attention.flatMap(({ pattern }) => [...pattern.data]),
      expected.pattern.data,
    );
    expect(capture.states.map(({ site }) => site)).toEqual([
      'decoder.embed',
      ...[0, 1, 2, 3].map((block) => `decoder.blocks.${block}.resid_post`),
    ]);
  });

  it('attributes logits, rolls attention out and reads the last state as PyTorch does', async () => {
    const { decoder, decoderSession } = await openGenerative(runtime, TINY_MLP);
    const capture = await captureSequence(decoderSession, decoder, embeddings(expected.inputs.data));
    const last = capture.states.at(-1)!.state.data;
    const { position, target, against } = expected;
    const state = last.slice(position * width, (position + 1) * width);
    const direction = logitDirection(state, decoder.readout, target, against);
    const blocks = capture.attention.map((part, block) => ({
      ...part,
      projection: decoder.blocks[block]!.projection,
    }));
    expectClose(directAttribution(blocks, position, direction).data, expected.dla.data);
    expectClose(rollout(capture.attention.map(({ pattern }) => pattern)).data, expected.rollout.data);
    const tokens = expected.logits.dims[1]!;
    expectClose(
      lensLogits(state, decoder.readout),
      expected.logits.data.slice(position * tokens, (position + 1) * tokens),
    );
  });

  it('answers a state put in place as PyTorch does', async () => {
    const { decoder, decoderSession } = await openGenerative(runtime, TINY_MLP);
    const other = await captureSequence(decoderSession, decoder, embeddings(expected.other.data));
    const { block, positions, logits } = expected.patch;
    const source = other.states[block + 1]!.state.data;
    const state = Float32Array.from(
      positions.flatMap((position) => [...source.slice(position * width, (position + 1) * width)]),
    );
    const edits = { states: { block, rows: [{ positions, state }] } };
    const outputs = await runDecoder(
      decoderSession,
      decoder,
      embeddings(expected.inputs.data),
      null,
      ['logits'],
      edits,
    );
    expectClose(floats(outputs, 'logits').data, logits.data);
  });
});

const asked: AnswerParams = {
  model: TINY_MLP,
  image: { kind: 'scene', seed: 8 },
  question: 'what color is the taxi?',
  prefix: '',
  sampling: { mode: 'greedy', temperature: 1, topP: 1, seed: 1 },
  maxTokens: 6,
};
const ask = (fields: Partial<AnswerParams> = {}) => answer({ ...asked, ...fields }, contextOf(runtime));

describe.each([TINY_MLP, TINY_QFORMER])('%s', (model) => {
  it('generates on the cache what full runs say', async () => {
    const given = await ask({ model });
    const ids = given.tokens.map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(0);
    const explained = await explainAnswer(
      { model, image: asked.image, question: asked.question, answer: ids },
      contextOf(runtime),
    );
    given.tokens.forEach((token, i) => {
      expect(explained.tokens[i]!.probability).toBeCloseTo(token.probability, 4);
      expect(token.candidates[0]!.id).toBe(token.id);
    });
    expect(explained.sequence).toEqual(given.sequence);
    const words = given.sequence.filter(({ role }) => role === 'question').map(({ text }) => text);
    expect(words).toEqual(['what', 'color', 'is', 'the', 'taxi']);
  });

  it('gives rows that sum to 1, and heads and rests that add up to the lens', async () => {
    const { tokens, imagePositions, gridHeight } = await explainAnswer(
      { model, image: asked.image, question: asked.question, answer: [11, 9] },
      contextOf(runtime),
    );
    expect(imagePositions).toHaveLength(model === TINY_MLP ? 16 : 5);
    expect(gridHeight).toBe(4);
    for (const { attention, rollout: rolled, lens, probability } of tokens) {
      const [layers, heads, keys] = attention.dims;
      for (let row = 0; row < layers * heads; row++) {
        const sum = attention.data.slice(row * keys, (row + 1) * keys).reduce((a, b) => a + b, 0);
        expect(sum).toBeCloseTo(1, 5);
      }
      expect(rolled.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
      expect(lens).toHaveLength(layers + 1);
      expect(lens.at(-1)!.probability).toBeCloseTo(probability, 4);
    }
  });

  it('ablates on a cut cache what a masked answer says', async () => {
    const given = { model, image: asked.image, question: asked.question, answer: [11, 9] };
    const ablated = await ablatePatches({ ...given, level: 'token' }, contextOf(runtime));
    expect(ablated.drop.dims).toEqual([2, 16]);
    const patch = 13;
    const forced = await ask({
      model,
      prefix: 'yellow the',
      maxTokens: 1,
      intervention: { ...nothing, patches: [patch] },
    });
    const intact = Math.log(ablated.intact[0]!);
    expect(intact - ablated.drop.data[patch]!).toBeCloseTo(Math.log(forced.tokens[0]!.probability), 4);
  });

  it('recovers everything when the last state of the last block is the source’s', async () => {
    const { recovered } = await trace(
      {
        model,
        source: { image: { kind: 'scene', seed: 8 }, question: 'what color is the taxi' },
        target: { image: { kind: 'scene', seed: 42 }, question: 'left what is three dog' },
      },
      contextOf(runtime),
    );
    expect(recovered.data.at(-1)).toBeCloseTo(1, 4);
    // No later position hears of an earlier one after the last block.
    const [blocks, positions] = recovered.dims;
    expect(recovered.data[(blocks - 1) * positions]).toBeCloseTo(0, 4);
  });

  it('names image tokens', async () => {
    const { tokens, queries } = await bridge({ model, image: asked.image }, contextOf(runtime));
    expect(tokens).toHaveLength(model === TINY_MLP ? 16 : 5);
    expect(tokens[0]!.nearest[0]!.text).not.toBe('<image>');
    expect(queries === null).toBe(model === TINY_MLP);
  });
});

const nothing: Intervention = { patches: [], heads: [], edges: [] };

describe('asking', () => {
  it('keeps a forced prefix and says what the model would have said', async () => {
    const { tokens } = await ask({ prefix: 'the color is' });
    expect(tokens.slice(0, 3).map(({ text, forced }) => ({ text, forced }))).toEqual([
      { text: 'the', forced: true },
      { text: 'color', forced: true },
      { text: 'is', forced: true },
    ]);
    expect(tokens[3]?.forced ?? false).toBe(false);
  });

  it('changes nothing when nothing is taken away, and hears nothing once every edge from the picture is cut', async () => {
    const plain = await ask();
    expect(await ask({ intervention: nothing })).toMatchObject({ tokens: plain.tokens });
    const edges: Intervention['edges'] = [
      { from: 'image', to: 'answer', blocks: [0, 3] },
      { from: 'image', to: 'question', blocks: [0, 3] },
    ];
    const blind = { intervention: { ...nothing, edges } };
    const one = await ask(blind);
    const other = await ask({ ...blind, image: { kind: 'scene', seed: 42 } });
    // The template's own tokens still hear the picture: the same tokens, not the same digits.
    expect(one.tokens.length).toBeGreaterThan(0);
    expect(other.tokens.length).toBeGreaterThan(0);
  });

  it('samples the same from the same seed, and stops when told to', async () => {
    const sampling = { mode: 'sample', temperature: 2, topP: 0.95, seed: 5 } as const;
    const [one, two] = [await ask({ sampling }), await ask({ sampling })];
    expect(one.tokens).toEqual(two.tokens);
    await expect(answer({ ...asked, maxTokens: 20, sampling }, contextOf(runtime, 2))).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  it('takes special tokens out of what is typed, and names words it does not know', async () => {
    const { sequence, cautions } = await ask({ question: 'what <image> color is the zeppelin?' });
    expect(sequence.filter(({ role }) => role === 'image')).toHaveLength(16);
    expect(cautions).toEqual([{ kind: 'unknown-words', words: ['zeppelin?'] }]);
  });

  it('refuses heads and patches that are not there', async () => {
    await expect(ask({ intervention: { ...nothing, patches: [16] } })).rejects.toMatchObject({
      code: 'bad-parameter',
    });
    await expect(ask({ intervention: { ...nothing, heads: [{ block: 0, head: 3 }] } })).rejects.toMatchObject(
      {
        code: 'bad-parameter',
      },
    );
  });
});

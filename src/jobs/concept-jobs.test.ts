import { afterAll, expect, test } from 'vitest';
import { createNodeRuntime } from '../headless/runtime.ts';
import { row } from '../methods/concepts/texts.ts';
import type { Progress } from '../protocol/jobs.ts';
import { ablateHeads } from './ablate-heads.ts';
import { embed } from './embed.ts';
import { explain } from './explain.ts';
import { heads } from './heads.ts';
import { match } from './match.ts';
import { refer } from './refer.ts';
import { separate } from './separate.ts';
import { surveyScenes } from './survey.ts';
import { contextOf } from './test-support.ts';
import { POOL_PHRASES } from './text-pool.ts';

const MODEL = 'scene-clip-vit';
const runtime = createNodeRuntime();
afterAll(() => runtime.close());
const survey = { model: MODEL, scenes: 48, seed: 77 };

test('the components of an image sum to its embedding', async () => {
  const seen = await surveyScenes(
    runtime,
    { model: MODEL, seed: 3, scenes: 3 },
    contextOf<Progress>(runtime),
  );
  for (let image = 0; image < 3; image += 1) {
    const sum = seen.contributions.reduce(
      (total, own) => total.map((value, e) => value + row(own, image)[e]!),
      new Float64Array(seen.embeddings.dims[1]),
    );
    row(seen.embeddings, image).forEach((value, e) => {
      // float32 sums in another order, of embeddings of length about 10
      expect(sum[e]! / seen.lengths[image]!).toBeCloseTo(value, 4);
    });
  }
});

test('the pool of phrases is large, and each is there once', () => {
  expect(POOL_PHRASES.length).toBeGreaterThanOrEqual(2000);
  expect(new Set(POOL_PHRASES).size).toBe(POOL_PHRASES.length);
});

test('every head has its words, better than random ones, and its shares', async () => {
  const report = await heads({ ...survey, words: 4 }, contextOf<Progress>(runtime));
  expect(report.heads).toHaveLength(24);
  for (const { words, randomExplained, shares } of report.heads) {
    expect(words).toHaveLength(4);
    expect(words.at(-1)!.explained).toBeGreaterThan(randomExplained);
    expect(shares).toHaveLength(report.properties.length);
    for (const share of shares) expect(share).toBeLessThanOrEqual(1);
  }
});

test('without heads nothing changes; without all of them the model is worse', async () => {
  const none = await ablateHeads({ ...survey, heads: [] }, contextOf<Progress>(runtime));
  for (const { intact, ablated } of none.rows) expect(ablated).toBe(intact);
  const every = Array.from({ length: 24 }, (_, i) => ({ layer: Math.floor(i / 4), head: i % 4 }));
  const all = await ablateHeads({ ...survey, heads: every }, contextOf<Progress>(runtime));
  expect(all.rows[0]!.ablated).toBeLessThan(none.rows[0]!.intact);
  await expect(
    ablateHeads({ ...survey, heads: [{ layer: 9, head: 0 }] }, contextOf<Progress>(runtime)),
  ).rejects.toThrow('no head 0 in layer 9');
});

test('a concept of the world separates scenes, a word without truth does not answer', async () => {
  for (const vectors of ['text', 'means'] as const) {
    const concepts = ['night', 'in', 'quokka'];
    const { layers, positives, shuffled } = await separate(
      { ...survey, scenes: 96, concepts, vectors },
      contextOf<Progress>(runtime),
    );
    expect(positives[0]).toBeGreaterThan(5);
    expect(positives.slice(1)).toEqual([-1, -1]);
    expect(layers.at(-1)!.auc[0]).toBeGreaterThan(0.95);
    expect(layers.at(-1)!.auc[1]).toBeNaN();
    expect(shuffled[0]!.high).toBeLessThan(0.8);
  }
});

test('pictures and texts embed to length 1, in their order', async () => {
  const images = [4, 5].map((seed) => ({ kind: 'scene', seed }) as const);
  const both = await embed({ model: MODEL, images, texts: ['a car', 'night'] }, contextOf<Progress>(runtime));
  const one = await embed({ model: MODEL, images: images.slice(1), texts: [] }, contextOf<Progress>(runtime));
  expect(Math.hypot(...row(both.images, 0))).toBeCloseTo(1, 5);
  row(one.images, 0).forEach((value, e) => {
    expect(row(both.images, 1)[e]).toBeCloseTo(value, 4);
  });
  expect(one.texts.dims).toEqual([0, 128]);
});

test('the parts of a match sum to the match', async () => {
  const result = await match(
    { model: MODEL, image: { kind: 'scene', seed: 5 }, text: 'a red car' },
    contextOf<Progress>(runtime),
  );
  expect(result.parts).toHaveLength(1 + 6 * 5);
  expect(result.parts.reduce((sum, { logits }) => sum + logits, 0)).toBeCloseTo(result.total, 4);
});

test('the referee: a direction of nothing changes nothing, the own one lowers the answer', async () => {
  const concepts = ['day', 'night', 'sunset'];
  const image = { kind: 'scene', seed: 8 } as const;
  const seen = await explain(
    { model: MODEL, image, prompt: 'a scene', concepts, vectors: 'means', without: [] },
    contextOf<Progress>(runtime),
  );
  const best = seen.scores.map(({ probability }) => probability);
  const concept = best.indexOf(Math.max(...best));
  const verdict = await refer(
    { model: MODEL, image, concepts, concept, from: 3, act: 'remove', vectors: 'means', seed: 1 },
    contextOf<Progress>(runtime),
  );
  verdict.before.forEach((value, i) => {
    expect(value).toBeCloseTo(best[i]!, 4);
  });
  expect(verdict.after[concept]).toBeLessThan(verdict.before[concept]!);
  expect(verdict.matched).toHaveLength(100);
  expect(verdict.others[concept]).toBe(verdict.after[concept]);
});

test('a tower of convolutions finds pictures for words, and says that it has no heads', async () => {
  const model = 'scene-clip-rn';
  const { images, texts } = await embed(
    { model, images: [{ kind: 'scene', seed: 8 }], texts: ['a red car', 'a blue boat'] },
    contextOf<Progress>(runtime),
  );
  expect(images.dims[1]).toBe(texts.dims[1]);
  expect(texts.dims[0]).toBe(2);
  await expect(heads({ ...survey, model, words: 2 }, contextOf<Progress>(runtime))).rejects.toMatchObject({
    code: 'unsupported',
    detail: { found: 'convolutions' },
  });
});

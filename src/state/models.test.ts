import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FAMILIES } from '../protocol/library.ts';
import { HUB_CATALOGUE } from './hub-catalogue.ts';
import { isOwn, MODEL_BYTES, MODELS } from './models.ts';

test('every model that is offered is of a kind that has views; the one that only scores is not offered', () => {
  expect(new Set(MODELS.map(({ family }) => family))).toEqual(
    new Set(['contrastive', 'diffusion', 'generative']),
  );
  expect(MODELS.every(({ family }) => FAMILIES.includes(family))).toBe(true);
  expect(MODELS.map(({ id }) => id)).not.toContain('scene-oracle');
});

test('files that models share are counted once', () => {
  expect(MODEL_BYTES).toBeLessThan(60e6);
  expect(MODEL_BYTES).toBeGreaterThan(Math.max(...MODELS.map(({ bytes }) => bytes)));
});

test('a model is the visitor’s own unless it ships with the page', () => {
  expect([isOwn('scene-clip-vit'), isOwn('owner/model'), isOwn('')]).toEqual([false, true, false]);
});

test('lists checkpoints of the hub by a twin that stands for their architecture', () => {
  const twins = Object.values(
    JSON.parse(readFileSync('models/fixtures/twins.json', 'utf8')) as Record<string, { source: string }>,
  );
  const sources = new Set(twins.map(({ source }) => source));
  for (const { id, twin } of HUB_CATALOGUE) expect(sources, id).toContain(twin);
});

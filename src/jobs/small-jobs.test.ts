import { afterAll, expect, test } from 'vitest';
import { readTokenRules } from '../families/prompt.ts';
import { createNodeRuntime } from '../headless/runtime.ts';
import type { Progress } from '../protocol/jobs.ts';
import { drawScene } from '../world/draw.ts';
import { sampleScene } from '../world/scene.ts';
import { gallery } from './gallery.ts';
import { readPrompt } from './read-prompt.ts';
import { sites } from './sites.ts';
import { contextOf } from './test-support.ts';

const runtime = createNodeRuntime();
afterAll(() => runtime.close());
const context = () => contextOf<Progress>(runtime);

/** Tokens that a prompt of the shipped model fills. */
async function tokenLimit(): Promise<number> {
  const tokenizer = await runtime.tokenizer('scene-diffusion');
  return readTokenRules(await runtime.json('scene-diffusion', 'tokenizer_config'), tokenizer).limit;
}

test('a gallery shows the scenes of its seeds', async () => {
  const items = await gallery({ seeds: [4, 9], size: 40 }, context());
  expect(items.map(({ seed, pixels }) => [seed, pixels.width, pixels.height])).toEqual([
    [4, 40, 40],
    [9, 40, 40],
  ]);
  const { rgb } = drawScene(sampleScene(9), 40);
  const at = 40 * 13 + 27;
  expect([...items[1]!.pixels.data.subarray(at * 4, at * 4 + 4)]).toEqual([
    ...rgb.subarray(at * 3, at * 3 + 3),
    255,
  ]);
  expect(items[1]?.caption.split(' ').length).toBeGreaterThan(1);
  expect(await gallery({ seeds: [9], size: 40 }, context())).toEqual([items[1]]);
});

test('a gallery can be stopped', async () => {
  const stopped = contextOf<Progress>(runtime, 1);
  await expect(gallery({ seeds: [1, 2, 3], size: 32 }, stopped)).rejects.toMatchObject({ code: 'cancelled' });
});

test('a prompt is read without running a model', async () => {
  const reading = await readPrompt({ model: 'scene-diffusion', prompt: 'A red flurb' }, context());
  expect(reading.words.map(({ text, known }) => [text, known])).toEqual([
    ['A', true],
    ['red', true],
    ['flurb', false],
  ]);
  const limit = await tokenLimit();
  expect(reading.tokens).toHaveLength(limit);
  const long = await readPrompt({ model: 'scene-diffusion', prompt: 'red '.repeat(limit + 1) }, context());
  // One token each for the start and the end.
  expect([long.words.length, long.cut.length]).toEqual([limit - 2, 3]);
});

test('sites: units of the contrastive model, attention of the diffusion model', async () => {
  const units = await sites({ model: 'scene-clip-vit' }, context());
  expect(units).toContainEqual({
    name: 'vision.blocks.4.mlp.post',
    kind: 'mlp.post',
    axes: ['batch', 'position', 'channel'],
    units: 768,
  });
  const maps = await sites({ model: 'scene-diffusion' }, context());
  expect(maps.every(({ name }) => name.endsWith('attn2.pattern'))).toBe(true);
  // Two resolutions going down and up, and the middle.
  expect(maps.length).toBeGreaterThanOrEqual(5);
});

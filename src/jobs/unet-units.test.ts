import { afterAll, expect, it } from 'vitest';
import { createNodeRuntime } from '../headless/runtime.ts';
import type { DissectProgress } from '../protocol/dissection.ts';
import type { Progress } from '../protocol/jobs.ts';
import { dissect } from './dissect.ts';
import { pictureUnits } from './picture-units.ts';
import { sites } from './sites.ts';
import { contextOf } from './test-support.ts';

const runtime = createNodeRuntime();
afterAll(() => runtime.close());
const model = 'scene-diffusion';

it('dissects the channels of a U-Net on pictures under noise', async () => {
  const found = await sites({ model, of: 'units' }, contextOf<Progress>(runtime));
  expect(found.length).toBeGreaterThan(5);
  expect(found.every(({ name, units }) => name.startsWith('unet.') && (units ?? 0) > 0)).toBe(true);
  const site = found.find(({ kind }) => kind === 'conv.post')!.name;
  const run = (noise: number) =>
    dissect({ model, site, scenes: 8, seed: 1, noise }, contextOf<DissectProgress>(runtime));
  const early = await run(0.9);
  const late = await run(0.1);
  expect(early.rows).toHaveLength(late.rows.length);
  // Under most of the noise a unit can tell less of the picture than under little.
  expect(early.rows.map(({ threshold }) => threshold)).not.toEqual(
    late.rows.map(({ threshold }) => threshold),
  );
  expect(late.rows.some(({ concept }) => concept !== '')).toBe(true);
  const { maps } = await pictureUnits(
    { model, site, image: { kind: 'scene', seed: 8 }, noise: 0.1 },
    contextOf<Progress>(runtime),
  );
  expect(maps.dims[0]).toBe(late.rows.length);
  await expect(
    dissect({ model, site: 'unet.nowhere', scenes: 8, seed: 1 }, contextOf<DissectProgress>(runtime)),
  ).rejects.toMatchObject({ code: 'bad-parameter', detail: { name: 'site' } });
});

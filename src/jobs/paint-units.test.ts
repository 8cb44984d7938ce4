import { afterAll, expect, it } from 'vitest';
import { createNodeRuntime } from '../headless/runtime.ts';
import type { Progress } from '../protocol/jobs.ts';
import type { PaintUnitsProgress } from '../protocol/painting.ts';
import { regionOf } from '../protocol/region.ts';
import { generate } from './generate.ts';
import { paintUnits } from './paint-units.ts';
import { sites } from './sites.ts';
import { contextOf } from './test-support.ts';

const runtime = createNodeRuntime();
afterAll(() => runtime.close());
const model = 'scene-diffusion';

/** The right half of the picture, without its edges. */
const region = regionOf(
  Uint8Array.from({ length: 256 }, (_, cell) => ((cell & 15) > 8 && cell > 63 && cell < 192 ? 1 : 0)),
);
const how = { prompt: 'a red car on a green lawn', seed: 3, steps: 2, guidance: 4 };
const painted = {
  ...{ model, ...how, region, strength: 4, during: [0, 1] as const },
  ...{ concept: 'tree', judge: 'scene-clip-vit', sets: 1 },
};

it('units set in a part of the picture change it there, and nothing where none is set', async () => {
  const found = await sites({ model, of: 'units' }, contextOf<Progress>(runtime));
  for (const kind of ['mlp.post', 'conv.post']) {
    const { name: site, axes } = found.filter((each) => each.kind === kind).at(-1)!;
    const context = contextOf<PaintUnitsProgress>(runtime);
    const report = await paintUnits({ ...painted, site, units: [1, 2, 3, 4, 5, 6] }, context);
    // Without paint it is the model's own picture.
    const plain = await generate({ model, ...how }, contextOf<Progress>(runtime));
    const differ = report.before.data.filter((value, i) => Math.abs(value - plain.image.data[i]!) > 1);
    expect(differ).toHaveLength(0);
    expect(report.change.inside, `${site} ${axes.join()}`).toBeGreaterThan(report.change.outside);
    expect(report.names[0]).toBe('tree');
    expect(report.matched).toHaveLength(1);
    expect(report.control.data).not.toEqual(report.before.data);
    expect(context.reports.map(({ done }) => done)).toEqual([1, 2, 3]);
    // What was reported was given away; the result is its own.
    expect(context.reports.at(-1)!.after!.data.buffer).not.toBe(report.after.data.buffer);
    const never = await paintUnits(
      { ...painted, site, units: [1], during: [0, 0], sets: 1 },
      contextOf<PaintUnitsProgress>(runtime),
    );
    expect(never.after.data).toEqual(never.before.data);
    expect(never.change).toEqual({ inside: 0, outside: 0 });
  }
});

it('refuses an empty brush, no units and units that are not there', async () => {
  const site = 'unet.mid.0.mlp.post';
  const ask = (change: object) =>
    paintUnits({ ...painted, site, units: [1], ...change }, contextOf<PaintUnitsProgress>(runtime));
  await expect(ask({ region: '0'.repeat(64) })).rejects.toMatchObject({ detail: { name: 'region' } });
  await expect(ask({ units: [] })).rejects.toMatchObject({ detail: { name: 'units' } });
  await expect(ask({ units: [99_999] })).rejects.toMatchObject({ detail: { name: 'units' } });
  await expect(ask({ concept: 'nonsenseword' })).rejects.toMatchObject({ detail: { name: 'concept' } });
});

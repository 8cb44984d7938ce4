/** Units of every family's twin, opened as a visitor's model: of its vision tower, and of its decoder where that has image tokens. */

import { afterAll, describe, expect, it } from 'vitest';
import { drawnPicture, type TwinName, twinRuntime } from '../headless/test-support/twin-folders.ts';
import type { DissectProgress } from '../protocol/dissection.ts';
import type { Progress } from '../protocol/jobs.ts';
import { dissect } from './dissect.ts';
import { pictureUnits } from './picture-units.ts';
import { sites } from './sites.ts';
import { contextOf } from './test-support.ts';

const TOWERS: Readonly<Partial<Record<TwinName, readonly string[]>>> = {
  clip: ['vision'],
  siglip: ['vision'],
  idefics: ['vision', 'decoder'],
  llava: ['vision', 'bridge', 'decoder'],
  'llava-genai': ['vision', 'bridge', 'decoder'],
  'vit-gpt2': ['vision'],
  blip: ['vision'],
  florence: ['vision'],
};
const names = Object.keys(TOWERS) as TwinName[];
const runtime = twinRuntime(...names);
afterAll(() => runtime.close());
const image = { kind: 'pixels', pixels: drawnPicture(40, 32) } as const;

describe.each(names)('%s', (model) => {
  const context = contextOf<Progress>(runtime);

  it('offers the towers that it has', async () => {
    const found = await sites({ model, of: 'units' }, context);
    expect([...new Set(found.map(({ name }) => name.split('.')[0]))]).toEqual(TOWERS[model]);
  });

  it.each(TOWERS[model]!)(
    'shows on a picture what units of its %s see, and counts them on scenes',
    async (tower) => {
      const found = await sites({ model, of: 'units' }, context);
      const site = found.find(({ name, kind }) => name.startsWith(tower) && kind === 'mlp.post')!;
      const { maps } = await pictureUnits({ model, site: site.name, image }, context);
      expect(maps.dims[0]).toBe(site.units);
      expect(maps.dims[1]).toBeGreaterThan(1);
      expect(new Set(maps.data).size).toBeGreaterThan(maps.dims[0]);

      const { rows } = await dissect(
        { model, site: site.name, scenes: 16, seed: 3, weights: 'trained' },
        contextOf<DissectProgress>(runtime),
      );
      expect(rows).toHaveLength(site.units!);
      expect(rows.some(({ dead }) => !dead)).toBe(true);
    },
  );
});

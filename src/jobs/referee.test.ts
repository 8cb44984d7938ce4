import { afterAll, describe, expect, it } from 'vitest';
import { createNodeRuntime } from '../headless/runtime.ts';
import type { RefereeProgress } from '../protocol/dissection.ts';
import type { Progress } from '../protocol/jobs.ts';
import { referee } from './referee.ts';
import { sites } from './sites.ts';
import { contextOf } from './test-support.ts';

const runtime = createNodeRuntime();
afterAll(() => runtime.close());

const asked = { concept: 'tree', scenes: 4, seed: 9_000_000, sets: 2 };
const context = () => contextOf<RefereeProgress>(runtime);
const all = (count: number) => Array.from({ length: count }, (_, unit) => unit);

describe('the referee', () => {
  it('asks a model without a grid of patches', async () => {
    const site = 'vision.layer4.1.relu';
    const report = await referee({ ...asked, model: 'scene-clip-rn', site, units: [3] }, context());
    expect(report).toMatchObject({ outcome: 'match', scenesWith: 2, scenesWithout: 2 });
    expect(report.names[0]).toBe('tree');
  });

  it.each(['decoder.blocks.2.mlp.post', 'vision.blocks.3.mlp.post'])(
    'asks for an answer, with units of %s off',
    async (site) => {
      const model = 'scene-vlm-mlp';
      const heard = context();
      const report = await referee({ ...asked, model, site, units: [1, 2], scenes: 8 }, heard);
      expect(report).toMatchObject({
        outcome: 'answer',
        names: ['yes', 'no'],
        scenesWith: 4,
        scenesWithout: 4,
      });
      expect(report.intact.auc).toBeGreaterThan(0.7);
      expect(report.matched).toHaveLength(2);
      expect(report.matched.some((loss) => loss !== 0)).toBe(true);
      expect(heard.reports.at(-1)).toMatchObject({ done: 4, total: 4 });
      // Half of a layer off is worse than two of its units.
      const many = await referee({ ...asked, model, site, units: all(200), scenes: 8, sets: 1 }, context());
      expect(many.intact).toEqual(report.intact);
      expect(many.ablated.probability).not.toBe(report.ablated.probability);
    },
  );

  it('refuses to ask for what is no thing', async () => {
    const site = 'decoder.blocks.2.mlp.post';
    await expect(
      referee({ ...asked, model: 'scene-vlm-mlp', site, units: [1], concept: 'green' }, context()),
    ).rejects.toMatchObject({ code: 'bad-parameter', detail: { name: 'concept' } });
  });

  it('looks at what is drawn with units of a U-Net off, by a judge', async () => {
    const model = 'scene-diffusion';
    const found = await sites({ model, of: 'units' }, contextOf<Progress>(runtime));
    const { name: site, units: count = 0 } = found.findLast(({ kind }) => kind === 'conv.post')!;
    const params = { ...asked, model, site, scenes: 2, sets: 1 };
    await expect(referee({ ...params, units: [0] }, context())).rejects.toMatchObject({
      code: 'bad-parameter',
      detail: { name: 'judge' },
    });
    const judge = 'scene-clip-vit';
    const report = await referee({ ...params, units: all(count / 2), judge }, context());
    expect(report).toMatchObject({ outcome: 'picture', judge, scenesWith: 2 });
    expect(report.intact.auc).toBeNaN();
    expect(report.ablated.probability).not.toBe(report.intact.probability);
    expect(report.names.length).toBeGreaterThan(5);
  });
});

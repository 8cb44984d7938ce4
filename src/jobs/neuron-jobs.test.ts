import { afterAll, describe, expect, it } from 'vitest';
import { createNodeRuntime } from '../headless/runtime.ts';
import type { DissectProgress, RefereeProgress, UnitEvidenceProgress } from '../protocol/dissection.ts';
import type { Progress } from '../protocol/jobs.ts';
import type { SurveyProgress } from '../protocol/neurons.ts';
import { dissect } from './dissect.ts';
import { pictureUnits } from './picture-units.ts';
import { referee } from './referee.ts';
import { surveyLayers } from './survey-layers.ts';
import { contextOf } from './test-support.ts';
import { unitEvidence } from './unit-evidence.ts';

const runtime = createNodeRuntime();
afterAll(() => runtime.close());

const model = 'scene-clip-vit';
const site = 'vision.blocks.3.mlp.post';
const params = { model, site, scenes: 24, seed: 1 };
const run = () => dissect(params, contextOf<DissectProgress>(runtime));

describe('jobs of the neurons page', () => {
  it('rows carry coverage, AUC and the labels after the best', async () => {
    const { rows } = await run();
    const best = rows.reduce((a, b) => (b.iou > a.iou ? b : a));
    expect(best.next[0]).toMatchObject({ concept: best.runnerUp, iou: best.runnerUpIou });
    expect(best.next.map(({ iou }) => iou)).toEqual(
      best.next.map(({ iou }) => iou).toSorted((a, b) => b - a),
    );
    expect(best.coverage).toBeGreaterThanOrEqual(best.iou);
    expect(best.auc).toBeGreaterThan(0.8);
  });

  it('the control has the same units and other figures', async () => {
    const trained = await run();
    const control = await dissect({ ...params, weights: 'shuffled' }, contextOf<DissectProgress>(runtime));
    expect(control.rows).toHaveLength(trained.rows.length);
    const best = (rows: typeof trained.rows) => Math.max(...rows.map(({ iou }) => iou));
    expect(best(control.rows)).toBeLessThan(best(trained.rows));
    // The trained model is not touched by its control.
    expect((await run()).rows).toEqual(trained.rows);
  });

  it('layers are surveyed one by one, then shuffled', async () => {
    const sites = ['vision.blocks.0.resid_post', 'vision.blocks.4.resid_post'];
    const context = contextOf<SurveyProgress>(runtime);
    const { layers, scenes } = await surveyLayers({ model, sites, scenes: 8, seed: 1 }, context);
    expect(scenes).toBe(8);
    expect(layers.map(({ trained, control }) => [trained.site, trained.units, control?.units])).toEqual(
      sites.map((name) => [name, 192, 192]),
    );
    expect(context.reports.map(({ layers: done }) => done?.length ?? 0).at(-1)).toBe(2);
    expect(context.reports.at(-1)).toMatchObject({ done: 3, total: 4 });
  });

  it('evidence agrees with the row: same labels, and a concept in which the unit is more active', async () => {
    const { rows } = await run();
    const row = rows.reduce((a, b) => (b.iou > a.iou ? b : a));
    const { unit, threshold, concept, category } = row;
    const context = contextOf<UnitEvidenceProgress>(runtime);
    const evidence = await unitEvidence(
      { ...params, unit, threshold, concept, category, foundOn: 200 },
      context,
    );
    expect(evidence.labels[0]).toMatchObject({ concept, category });
    expect(evidence.labels[0]!.iou).toBeCloseTo(row.iou, 6);
    const { edges, inside, outside, insidePixels, outsidePixels } = evidence.distribution;
    expect(insidePixels + outsidePixels).toBe(24 * 128 * 128);
    const centre = (shares: Float32Array) => shares.reduce((sum, share, i) => sum + share * edges[i]!, 0);
    expect(centre(inside)).toBeGreaterThan(centre(outside));
    expect(inside.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
    const { heads, images, heldOut, auc } = evidence.sentence;
    expect([images, heldOut]).toEqual([200, 256]);
    expect(heads.every(({ weight }) => weight > 0)).toBe(true);
    expect(auc).toBeGreaterThan(0.7);
    // The figures come first, and are the same; what was reported was not the result's own.
    const early = context.reports.find(({ figures }) => figures !== undefined);
    expect(early).toMatchObject({ done: 24, figures: { labels: evidence.labels } });
    expect(early!.figures!.distribution).toEqual(evidence.distribution);
    expect(early!.figures!.distribution.edges.buffer).not.toBe(edges.buffer);
  });

  it('a picture gives every unit’s map', async () => {
    const { maps, image } = await pictureUnits(
      { model, site, image: { kind: 'scene', seed: 8 } },
      contextOf<Progress>(runtime),
    );
    expect(maps.dims).toEqual([768, 8, 8]);
    expect(image.width).toBe(128);
  });

  it('the referee ranks a loss among matched sets, and switching nothing off that matters changes nothing', async () => {
    const { rows } = await run();
    const trees = rows
      .filter(({ concept }) => concept === 'sun')
      .toSorted((a, b) => b.iou - a.iou)
      .slice(0, 4)
      .map(({ unit }) => unit);
    const context = contextOf<RefereeProgress>(runtime);
    const report = await referee(
      { model, site, units: trees, concept: 'sun', scenes: 12, seed: 9_000_000, sets: 3 },
      context,
    );
    expect([report.scenesWith, report.scenesWithout]).toEqual([6, 6]);
    expect(report.matched).toHaveLength(3);
    expect(report.intact.auc).toBeGreaterThan(0.5);
    // What competes is of the same kind, and not what every scene shows.
    expect(report.names[0]).toBe('sun');
    expect(report.names).toContain('tree');
    expect(report.names).not.toContain('sky');
    expect(report.intact.probability).not.toBe(report.ablated.probability);
    for (const { probability, named } of [report.intact, report.ablated]) {
      expect(probability).toBeGreaterThanOrEqual(0);
      expect(named).toBeLessThanOrEqual(1);
    }
    expect(report.percentile).toBeGreaterThanOrEqual(0);
    expect(context.reports.at(-1)).toMatchObject({ done: 5, total: 5 });
    await expect(
      referee(
        { model, site, units: [768], concept: 'sun', scenes: 4, seed: 9_000_000, sets: 1 },
        contextOf<RefereeProgress>(runtime),
      ),
    ).rejects.toMatchObject({ code: 'bad-parameter', detail: { name: 'units' } });
  });
});

/** What is known of one unit beyond its row: its activation inside and outside of its concept, all labels, a sentence with its score. */

import { separation } from '../methods/concepts/separation.ts';
import { FiringPixels } from '../methods/dissection/firing.ts';
import { PeakRanks } from '../methods/dissection/peaks.ts';
import { sentenceExpects, sentenceThings } from '../methods/dissection/sentence.ts';
import { sentenceConditions } from '../methods/dissection/sentence-conditions.ts';
import { unitLabels } from '../methods/dissection/table.ts';
import { Tally } from '../methods/dissection/tally.ts';
import type { ActivationDistribution, UnitEvidenceParams } from '../protocol/dissection.ts';
import type { Progress } from '../protocol/progress.ts';
import type { Regions } from '../tensor/regions.ts';
import { resize } from '../tensor/resize.ts';
import { type Grid, grid, tensor } from '../tensor/tensor.ts';
import { type DissectWork, openWork } from './dissect-work.ts';
import { KEPT_BYTES, lastBatches } from './kept-batches.ts';
import { factsOf, lastFacts, type PictureFacts } from './picture-facts.ts';
import { Stopwatch } from './progress.ts';
import type { Job } from './runtime.ts';
import { SCENE_BATCH } from './unit-activations.ts';

/** Pictures that the figures are gathered on, at most: the unit's maps and the labels of all of them are held. */
const MOST_PICTURES = 512;
/**
 * Pictures that the sentence is found on where nothing else is asked for. The world goes on drawing beyond the dissection's own; a data set
 * of the visitor's has no more than it has, half of which is kept aside.
 */
const FOUND_ON = 1536;
/** Scenes that the sentence is scored on, of a range that no dissection starts from by itself. */
const HELD_OUT = { scenes: 256, seed: 3_000_000_000 } as const;
const BINS = 32;

interface MappedPicture {
  readonly map: Grid;
  readonly regions: Regions;
  readonly annotated: number;
}

export const unitEvidence: Job<'unitEvidence'> = async (params, { runtime, cancellation, report }) => {
  const { unit, threshold, foundOn = FOUND_ON } = params;
  const own = params.data !== undefined;
  const work = await openWork(
    runtime,
    own ? params : { ...params, scenes: Math.max(params.scenes, foundOn) },
  );
  const figured = Math.min(own ? work.source.count : params.scenes, MOST_PICTURES);
  const found = Math.min(work.source.count, own ? 2 * foundOn : Math.max(foundOn, figured));
  const watch = new Stopwatch(runtime, found + (own ? 0 : HELD_OUT.scenes));
  let progress: Progress | undefined;
  const portion = async (batch: number, pictures: number): Promise<void> => {
    progress = watch.advance(Math.min(SCENE_BATCH, pictures - batch * SCENE_BATCH));
    report(progress);
    await runtime.pause();
    cancellation.check();
  };
  /** Facts of a number of pictures: the next unit of the layer asks for the same. */
  const look = async (
    slot: 'evidence' | 'held-out',
    from: DissectWork,
    first: number,
    pictures: number,
  ): Promise<readonly PictureFacts[]> => {
    const facts = lastFacts(runtime, slot, from.key);
    for (let batch = first; batch * SCENE_BATCH < pictures; batch += 1) {
      if (!facts.has(batch)) facts.set(batch, factsOf(await from.look(batch, cancellation)));
      await portion(batch, pictures);
    }
    return Array.from(
      { length: Math.ceil(pictures / SCENE_BATCH) },
      (_, batch) => facts.get(batch) ?? [],
    ).flat();
  };

  const maps = lastBatches(runtime, 'evidence', work.key, KEPT_BYTES / 2);
  const facts = lastFacts(runtime, 'evidence', work.key);
  const mapped: MappedPicture[] = [];
  let batch = 0;
  for (; batch * SCENE_BATCH < figured; batch += 1) {
    const known = maps.take(batch);
    const seen = known ?? (await work.look(batch, cancellation));
    if (!known) maps.keep(batch, seen);
    if (!facts.has(batch)) facts.set(batch, factsOf(seen));
    for (const { index, maps: all, seen: picture } of seen) {
      const [, height, width] = all.dims;
      const size = height * width;
      const map = grid(height, width, all.data.slice(unit * size, (unit + 1) * size));
      if (index < figured) mapped.push({ map, regions: picture.regions, annotated: picture.annotated });
    }
    await portion(batch, found);
  }
  const labels = unitLabels(tallyOf(work, mapped, threshold), 0);
  const distribution = distributionOf(mapped, work, params);
  if (progress) report({ ...progress, figures: { distribution: copyOf(distribution), labels } });

  const pictures = await look('evidence', work, batch, found);
  const apart = own
    ? pictures.filter((_, i) => i % 2 === 1)
    : await look('held-out', await openWork(runtime, { ...params, ...HELD_OUT }), 0, HELD_OUT.scenes);
  const fires = ({ peaks }: PictureFacts) => peaks[unit]! > threshold;
  const things = sentenceThings(
    work.legend,
    labels,
    (own ? pictures.filter((_, i) => i % 2 === 0) : pictures).map((picture) => ({
      areas: picture.areas,
      fires: fires(picture),
    })),
  );
  const [lead] = things.heads;
  const conditions = lead
    ? sentenceConditions(
        work.legend,
        lead,
        mapped.map((picture) => ({ regions: picture.regions, fired: firing(picture, threshold) })),
      )
    : { mostly: [], rarely: [] };
  const fired = apart.map(fires);
  const expected = apart.map(({ areas }) => sentenceExpects(work.legend, things, areas));
  return {
    distribution,
    labels,
    sentence: {
      ...things,
      ...conditions,
      auc: separation(expected, fired).auc,
      images: own ? Math.ceil(pictures.length / 2) : pictures.length,
      heldOut: apart.length,
      fired: fired.filter(Boolean).length,
    },
  };
};

/** What is reported is given away. */
function copyOf({ edges, inside, outside, ...pixels }: ActivationDistribution): ActivationDistribution {
  return { ...pixels, edges: edges.slice(), inside: inside.slice(), outside: outside.slice() };
}

/** The same sums as a dissection's, of one unit. */
function tallyOf(
  { recipe, legend, rules }: DissectWork,
  seen: readonly MappedPicture[],
  threshold: number,
): Tally {
  // Ranks serve the AUC of firing, which the row has already.
  const ranks = legend.categories.map(() => new PeakRanks(1, []));
  const tally = new Tally(
    {
      recipe,
      legend,
      threshold: Float32Array.of(threshold),
      dead: Uint8Array.of(0),
      quantile: rules.quantile,
      relativeError: 0,
    },
    ranks,
  );
  for (const { map, regions, annotated } of seen) {
    const [height, width] = map.dims;
    tally.add(tensor(['unit', 'y', 'x'], [1, height, width], map.data), regions, annotated);
  }
  return tally;
}

/** Pixels of the label map where the enlarged activation is above the threshold, by region. */
function firing({ map, regions }: MappedPicture, threshold: number): Uint32Array {
  const [rows, columns] = map.dims;
  const finder = new FiringPixels(rows, columns, regions.height, regions.width);
  finder.lay(regions);
  finder.count(map.data, 0, threshold);
  return finder.counts;
}

/** Shares of the enlarged activation over equal bins from the lowest to the highest value, inside and outside of the concept. */
function distributionOf(
  seen: readonly MappedPicture[],
  { legend }: DissectWork,
  { category, concept }: UnitEvidenceParams,
): ActivationDistribution {
  const label = legend.names.findIndex(
    (name, i) => name === concept && legend.categories[legend.categoryOf[i]!] === category,
  );
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { map } of seen) {
    for (const value of map.data) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  // A unit that never varies has one bin for all.
  if (!(low < high)) high = low + 1;
  const counts = { inside: new Float64Array(BINS), outside: new Float64Array(BINS) };
  for (const { map, regions } of seen) {
    const { height, width, starts, labels } = regions;
    const within = Array.from(regions.pixels, (_, region) =>
      labels.subarray(starts[region]!, starts[region + 1]!).includes(label),
    );
    const enlarged = resize(map, height, width, 'bilinear').data;
    for (let i = 0; i < height * width; i += 1) {
      const bin = Math.min(BINS - 1, Math.max(0, Math.floor(((enlarged[i]! - low) / (high - low)) * BINS)));
      const side = within[regions.map[i]!] ? counts.inside : counts.outside;
      side[bin] = side[bin]! + 1;
    }
  }
  const total = (side: Float64Array) => side.reduce((sum, count) => sum + count, 0);
  const shares = (side: Float64Array) => {
    const pixels = total(side);
    return Float32Array.from(side, (count) => (pixels > 0 ? count / pixels : 0));
  };
  return {
    edges: Float32Array.from({ length: BINS + 1 }, (_, i) => low + ((high - low) * i) / BINS),
    inside: shares(counts.inside),
    outside: shares(counts.outside),
    insidePixels: total(counts.inside),
    outsidePixels: total(counts.outside),
  };
}

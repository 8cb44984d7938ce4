/** What is known of one unit beyond its row: its activation inside and outside of its concept, all labels, a sentence with its score. */

import { separation } from '../methods/concepts/separation.ts';
import { FiringPixels } from '../methods/dissection/firing.ts';
import { PeakRanks } from '../methods/dissection/peaks.ts';
import { SentenceEvidence } from '../methods/dissection/sentence.ts';
import { unitLabels } from '../methods/dissection/table.ts';
import { Tally } from '../methods/dissection/tally.ts';
import type { ActivationDistribution, UnitEvidenceParams } from '../protocol/dissection.ts';
import type { Regions } from '../tensor/regions.ts';
import { resize } from '../tensor/resize.ts';
import { type Grid, grid, tensor } from '../tensor/tensor.ts';
import { type DissectWork, openWork } from './dissect-work.ts';
import { KEPT_BYTES, lastBatches } from './kept-batches.ts';
import { Stopwatch } from './progress.ts';
import type { Job } from './runtime.ts';
import { SCENE_BATCH } from './unit-activations.ts';

/** Pictures that the evidence is gathered on, at most: the unit's maps and the labels of all of them are held. */
const MOST_PICTURES = 512;
/** Scenes that the sentence is scored on, of a range that no dissection starts from by itself. */
const HELD_OUT = { scenes: 100, seed: 3_000_000_000 } as const;
const BINS = 32;

interface Seen {
  readonly map: Grid;
  readonly regions: Regions;
  readonly annotated: number;
}

export const unitEvidence: Job<'unitEvidence'> = async (params, { runtime, cancellation, report }) => {
  const { unit, threshold } = params;
  const work = await openWork(runtime, params);
  // A data set of the visitor's has no held-out part of its own: every second picture is kept aside.
  const own = params.data !== undefined;
  const count = Math.min(work.source.count, MOST_PICTURES);
  const watch = new Stopwatch(runtime, count + (own ? 0 : HELD_OUT.scenes));
  // The next unit of the layer is asked about on the same pictures.
  const look = async (
    slot: 'evidence' | 'held-out',
    from: DissectWork,
    pictures: number,
  ): Promise<readonly Seen[]> => {
    const batches = lastBatches(runtime, slot, from.key, KEPT_BYTES / 2);
    const all: Seen[] = [];
    for (let batch = 0; batch * SCENE_BATCH < pictures; batch += 1) {
      const known = batches.take(batch);
      const seen = known ?? (await from.look(batch, cancellation));
      if (!known) batches.keep(batch, seen);
      for (const { maps, seen: picture } of seen) {
        const [, height, width] = maps.dims;
        const size = height * width;
        const map = grid(height, width, maps.data.slice(unit * size, (unit + 1) * size));
        all.push({ map, regions: picture.regions, annotated: picture.annotated });
      }
      report(watch.advance(Math.min(SCENE_BATCH, pictures - batch * SCENE_BATCH)));
      await runtime.pause();
      cancellation.check();
    }
    return all;
  };
  const everything = await look('evidence', work, count);
  const seen = own ? everything.filter((_, i) => i % 2 === 0) : everything;
  const kept = own
    ? everything.filter((_, i) => i % 2 === 1)
    : await look('held-out', await openWork(runtime, { ...params, ...HELD_OUT }), HELD_OUT.scenes);

  const labels = unitLabels(tallyOf(work, everything, threshold), 0);
  const evidence = new SentenceEvidence(work.legend, labels);
  for (const picture of seen) evidence.add(firing(picture, threshold).counts, picture.regions);
  const words = evidence.words();
  const fired = kept.map((picture) => firing(picture, threshold).total > 0);
  const expected = kept.map(({ regions }) => evidence.expects(words, regions));
  return {
    distribution: distributionOf(everything, work, params),
    labels,
    sentence: {
      ...words,
      auc: separation(expected, fired).auc,
      heldOut: kept.length,
      fired: fired.filter(Boolean).length,
    },
  };
};

/** The same sums as a dissection's, of one unit. */
function tallyOf({ recipe, legend, rules }: DissectWork, seen: readonly Seen[], threshold: number): Tally {
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
function firing({ map, regions }: Seen, threshold: number) {
  const [rows, columns] = map.dims;
  const counts = new Uint32Array(regions.pixels.length);
  const finder = new FiringPixels(rows, columns, regions.height, regions.width);
  const total = finder.count(map.data, 0, threshold, regions.map, counts);
  return { counts, total };
}

/** Shares of the enlarged activation over equal bins from the lowest to the highest value, inside and outside of the concept. */
function distributionOf(
  seen: readonly Seen[],
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

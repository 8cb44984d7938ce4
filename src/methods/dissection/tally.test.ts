import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Recipe } from '../../protocol/dissection.ts';
import { RegionBuilder, type Regions } from '../../tensor/regions.ts';
import { resize } from '../../tensor/resize.ts';
import { quantile } from '../../tensor/statistics.ts';
import { grid, tensor } from '../../tensor/tensor.ts';
import { Random } from '../../world/random.ts';
import { FiringPixels } from './firing.ts';
import { everyCategory, legendOf } from './legend.ts';
import { PeakCounts } from './peaks.ts';
import { Survey } from './survey.ts';
import { firingAuc, iouOf, tableRows, unitLabels } from './table.ts';
import { Tally } from './tally.ts';
import { patchUnits } from './units.ts';

interface Golden {
  readonly dims: [number, number, number, number, number, number];
  readonly names: number[];
  readonly quantile: number;
  readonly activations: number[];
  readonly labels: number[];
  readonly thresholds: number[];
  readonly iou: number[];
}

const golden: Golden = JSON.parse(
  readFileSync(new URL('../goldens/netdissect.json', import.meta.url), 'utf8'),
);
const [scenes, units, rows, columns, height, width] = golden.dims;
const labelNames = ['a1', 'a2', 'a3', 'b1', 'b2'];
const categories = [
  { category: 'a', labels: labelNames.slice(0, 3) },
  { category: 'b', labels: labelNames.slice(3) },
];

const sceneMaps = (scene: number) => {
  const size = units * rows * columns;
  const data = Float32Array.from(golden.activations.slice(scene * size, (scene + 1) * size));
  return tensor(['unit', 'y', 'x'], [units, rows, columns], data);
};
const legend = legendOf(categories);
const all = everyCategory(legend);
const firstLabel = [0, 3];

const regionsOf = (planes: number[][], h: number, w: number): Regions => {
  const builder = new RegionBuilder(h, w);
  planes.forEach((codes, plane) => {
    builder.paint(codes, (code) => (code === 0 ? undefined : firstLabel[plane]! + code - 1));
  });
  return builder.build();
};
const sceneRegions = (scene: number): Regions => {
  const size = height * width;
  const plane = (index: number) =>
    golden.labels.slice((2 * scene + index) * size, (2 * scene + index + 1) * size);
  return regionsOf([plane(0), plane(1)], height, width);
};

const options = { units, count: scenes * rows * columns, quantile: golden.quantile, enlarged: false };

function survey(from = 0, end: number = scenes, exactBytes?: number): Survey {
  const result = new Survey({ ...options, ...(exactBytes === undefined ? {} : { exactBytes }) });
  for (let scene = from; scene < end; scene += 1) result.add(sceneMaps(scene), all, height, width, scene);
  return result;
}

function count(surveyed: Survey, from = 0, end: number = scenes, recipe: Recipe = 'netdissect'): Tally {
  const tally = Tally.of(recipe, legend, surveyed.found(legend));
  for (let scene = from; scene < end; scene += 1) tally.add(sceneMaps(scene), sceneRegions(scene), all);
  return tally;
}

describe('NetDissect against NumPy and PyTorch', () => {
  const surveyed = survey();
  const tally = count(surveyed);
  const table = Array.from({ length: units }, (_, unit) =>
    labelNames
      .map((name, index) => ({ name, iou: golden.iou[unit * labelNames.length + index]! }))
      .sort((a, b) => b.iou - a.iou),
  );

  it('finds the same thresholds', () => {
    golden.thresholds.forEach((value, unit) => {
      expect(tally.head.threshold[unit]).toBeCloseTo(value, 6);
    });
  });

  it('has the same IoU for every unit and label', () => {
    golden.iou.forEach((iou, i) => {
      expect(iouOf(tally, Math.floor(i / labelNames.length), i % labelNames.length)).toBeCloseTo(iou, 8);
    });
  });

  it('names each unit by its best label, with those that follow', () => {
    tableRows(tally).forEach((row, unit) => {
      const [best, second, third] = table[unit]!;
      expect(row.unit).toBe(unit);
      expect(row.iou).toBeCloseTo(best!.iou, 8);
      expect(row.runnerUpIou).toBeCloseTo(second!.iou, 8);
      if (best!.iou > 0) expect([row.concept, row.category]).toEqual([best!.name, best!.name[0]]);
      if (second!.iou > 0) expect([row.runnerUp, row.next[0]?.concept]).toEqual([second!.name, second!.name]);
      if (third!.iou > 0)
        expect(row.next[1]).toMatchObject({ concept: third!.name, category: third!.name[0] });
    });
    const rowsOf = tableRows(tally);
    expect(rowsOf[3]).toMatchObject({ concept: 'b1', dead: false });
    expect(rowsOf[2]).toMatchObject({ concept: '', category: '', iou: 0, auc: Number.NaN, dead: true });
    expect(unitLabels(tally, 3).map(({ concept }) => concept)).toEqual(
      table[3]!.filter(({ iou }) => iou > 0).map(({ name }) => name),
    );
  });

  it('shows the ceiling of a mask of this quantile, and the coverage', () => {
    const pixels = scenes * height * width;
    const isB1 = (label: number, i: number) => label === 1 && Math.floor(i / (height * width)) % 2 === 1;
    const ofB1 = golden.labels.filter(isB1).length;
    const row = tableRows(tally)[3]!;
    expect(row.ceiling).toBeCloseTo(Math.min(1, (golden.quantile * pixels) / ofB1), 12);
    expect(row.coverage).toBe(tally.both[3 * 5 + 3]! / ofB1);
  });

  it('measures by the peak how well firing tells images of the label from others', () => {
    const peaks = Array.from({ length: scenes }, (_, scene) => {
      const map = sceneMaps(scene).data.subarray(3 * rows * columns, 4 * rows * columns);
      return { peak: Math.max(...map), with: sceneRegions(scene).labels.includes(3) };
    });
    const positives = peaks.filter((image) => image.with);
    const negatives = peaks.filter((image) => !image.with);
    const wins = positives.flatMap(({ peak }) => negatives.map((other) => (peak > other.peak ? 1 : 0)));
    expect(firingAuc(tally, 3, 3)).toBeCloseTo(
      wins.reduce<number>((sum, win) => sum + win, 0) / wins.length,
      12,
    );
    expect(firingAuc(tally, 3, 3)).toBeGreaterThan(0.9);
  });

  it.each(['netdissect', 'dissect', 'per-image'] as const)(
    'comes out the same, byte by byte, from parts: %s',
    (recipe) => {
      const bounds = [0, 4, 5, scenes];
      const parts = [2, 0, 1].map((i) => Survey.load(survey(bounds[i], bounds[i + 1]).save()));
      for (const part of parts.slice(1)) parts[0]!.merge(part);
      expect(parts[0]!.save()).toEqual(surveyed.save());
      const tallies = [1, 2, 0].map((i) =>
        Tally.load(count(parts[0]!, bounds[i], bounds[i + 1], recipe).save()),
      );
      for (const part of tallies.slice(1)) tallies[0]!.merge(part);
      expect(tallies[0]!.save()).toEqual(count(surveyed, 0, scenes, recipe).save());
    },
  );

  it('merges counted quantiles too, and goes on from saved sums', () => {
    const half = Survey.load(survey(0, 4, 0).save());
    for (let scene = 4; scene < scenes; scene += 1) half.add(sceneMaps(scene), all, height, width, scene);
    const whole = survey(0, scenes, 0);
    expect(half.save()).toEqual(whole.save());
    expect(whole.found(legend).thresholds.relativeError).toBe(2 ** -7);
    const { ranks } = surveyed.found(legend);
    const resumed = Tally.load(count(surveyed, 0, 3).save(), ranks);
    for (let scene = 3; scene < scenes; scene += 1) resumed.add(sceneMaps(scene), sceneRegions(scene), all);
    expect(resumed.save()).toEqual(tally.save());
    expect(() => resumed.merge(count(surveyed, 0, 1, 'dissect'))).toThrow('different dissections');
  });

  it('keeps the images in which a unit peaks highest', () => {
    const peaks = Array.from({ length: scenes }, (_, image) => ({
      image,
      peak: Math.max(...sceneMaps(image).data.subarray(0, rows * columns)),
    }));
    expect(surveyed.top.of(0)).toEqual(peaks.sort((a, b) => b.peak - a.peak));
    // A dead unit peaks alike everywhere: the earlier images first.
    expect(surveyed.top.of(2).map(({ image }) => image)).toEqual([...Array(scenes).keys()]);
  });
});

describe('recipes, closed form', () => {
  const one = (value: number) => tensor(['unit', 'y', 'x'], [1, 1, 2], Float32Array.of(value, 0));
  const maps = (...labels: number[]) => regionsOf([labels.slice(0, 2), labels.slice(2)], 1, 2);
  const ranked = new Survey({ units: 1, count: 8, quantile: 0.3, enlarged: false });
  for (const value of [1, 0, 1, 0]) ranked.add(one(value), all, 1, 2, 0);
  const found = {
    ...ranked.found(legend),
    thresholds: {
      threshold: Float32Array.of(0.5),
      dead: Uint8Array.of(0),
      quantile: 0.005,
      relativeError: 0,
    },
  };

  it('netdissect counts firing only in images that contain the category', () => {
    const tally = Tally.of('netdissect', legend, found);
    tally.add(one(1), maps(2, 0, 0, 0), all);
    expect(tableRows(tally)[0]).toMatchObject({ concept: 'a2', iou: 1, runnerUp: '', runnerUpIou: 0 });
    // Fires without category a: nothing changes for a2; b1 meets one of two.
    tally.add(one(1), maps(0, 0, 1, 1), all);
    expect([iouOf(tally, 0, 1), iouOf(tally, 0, 3)]).toEqual([1, 0.5]);
    // Category a present elsewhere, unit fires beside it: union grows by both.
    tally.add(one(1), maps(0, 3, 0, 0), all);
    expect(iouOf(tally, 0, 1)).toBe(1 / 2);
    // The unit is silent, the label is there: union grows.
    tally.add(one(0), maps(2, 2, 0, 0), all);
    expect(tableRows(tally)[0]).toMatchObject({
      concept: 'b1',
      iou: 1 / 2,
      runnerUp: 'a2',
      runnerUpIou: 1 / 4,
    });
  });

  it('dissect counts firing in all images', () => {
    const tally = Tally.of('dissect', legend, found);
    tally.add(one(1), maps(2, 0, 0, 0), all);
    tally.add(one(1), maps(0, 0, 1, 1), all);
    // Union of a2: two firing pixels, one of them on the label.
    expect(iouOf(tally, 0, 1)).toBe(1 / 2);
  });

  it('per-image takes twice the image mean, and the mean over the images of the label', () => {
    const tally = Tally.of('per-image', legend, found);
    const map = (values: number[]) => tensor(['unit', 'y', 'x'], [1, 1, 4], Float32Array.from(values));
    const labels = (...a: number[]) => regionsOf([a, a.map(() => 0)], 1, 4);
    // Mean 1, so 3 and no other fires: IoU 1 with a1.
    tally.add(map([3, 1, 0, 0]), labels(1, 0, 0, 0), all);
    // The label is beside what fires: 0; and 1 of 2.
    tally.add(map([0, 1, 0, 0]), labels(1, 0, 0, 0), all);
    tally.add(map([0, 1, 0, 0]), labels(1, 1, 0, 0), all);
    tally.add(map([0, 1, 0, 0]), labels(2, 0, 0, 0), all);
    expect(iouOf(tally, 0, 0)).toBeCloseTo((1 + 0 + 1 / 2) / 3, 9);
    expect(tableRows(tally)[0]!.ceiling).toBe(1);
  });

  it('ranks the peaks for a label only among the images annotated for its category', () => {
    const onlyA = 1;
    const images = [
      { peak: 3, regions: maps(1, 0, 1, 0), annotated: all },
      { peak: 1, regions: maps(2, 0, 2, 0), annotated: all },
      { peak: 2, regions: maps(2, 0, 2, 0), annotated: all },
      { peak: 0.5, regions: maps(2, 0, 0, 0), annotated: onlyA },
      { peak: 9, regions: maps(2, 0, 0, 0), annotated: onlyA },
      { peak: 8, regions: maps(2, 0, 0, 0), annotated: onlyA },
    ];
    const survey = new Survey({ units: 1, count: 12, quantile: 0.3, enlarged: false });
    images.forEach(({ peak, annotated }, image) => {
      survey.add(one(peak), annotated, 1, 2, image);
    });
    const tally = Tally.of('netdissect', legend, survey.found(legend));
    for (const { peak, regions, annotated } of images) tally.add(one(peak), regions, annotated);
    // a1 beats three of the five others; b1 beats both that are annotated for b.
    expect([firingAuc(tally, 0, 0), firingAuc(tally, 0, 3)]).toEqual([3 / 5, 1]);
  });

  it('names a label without a name, and wrong shapes', () => {
    const tally = Tally.of('netdissect', legend, found);
    expect(() => tally.add(one(1), maps(0, 0, 3, 0), all)).toThrow('label 5 of 5 has no name');
    expect(() =>
      tally.add(tensor(['unit', 'y', 'x'], [2, 1, 1], new Float32Array(2)), maps(0, 0, 0, 0), all),
    ).toThrow('2 units, not 1');
    expect(() => unitLabels(tally, 1)).toThrow('no unit 1');
  });

  it('of enlarged maps, the quantile is that of all pixels', () => {
    const random = new Random(3);
    const enlarged = new Survey({ units: 2, count: 3 * 8 * 6, quantile: 0.1, enlarged: true });
    const values: number[][] = [[], []];
    for (let image = 0; image < 3; image += 1) {
      const data = Float32Array.from({ length: 2 * 3 * 2 }, () => random.uniform(-1, 1));
      enlarged.add(tensor(['unit', 'y', 'x'], [2, 3, 2], data), all, 8, 6, image);
      for (const unit of [0, 1]) {
        values[unit]!.push(...resize(grid(3, 2, data.slice(unit * 6, unit * 6 + 6)), 8, 6, 'bilinear').data);
      }
    }
    const { threshold } = enlarged.found(legend).thresholds;
    for (const unit of [0, 1]) expect(threshold[unit]).toBeCloseTo(quantile(values[unit]!, 0.9), 6);
  });
});

describe('firing pixels', () => {
  it.each([
    [8, 8, 32, 32],
    [3, 5, 14, 11],
    [9, 7, 4, 3],
    [1, 6, 5, 30],
  ])('are those of the enlarged map: %i x %i to %i x %i', (fromRows, fromColumns, toHeight, toWidth) => {
    const random = new Random(21);
    const firing = new FiringPixels(fromRows, fromColumns, toHeight, toWidth);
    const pixels = toHeight * toWidth;
    for (let round = 0; round < 100; round += 1) {
      // Regions of one pixel, of long runs, and what lies between.
      const run = 1 + random.integer(2 * toWidth);
      const region = Uint16Array.from({ length: pixels }, (_, i) => Math.floor(i / run));
      firing.lay({ map: region, pixels: new Uint32Array(pixels) });
      const size = fromRows * fromColumns;
      // Where weights are eighths, so are values in every other round: exact, and many a pixel lies on the threshold.
      const coarse = toHeight === 4 * fromRows && round % 2 === 0;
      const data = Float32Array.from({ length: 3 * size }, () =>
        coarse ? random.integer(5) / 8 : random.uniform(-1, 1),
      );
      const threshold = coarse ? random.integer(9) / 16 : random.uniform(-0.5, 1);
      const fired = firing.count(data, size, threshold);
      const plain = resize(
        grid(fromRows, fromColumns, data.slice(size, 2 * size)),
        toHeight,
        toWidth,
        'bilinear',
      );
      const expected = new Uint32Array(pixels);
      plain.data.forEach((value, i) => {
        if (value > threshold) expected[region[i]!] = expected[region[i]!]! + 1;
      });
      expect([...firing.counts]).toEqual([...expected]);
      expect([...firing.touched.subarray(0, firing.hits)].sort((a, b) => a - b)).toEqual(
        [...expected.keys()].filter((at) => expected[at]! > 0),
      );
      expect(fired).toBe(expected.reduce((sum, one) => sum + one, 0));
    }
  });
});

describe('ranks of peaks', () => {
  it('are twice mid-ranks; what the first pass did not see counts as the next higher peak', () => {
    const counts = new PeakCounts(1);
    for (const peak of [1, 4, 4, -3]) counts.add(Float32Array.of(peak), 1);
    const [ranks] = counts.ranks(legendOf([{ category: 'object', labels: ['tree'] }]));
    expect(ranks!.images).toBe(4);
    const rankOf = (peak: number): number => {
      const found = new Float64Array(1);
      ranks!.twiceMidRanks(Float32Array.of(peak), found);
      return found[0]!;
    };
    expect([-3, 1, 4].map(rankOf)).toEqual([1, 3, 6]);
    // Between the bins of one page, on a page between, and beyond all.
    expect([1.5, 0.1, -1e9, 100].map(rankOf)).toEqual([6, 3, 1, 8]);
  });
});

describe('ViT units', () => {
  it('drops CLS and lays patches on their grid', () => {
    // [token, unit]: unit 0 counts tokens, unit 1 ten times that.
    const states = tensor(
      ['token', 'unit'],
      [7, 2],
      Float32Array.from({ length: 14 }, (_, i) => (i >> 1) * (i % 2 ? 10 : 1)),
    );
    const maps = patchUnits(states, 2, 3);
    expect(maps.dims).toEqual([2, 2, 3]);
    expect([...maps.data]).toEqual([1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60]);
    expect(() => patchUnits(states, 3, 3)).toThrow('7 tokens; expected 1 and 3 x 3');
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resize } from '../../tensor/resize.ts';
import { grid, tensor } from '../../tensor/tensor.ts';
import { Random } from '../../world/random.ts';
import { FiringPixels } from './firing.ts';
import { NetDissect } from './netdissect.ts';
import { ThresholdFinder, type Thresholds } from './quantile.ts';
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
const sceneLabels = (scene: number) => {
  const size = 2 * height * width;
  const data = Uint8Array.from(golden.labels.slice(scene * size, (scene + 1) * size));
  return tensor(['category', 'y', 'x'], [2, height, width], data);
};

function dissect(): { readonly result: NetDissect; readonly thresholds: Thresholds } {
  const finder = new ThresholdFinder({ units, count: scenes * rows * columns, quantile: golden.quantile });
  for (let scene = 0; scene < scenes; scene += 1) finder.add(sceneMaps(scene));
  const thresholds = finder.thresholds();
  const result = new NetDissect(categories, thresholds);
  for (let scene = 0; scene < scenes; scene += 1) result.addScene(sceneMaps(scene), sceneLabels(scene));
  return { result, thresholds };
}

describe('NetDissect against NumPy and PyTorch', () => {
  const { result, thresholds } = dissect();
  const table = Array.from({ length: units }, (_, unit) =>
    labelNames
      .map((name, index) => ({ name, iou: golden.iou[unit * labelNames.length + index]! }))
      .sort((a, b) => b.iou - a.iou),
  );

  it('finds the same thresholds', () => {
    golden.thresholds.forEach((value, unit) => {
      expect(thresholds.threshold[unit]).toBeCloseTo(value, 6);
    });
  });

  it('names each unit by its best label, with the runner-up', () => {
    result.rows().forEach((row, unit) => {
      const [best, second] = table[unit]!;
      expect(row.unit).toBe(unit);
      expect(row.iou).toBeCloseTo(best!.iou, 8);
      expect(row.runnerUpIou).toBeCloseTo(second!.iou, 8);
      if (best!.iou > 0) expect([row.concept, row.category]).toEqual([best!.name, best!.name[0]]);
      if (second!.iou > 0) expect(row.runnerUp).toBe(second!.name);
    });
    expect(result.rows()[3]).toMatchObject({ concept: 'b1', dead: false });
    expect(result.rows()[2]).toMatchObject({ concept: '', category: '', iou: 0, dead: true });
  });

  it('ranks inside each category', () => {
    const best = result.byCategory(0);
    expect(best.map(({ category }) => category)).toEqual(['a', 'b']);
    expect(best[0]!.iou).toBeCloseTo(Math.max(...golden.iou.slice(0, 3)), 8);
    expect(best[1]!.iou).toBeCloseTo(Math.max(...golden.iou.slice(3, 5)), 8);
  });

  it('shows the ceiling of a mask of this quantile', () => {
    const all = scenes * height * width;
    const ofB1 = golden.labels.filter(
      (label, i) => label === 1 && Math.floor(i / (height * width)) % 2 === 1,
    ).length;
    expect(result.rows()[3]!.ceiling).toBeCloseTo(Math.min(1, (golden.quantile * all) / ofB1), 12);
  });
});

describe('NetDissect, closed form', () => {
  const one = (value: number) => tensor(['unit', 'y', 'x'], [1, 1, 2], Float32Array.of(value, 0));
  const thresholds: Thresholds = {
    threshold: Float32Array.of(0.5),
    dead: Uint8Array.of(0),
    quantile: 0.005,
    relativeError: 0,
  };
  const maps = (...labels: number[]) => tensor(['category', 'y', 'x'], [2, 1, 2], Uint8Array.from(labels));

  it('counts firing only in images that contain the category', () => {
    const result = new NetDissect(categories, thresholds);
    result.addScene(one(1), maps(2, 0, 0, 0));
    expect(result.rows()[0]).toMatchObject({ concept: 'a2', iou: 1, runnerUp: '', runnerUpIou: 0 });
    // Fires without category a: nothing changes for a2; b1 meets one of one.
    result.addScene(one(1), maps(0, 0, 1, 1));
    expect(result.byCategory(0).map(({ concept, iou }) => [concept, iou])).toEqual([
      ['a2', 1],
      ['b1', 0.5],
    ]);
    // Category a present elsewhere, unit fires beside it: union grows by both.
    result.addScene(one(1), maps(0, 3, 0, 0));
    expect(result.byCategory(0)[0]!.iou).toBe(1 / 2);
    // The unit is silent, the label is there: union grows.
    result.addScene(one(0), maps(2, 2, 0, 0));
    expect(result.rows()[0]).toMatchObject({ concept: 'b1', iou: 1 / 2, runnerUp: 'a2', runnerUpIou: 1 / 4 });
  });

  it('names a label id without a name, and wrong shapes', () => {
    const result = new NetDissect(categories, thresholds);
    expect(() => result.addScene(one(1), maps(0, 0, 3, 0))).toThrow('b: label 3 has no name');
    expect(() =>
      result.addScene(tensor(['unit', 'y', 'x'], [2, 1, 1], new Float32Array(2)), maps(0, 0, 0, 0)),
    ).toThrow('2 units, not 1');
    expect(() => result.byCategory(1)).toThrow('no unit 1');
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
    const out = new Int32Array(toHeight * toWidth);
    for (let round = 0; round < 50; round += 1) {
      const size = fromRows * fromColumns;
      const data = Float32Array.from({ length: 3 * size }, () => random.uniform(-1, 1));
      const threshold = random.uniform(-0.5, 1);
      const count = firing.find(data, size, threshold, out);
      const plain = resize(
        grid(fromRows, fromColumns, data.slice(size, 2 * size)),
        toHeight,
        toWidth,
        'bilinear',
      );
      const expected = [...plain.data.keys()].filter((i) => plain.data[i]! > threshold);
      expect([...out.subarray(0, count)]).toEqual(expected);
    }
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

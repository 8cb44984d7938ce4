import type { DissectionRow } from '../../protocol/jobs.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { FiringPixels } from './firing.ts';
import type { Thresholds } from './quantile.ts';
import type { UnitMaps } from './units.ts';

/** One plane of the label maps: a category and its labels' names; id 0 is "no label", id i is `labels[i - 1]`. */
export interface LabelCategory {
  readonly category: string;
  readonly labels: readonly string[];
}

export type LabelMaps = Tensor<readonly ['category', 'y', 'x'], Uint8Array>;

/** The IoU from which a unit counts as a detector of its label. */
export const detectorIou = 0.04;

/** A unit's best label of one category. */
export interface CategoryBest {
  readonly category: string;
  readonly concept: string;
  readonly iou: number;
  readonly ceiling: number;
}

/**
 * Recipe `netdissect` (Bau et al. 2017). A unit's mask is its bilinearly enlarged activation > threshold (top 0.005
 * quantile over all images and positions); IoU(unit, label) = sum of intersections / sum of unions over the whole data
 * set, counting only images that contain the label's category; each unit is named by its best label. A unit is a
 * detector from IoU {@link detectorIou} on. Ceiling: min(1, quantile / share of all pixels), as a mask of that quantile
 * cannot cover a larger label. Dead units, and units that never met a label, have an empty concept and IoU 0.
 */
export class NetDissect {
  readonly #categories: readonly LabelCategory[];
  readonly #thresholds: Thresholds;
  /** Columns of the tables below: categories one after another, id 0 of each included. */
  readonly #starts: Int32Array;
  readonly #columns: number;
  /** [unit, column] pixels where unit and label meet. */
  readonly #both: Float64Array;
  /** [unit, category] firing pixels in images that contain the category. */
  readonly #firing: Float64Array;
  /** [column] label pixels. */
  readonly #labelled: Float64Array;
  #pixels = 0;
  #finder: { readonly key: string; readonly firing: FiringPixels; readonly out: Int32Array } | undefined;

  constructor(categories: readonly LabelCategory[], thresholds: Thresholds) {
    const units = thresholds.threshold.length;
    this.#categories = categories;
    this.#thresholds = thresholds;
    this.#starts = new Int32Array(categories.length);
    let columns = 0;
    categories.forEach(({ category, labels }, index) => {
      if (labels.length > 255) throw new RangeError(`${category}: ${labels.length} labels, at most 255`);
      this.#starts[index] = columns;
      columns += labels.length + 1;
    });
    this.#columns = columns;
    this.#both = new Float64Array(units * columns);
    this.#firing = new Float64Array(units * categories.length);
    this.#labelled = new Float64Array(columns);
  }

  /** Counts one image. Throws RangeError for other numbers of units or categories, or a label id without a name. */
  addScene(maps: UnitMaps, labels: LabelMaps): void {
    const [planes, height, width] = labels.dims;
    const [units, rows, columns] = maps.dims;
    const { threshold, dead } = this.#thresholds;
    if (planes !== this.#categories.length) {
      throw new RangeError(`${planes} label planes, not ${this.#categories.length}`);
    }
    if (units !== threshold.length) throw new RangeError(`${units} units, not ${threshold.length}`);
    const present = this.#countLabels(labels);
    const { firing, out } = this.#finderFor(rows, columns, height, width);
    const positions = rows * columns;
    for (let unit = 0; unit < units; unit += 1) {
      if (dead[unit] === 1) continue;
      const from = unit * positions;
      if (!exceeds(maps.data, from, from + positions, threshold[unit]!)) continue;
      const count = firing.find(maps.data, from, threshold[unit]!, out);
      this.#countUnit(unit, out, count, labels, present);
    }
    this.#pixels += height * width;
  }

  /** One row a unit, from what has been counted so far: rows firm up as scenes come in. */
  rows(): readonly DissectionRow[] {
    return Array.from(this.#thresholds.threshold, (threshold, unit) => {
      const [best, second] = this.#rank(unit, 0, this.#columns);
      return {
        unit,
        concept: best.name,
        category: best.category,
        iou: best.iou,
        ceiling: best.ceiling,
        threshold,
        runnerUp: second.name,
        runnerUpIou: second.iou,
        dead: this.#thresholds.dead[unit] === 1,
      };
    });
  }

  /** The unit's best label of every category, in the categories' order. */
  byCategory(unit: number): readonly CategoryBest[] {
    if (!(unit >= 0 && unit < this.#thresholds.threshold.length)) throw new RangeError(`no unit ${unit}`);
    return this.#categories.map(({ category, labels }, index) => {
      const start = this.#starts[index]!;
      const [best] = this.#rank(unit, start, start + labels.length + 1);
      return { category, concept: best.name, iou: best.iou, ceiling: best.ceiling };
    });
  }

  /** Adds the scene's label pixels; says which categories it contains. */
  #countLabels({ dims: [planes, height, width], data }: LabelMaps): readonly boolean[] {
    const pixels = height * width;
    const counts = new Float64Array(256);
    const present: boolean[] = [];
    for (let plane = 0; plane < planes; plane += 1) {
      counts.fill(0);
      const end = (plane + 1) * pixels;
      for (let i = plane * pixels; i < end; i += 1) counts[data[i]!] = counts[data[i]!]! + 1;
      const { category, labels } = this.#categories[plane]!;
      for (let id = labels.length + 1; id < 256; id += 1) {
        if (counts[id] !== 0)
          throw new RangeError(`${category}: label ${id} has no name (of ${labels.length})`);
      }
      const start = this.#starts[plane]!;
      for (let id = 1; id <= labels.length; id += 1) {
        this.#labelled[start + id] = this.#labelled[start + id]! + counts[id]!;
      }
      present.push(counts[0] !== pixels);
    }
    return present;
  }

  #countUnit(
    unit: number,
    out: Int32Array,
    count: number,
    labels: LabelMaps,
    present: readonly boolean[],
  ): void {
    const [planes, height, width] = labels.dims;
    const { data } = labels;
    const both = this.#both;
    for (let plane = 0; plane < planes; plane += 1) {
      if (!present[plane]) continue;
      const at = unit * planes + plane;
      this.#firing[at] = this.#firing[at]! + count;
      const column = unit * this.#columns + this.#starts[plane]!;
      const from = plane * height * width;
      for (let i = 0; i < count; i += 1) {
        const cell = column + data[from + out[i]!]!;
        both[cell] = both[cell]! + 1;
      }
    }
  }

  /** Best and second-best label among columns [first, end); on a tie the earlier label wins. */
  #rank(unit: number, first: number, end: number): readonly [Ranked, Ranked] {
    let best = nothing;
    let second = nothing;
    this.#categories.forEach(({ category, labels }, plane) => {
      const start = this.#starts[plane]!;
      if (start < first || start >= end) return;
      const fired = this.#firing[unit * this.#categories.length + plane]!;
      labels.forEach((name, index) => {
        const column = start + index + 1;
        const both = this.#both[unit * this.#columns + column]!;
        if (both === 0) return;
        const labelled = this.#labelled[column]!;
        const iou = both / (fired + labelled - both);
        if (iou <= second.iou) return;
        const ceiling = Math.min(1, (this.#thresholds.quantile * this.#pixels) / labelled);
        const ranked = { name, category, iou, ceiling };
        if (iou > best.iou) {
          second = best;
          best = ranked;
        } else second = ranked;
      });
    });
    return [best, second];
  }

  /** Scenes of one size share weights and the list of pixels. */
  #finderFor(rows: number, columns: number, height: number, width: number) {
    const key = `${rows} ${columns} ${height} ${width}`;
    if (this.#finder?.key !== key) {
      this.#finder = {
        key,
        firing: new FiringPixels(rows, columns, height, width),
        out: new Int32Array(height * width),
      };
    }
    return this.#finder;
  }
}

interface Ranked {
  readonly name: string;
  readonly category: string;
  readonly iou: number;
  readonly ceiling: number;
}

const nothing: Ranked = { name: '', category: '', iou: 0, ceiling: 0 };

function exceeds(data: Float32Array, from: number, end: number, threshold: number): boolean {
  for (let i = from; i < end; i += 1) if (data[i]! > threshold) return true;
  return false;
}

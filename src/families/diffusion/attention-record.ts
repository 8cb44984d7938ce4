/** Gathers the cross-attention maps of a generation, step by step, into one tensor a layer, within a budget of memory. */

import type { Thinning } from '../../protocol/capture.ts';
import type { LayerAttention } from '../../protocol/jobs.ts';
import { tensor } from '../../tensor/tensor.ts';
import { floats, type Value } from '../session.ts';

/** Bytes that the cross-attention maps of one picture may take. */
export const CROSS_BUDGET = 256 * 2 ** 20;

/** Side of the grid that maps are averaged down to where they do not fit: heatmaps are drawn no finer. */
const FINEST = 32;

const THINNINGS: readonly Thinning[] = ['none', 'grid', 'heads'];

/** A pattern to keep: its site's name, and the graph output [image, head, query, token]. */
export interface RecordedTap {
  readonly site: string;
  readonly output: string;
}

export interface RecordOptions {
  /** The picture of the batch whose maps are kept. */
  readonly image?: number;
  readonly budget?: number;
}

export class AttentionRecord {
  readonly #taps: readonly RecordedTap[];
  readonly #steps: number;
  readonly #image: number;
  readonly #budget: number;
  /** Height over width of the latents, which every layer's grid shares. */
  readonly #aspect: number;
  #thinning: Thinning = 'none';
  #layers: ReadonlyMap<string, Layer> | undefined;
  #taken = 0;

  constructor(
    taps: readonly RecordedTap[],
    steps: number,
    latentHeight: number,
    latentWidth: number,
    { image = 0, budget = CROSS_BUDGET }: RecordOptions = {},
  ) {
    this.#image = image;
    this.#budget = budget;
    this.#taps = taps.map(({ site, output }) => ({ site, output }));
    this.#steps = steps;
    this.#aspect = latentHeight / latentWidth;
  }

  /** What was given up so that the maps fit: nothing, cells of grids finer than 32 x 32, or heads too. Known after the first step. */
  get thinning(): Thinning {
    return this.#thinning;
  }

  /** Bytes that are kept. */
  get bytes(): number {
    return [...(this.#layers?.values() ?? [])].reduce((sum, { data }) => sum + data.byteLength, 0);
  }

  /** Takes the captured outputs of the next step. Throws RangeError for a step too many or a map of another size. */
  add(captured: Readonly<Record<string, Value>>): void {
    if (this.#taken >= this.#steps) throw new RangeError(`more than the announced ${this.#steps} steps`);
    this.#layers ??= this.#start(captured);
    for (const { site, output } of this.#taps) {
      const { data } = floats(captured, output);
      const layer = this.#layers.get(site)!;
      const from = this.#image * layer.size;
      if (data.length < from + layer.size || data.length % layer.size !== 0)
        throw new RangeError(`${site}: ${data.length} values, not ${layer.size} a picture`);
      const kept = layer.data.subarray(this.#taken * layer.kept, (this.#taken + 1) * layer.kept);
      const own = data.subarray(from, from + layer.size);
      if (layer.kept === layer.size) kept.set(own);
      else average(own, layer, kept);
    }
    this.#taken++;
  }

  /** All layers in the U-Net's order. Throws RangeError unless every announced step came. The tensors are the record's own. */
  layers(): readonly LayerAttention[] {
    if (this.#taken !== this.#steps) throw new RangeError(`${this.#taken} of ${this.#steps} steps came`);
    return this.#taps.map(({ site }) => {
      const { heads, tokens, gridHeight, gridWidth, pool, meanOfHeads, data } = this.#layers!.get(site)!;
      const [height, width] = [gridHeight / pool, gridWidth / pool];
      const dims = [this.#steps, meanOfHeads ? 1 : heads, height * width, tokens] as const;
      const pattern = tensor(['step', 'head', 'query', 'token'], dims, data);
      return { site, gridHeight: height, gridWidth: width, pattern };
    });
  }

  /** Chooses the first thinning that fits; the last one runs in any case. */
  #start(captured: Readonly<Record<string, Value>>): ReadonlyMap<string, Layer> {
    const shapes = this.#taps.map(({ site, output }) => ({
      site,
      shape: this.#shapeOf(site, floats(captured, output).dims),
    }));
    const planned = (thinning: Thinning) =>
      shapes.map(({ site, shape }) => ({ site, shape, ...thinned(shape, thinning) }));
    const bytes = (thinning: Thinning) =>
      4 * this.#steps * planned(thinning).reduce((sum, { kept }) => sum + kept, 0);
    this.#thinning = THINNINGS.find((thinning) => bytes(thinning) <= this.#budget) ?? 'heads';
    return new Map(
      planned(this.#thinning).map(({ site, shape, ...plan }) => [
        site,
        { ...shape, ...plan, data: new Float32Array(this.#steps * plan.kept) },
      ]),
    );
  }

  #shapeOf(site: string, dims: readonly number[]): Shape {
    const [batch, heads, queries, tokens] = dims;
    if (dims.length !== 4 || !(Number(batch) > this.#image) || !heads || !queries || !tokens) {
      throw new RangeError(`${site}: a pattern of dims [${dims.join(', ')}]`);
    }
    const gridHeight = Math.round(Math.sqrt(queries * this.#aspect));
    const gridWidth = queries / gridHeight;
    if (!Number.isInteger(gridWidth)) throw new RangeError(`${site}: ${queries} queries fill no grid`);
    return { heads, tokens, gridHeight, gridWidth, size: heads * queries * tokens };
  }
}

interface Shape {
  readonly heads: number;
  readonly tokens: number;
  readonly gridHeight: number;
  readonly gridWidth: number;
  /** Values of one step as they come. */
  readonly size: number;
}

interface Plan {
  /** Cells a side that become one. */
  readonly pool: number;
  readonly meanOfHeads: boolean;
  /** Values of one step as they are kept. */
  readonly kept: number;
}

interface Layer extends Shape, Plan {
  readonly data: Float32Array;
}

function thinned({ heads, gridHeight, gridWidth, size }: Shape, thinning: Thinning): Plan {
  const wanted = thinning === 'none' ? 1 : Math.ceil(Math.max(gridHeight, gridWidth) / FINEST);
  // A grid that does not divide evenly stays as it is.
  const pool = gridHeight % wanted === 0 && gridWidth % wanted === 0 ? wanted : 1;
  const meanOfHeads = thinning === 'heads';
  return { pool, meanOfHeads, kept: size / (pool * pool) / (meanOfHeads ? heads : 1) };
}

/** [head, query, token] -> the same of fewer heads or coarser queries: means, so that rows still sum to 1. `kept` is filled. */
function average(
  own: Float32Array,
  { heads, tokens, gridHeight, gridWidth, pool, meanOfHeads }: Layer,
  kept: Float32Array,
): void {
  const width = gridWidth / pool;
  const cells = (gridHeight / pool) * width;
  const share = 1 / (pool * pool * (meanOfHeads ? heads : 1));
  kept.fill(0);
  for (let head = 0, from = 0; head < heads; head++) {
    const first = meanOfHeads ? 0 : head * cells;
    for (let y = 0; y < gridHeight; y++) {
      for (let x = 0; x < gridWidth; x++, from += tokens) {
        const to = (first + Math.floor(y / pool) * width + Math.floor(x / pool)) * tokens;
        for (let token = 0; token < tokens; token++) {
          kept[to + token] = kept[to + token]! + own[from + token]! * share;
        }
      }
    }
  }
}

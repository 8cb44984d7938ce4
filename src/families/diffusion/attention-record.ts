/** Gathers the cross-attention maps of a generation, step by step, into one tensor a layer. */

import type { LayerAttention } from '../../protocol/jobs.ts';
import { tensor } from '../../tensor/tensor.ts';
import { floats, type Value } from '../session.ts';

/** A pattern to keep: its site's name, and the graph output [image, head, query, token]. */
export interface RecordedTap {
  readonly site: string;
  readonly output: string;
}

export class AttentionRecord {
  readonly #taps: readonly RecordedTap[];
  readonly #steps: number;
  /** The picture of the batch whose maps are kept. */
  readonly #image: number;
  /** Height over width of the latents, which every layer's grid shares. */
  readonly #aspect: number;
  readonly #layers = new Map<string, Layer>();
  #taken = 0;

  constructor(
    taps: readonly RecordedTap[],
    steps: number,
    latentHeight: number,
    latentWidth: number,
    image = 0,
  ) {
    this.#image = image;
    this.#taps = taps.map(({ site, output }) => ({ site, output }));
    this.#steps = steps;
    this.#aspect = latentHeight / latentWidth;
  }

  /** Takes the captured outputs of the next step. Throws RangeError for a step too many or a map of another size. */
  add(captured: Readonly<Record<string, Value>>): void {
    if (this.#taken >= this.#steps) throw new RangeError(`more than the announced ${this.#steps} steps`);
    for (const { site, output } of this.#taps) {
      const { dims, data } = floats(captured, output);
      const layer = this.#layers.get(site) ?? this.#start(site, dims);
      const from = this.#image * layer.size;
      if (data.length < from + layer.size || data.length % layer.size !== 0)
        throw new RangeError(`${site}: ${data.length} values, not ${layer.size} a picture`);
      layer.data.set(data.subarray(from, from + layer.size), this.#taken * layer.size);
    }
    this.#taken++;
  }

  /** All layers in the U-Net's order. Throws RangeError unless every announced step came. The tensors are the record's own. */
  layers(): readonly LayerAttention[] {
    if (this.#taken !== this.#steps) throw new RangeError(`${this.#taken} of ${this.#steps} steps came`);
    return this.#taps.map(({ site }) => {
      const { heads, queries, tokens, gridHeight, gridWidth, data } = this.#layers.get(site)!;
      const pattern = tensor(['step', 'head', 'query', 'token'], [this.#steps, heads, queries, tokens], data);
      return { site, gridHeight, gridWidth, pattern };
    });
  }

  #start(site: string, dims: readonly number[]): Layer {
    const [batch, heads, queries, tokens] = dims;
    if (dims.length !== 4 || !(Number(batch) > this.#image) || !heads || !queries || !tokens) {
      throw new RangeError(`${site}: a pattern of dims [${dims.join(', ')}]`);
    }
    const gridHeight = Math.round(Math.sqrt(queries * this.#aspect));
    const gridWidth = queries / gridHeight;
    if (!Number.isInteger(gridWidth)) throw new RangeError(`${site}: ${queries} queries fill no grid`);
    const size = heads * queries * tokens;
    const data = new Float32Array(this.#steps * size);
    const layer = { heads, queries, tokens, gridHeight, gridWidth, size, data };
    this.#layers.set(site, layer);
    return layer;
  }
}

interface Layer {
  readonly heads: number;
  readonly queries: number;
  readonly tokens: number;
  readonly gridHeight: number;
  readonly gridWidth: number;
  /** Values of one step. */
  readonly size: number;
  readonly data: Float32Array;
}

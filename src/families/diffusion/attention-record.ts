/** Gathers the cross-attention maps of a generation, step by step, into one tensor a layer. */

import type { LayerAttention } from '../../protocol/jobs.ts';
import { tensor } from '../../tensor/tensor.ts';
import { floats, type Value } from '../session.ts';
import type { CrossAttentionTap } from './unet.ts';

export class AttentionRecord {
  readonly #taps: readonly CrossAttentionTap[];
  readonly #steps: number;
  /** Height over width of the latents, which every layer's grid shares. */
  readonly #aspect: number;
  readonly #layers = new Map<string, Layer>();
  #taken = 0;

  constructor(taps: readonly CrossAttentionTap[], steps: number, latentHeight: number, latentWidth: number) {
    this.#taps = taps;
    this.#steps = steps;
    this.#aspect = latentHeight / latentWidth;
  }

  /** Takes the captured outputs of the next step. Throws RangeError for a step too many or a map of another size. */
  add(captured: Readonly<Record<string, Value>>): void {
    if (this.#taken >= this.#steps) throw new RangeError(`more than the announced ${this.#steps} steps`);
    for (const { site, output } of this.#taps) {
      const { dims, data } = floats(captured, output);
      const layer = this.#layers.get(site) ?? this.#start(site, dims);
      if (data.length !== layer.size)
        throw new RangeError(`${site}: ${data.length} values, not ${layer.size}`);
      layer.data.set(data, this.#taken * layer.size);
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
    if (dims.length !== 4 || batch !== 1 || !heads || !queries || !tokens) {
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

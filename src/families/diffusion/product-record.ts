/** Gathers what ConceptAttention reads: products of outputs and values, averaged over the steps as they come. */

import type { LayerProducts } from '../../protocol/capture.ts';
import { floats, type Value } from '../session.ts';

export class ProductRecord {
  readonly #taps: readonly { readonly site: string; readonly products: string }[];
  readonly #aspect: number;
  readonly #sums = new Map<string, { readonly queries: number; readonly sum: Float64Array }>();
  #taken = 0;

  constructor(
    taps: readonly { readonly site: string; readonly products: string }[],
    latentHeight: number,
    latentWidth: number,
  ) {
    this.#taps = taps;
    this.#aspect = latentHeight / latentWidth;
  }

  /** Takes a step's captured [1, query, token] of every layer. */
  add(captured: Readonly<Record<string, Value>>): void {
    for (const { site, products } of this.#taps) {
      const { data, dims } = floats(captured, products);
      const known = this.#sums.get(site) ?? { queries: dims[1]!, sum: new Float64Array(data.length) };
      this.#sums.set(site, known);
      for (let i = 0; i < data.length; i++) known.sum[i] = known.sum[i]! + data[i]!;
    }
    this.#taken++;
  }

  layers(): readonly LayerProducts[] {
    return this.#taps.flatMap(({ site }) => {
      const found = this.#sums.get(site);
      if (!found) return [];
      const gridHeight = Math.round(Math.sqrt(found.queries * this.#aspect));
      const products = Float32Array.from(found.sum, (value) => value / this.#taken);
      return [{ site, gridHeight, gridWidth: found.queries / gridHeight, products }];
    });
  }
}

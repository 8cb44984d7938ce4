/** Gathers self-attention within a budget of memory: every layer and head, and as many steps, evenly spaced, as fit. */

import type { SelfAttention } from '../../protocol/capture.ts';
import { fixedPoints, type Value } from '../session.ts';
import type { SelfAttentionTap } from './unet.ts';

/** Bytes that the self-attention of one run may take. */
export const SELF_BUDGET = 64 * 2 ** 20;

export class SelfRecord {
  readonly #taps: readonly (SelfAttentionTap & { readonly queries: number; readonly heads: number })[];
  readonly #aspect: number;
  readonly #kept: readonly number[];
  readonly #layers: readonly Uint16Array[];
  #taken = 0;

  /** Layers whose size the file does not tell are left out. */
  constructor(
    taps: readonly SelfAttentionTap[],
    steps: number,
    latentHeight: number,
    latentWidth: number,
    budget = SELF_BUDGET,
  ) {
    this.#taps = taps.flatMap((tap) => {
      const { queries, heads } = tap;
      return queries === null || heads === null ? [] : [{ ...tap, queries, heads }];
    });
    this.#aspect = latentHeight / latentWidth;
    const perStep = 2 * this.#taps.reduce((sum, { heads, queries }) => sum + heads * queries ** 2, 0);
    const room = Math.min(steps, Math.max(0, Math.floor(budget / Math.max(1, perStep))));
    this.#kept = spaced(steps, room);
    this.#layers = this.#taps.map(({ heads, queries }) => new Uint16Array(room * heads * queries ** 2));
  }

  /** Bytes that are kept. */
  get bytes(): number {
    return this.#layers.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** What has to be fetched at a step. */
  outputs(step: number): readonly string[] {
    return this.#kept.includes(step) ? this.#taps.map(({ output }) => output) : [];
  }

  /** Takes a step's captured outputs; steps that are not kept pass by. */
  add(step: number, captured: Readonly<Record<string, Value>>): void {
    if (this.#kept[this.#taken] !== step) return;
    for (const [index, { output, site, heads, queries }] of this.#taps.entries()) {
      const data = fixedPoints(captured, output);
      const size = heads * queries ** 2;
      if (data.length !== size) throw new RangeError(`${site}: ${data.length} values, not ${size}`);
      this.#layers[index]!.set(data, this.#taken * size);
    }
    this.#taken++;
  }

  layers(): readonly SelfAttention[] {
    return this.#taps.map(({ site, heads, queries }, index) => {
      const gridHeight = Math.round(Math.sqrt(queries * this.#aspect));
      const pattern = this.#layers[index]!;
      return { site, gridHeight, gridWidth: queries / gridHeight, heads, steps: this.#kept, pattern };
    });
  }
}

/** `count` of the indices 0 .. total - 1, evenly spaced, the first and the last among them. */
function spaced(total: number, count: number): readonly number[] {
  if (count >= total) return Array.from({ length: total }, (_, index) => index);
  if (count < 2) return count === 1 ? [total - 1] : [];
  return Array.from({ length: count }, (_, index) => Math.round((index * (total - 1)) / (count - 1)));
}

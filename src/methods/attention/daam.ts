import type { LayerAttention } from '../../protocol/jobs.ts';
import { meanClampedBicubic } from '../../tensor/clamped.ts';
import { type Grid, grid } from '../../tensor/tensor.ts';

/** Which maps enter a heatmap; what is left out is averaged over. */
export interface AttentionSelection {
  /** One layer by its site name. */
  readonly site?: string;
  /** One head by its index in each chosen layer. */
  readonly head?: number;
  /** One denoising step, counted from 0; or the later half of them. */
  readonly step?: number | 'late';
}

export interface Heatmap {
  /** Probability that a position attends to the word, 0 to 1 (bicubic overshoot may pass it by a few percent at peaks). */
  readonly map: Grid;
  /** What a word that means nothing would have everywhere: 1 / tokens. Baseline to be shown beside every value. */
  readonly baseline: number;
}

/**
 * Recipe `daam` (after Tang et al. 2022, "What the DAAM"): the heatmap of a word.
 *
 * Mean over steps and heads at the layer's own grid, bicubic to `height` x `width`, clamp at 0, mean over layers; the
 * word is the mean of its tokens. The original clamps every head and step on its own and sums over steps; averaging
 * first is the same but for overshoot below 0, and the mean keeps the unit a probability. One occurrence of a word is
 * one list of `positions`; occurrences are never merged.
 *
 * `layers`: pattern [step, head, query, token]. Throws RangeError for no layer, an unknown site, or a head, step or
 * position that a chosen layer does not have.
 */
export function daam(
  layers: readonly LayerAttention[],
  positions: readonly number[],
  height: number,
  width: number,
  selection: AttentionSelection = {},
): Heatmap {
  const chosen = chooseLayers(layers, selection.site);
  if (positions.length === 0) throw new RangeError('daam: a word without tokens');
  // Every layer has the word's tokens once, so the mean over both is one mean.
  const maps = chosen.flatMap((layer) => positions.map((position) => tokenMap(layer, position, selection)));
  return { map: meanClampedBicubic(maps, height, width), baseline: 1 / chosen[0]!.pattern.dims[3] };
}

/** Mean attention to one token over the selected steps and heads, at the layer's own grid. Probability. */
export function tokenMap(
  layer: LayerAttention,
  position: number,
  selection: Pick<AttentionSelection, 'head' | 'step'> = {},
): Grid {
  const [steps, heads, queries, tokens] = layer.pattern.dims;
  const { data } = layer.pattern;
  if (layer.gridHeight * layer.gridWidth !== queries) {
    throw new RangeError(
      `${layer.site}: ${queries} queries do not fill ${layer.gridHeight} x ${layer.gridWidth}`,
    );
  }
  const [firstStep, lastStep] =
    selection.step === 'late' ? [laterHalf(steps), steps] : span(layer.site, 'step', selection.step, steps);
  const [firstHead, lastHead] = span(layer.site, 'head', selection.head, heads);
  span(layer.site, 'token', position, tokens);
  const sums = new Float64Array(queries);
  for (let s = firstStep; s < lastStep; s += 1) {
    for (let h = firstHead; h < lastHead; h += 1) {
      let at = (s * heads + h) * queries * tokens + position;
      for (let q = 0; q < queries; q += 1, at += tokens) sums[q] = sums[q]! + data[at]!;
    }
  }
  const share = 1 / ((lastStep - firstStep) * (lastHead - firstHead));
  const means = new Float32Array(queries);
  for (let q = 0; q < queries; q += 1) means[q] = sums[q]! * share;
  return grid(layer.gridHeight, layer.gridWidth, means);
}

/** The first step of the later half, which has the middle one of an odd number. */
export function laterHalf(steps: number): number {
  return Math.floor(steps / 2);
}

/** The layers a selection reads: all, or the one of that site. */
export function chooseLayers(layers: readonly LayerAttention[], site?: string): readonly LayerAttention[] {
  const chosen = site === undefined ? layers : layers.filter((layer) => layer.site === site);
  if (chosen.length === 0)
    throw new RangeError(site === undefined ? 'daam: no layers' : `unknown site: ${site}`);
  const tokens = chosen[0]!.pattern.dims[3];
  for (const layer of chosen) {
    if (layer.pattern.dims[3] !== tokens) {
      throw new RangeError(`${layer.site}: ${layer.pattern.dims[3]} tokens, other layers ${tokens}`);
    }
  }
  return chosen;
}

/** Half-open range of indices: one when chosen, else all. */
function span(
  site: string,
  axis: string,
  index: number | undefined,
  count: number,
): readonly [number, number] {
  if (index === undefined) return [0, count];
  if (!Number.isInteger(index) || index < 0 || index >= count) {
    throw new RangeError(`${site}: no ${axis} ${index} (of ${count})`);
  }
  return [index, index + 1];
}

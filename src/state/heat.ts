import { daam } from '../methods/attention/daam.ts';
import { heatFigures } from '../methods/attention/figures.ts';
import { attentionProfile, type ProfileEntry } from '../methods/attention/profile.ts';
import type { Generation, LayerAttention } from '../protocol/jobs.ts';
import { type Grid, tensor } from '../tensor/tensor.ts';
import type { Chip } from './words.ts';

/** Side of the grid that heatmaps are read on: twice the finest layer's. */
export const HEAT_SIDE = 32;

/** Which maps are averaged: the visitor's choice, already known to exist. */
export interface HeatChoice {
  readonly layer: string;
  readonly head: number | 'mean';
  readonly step: number | 'mean';
}

export interface WordHeat {
  readonly chip: Chip;
  readonly map: Grid;
  readonly peak: number;
  readonly mean: number;
}

export interface Heats {
  /** One for each chip asked for, in their order. */
  readonly words: readonly WordHeat[];
  /** Largest value over all plain words: the common end of the scale. */
  readonly max: number;
  /** 1 / tokens. */
  readonly uniform: number;
}

const reductions = new WeakMap<LayerAttention, Map<string, LayerAttention>>();
const known = new WeakMap<Generation, Map<string, Heats>>();

/**
 * Heatmaps of all chips under a choice of layer, head and step (recipe `daam`). Kept per generation and choice, so that a click
 * on a word computes nothing.
 */
export function heatsOf(generation: Generation, chips: readonly Chip[], choice: HeatChoice): Heats {
  const key = `${choice.layer} ${choice.head} ${choice.step}`;
  return remember(known, generation, key, () => {
    const layers = reduced(generation, choice);
    const words = chips.map((chip): WordHeat => {
      const { map } = daam(layers, chip.positions, HEAT_SIDE, HEAT_SIDE);
      const { peak, mean } = heatFigures(map);
      return { chip, map, peak, mean };
    });
    const plain = words.filter(({ chip }) => chip.special === undefined);
    const max = Math.max(0, ...plain.map(({ peak }) => peak));
    return { words, max, uniform: 1 / (layers[0]?.pattern.dims[3] ?? 1) };
  });
}

/** Attention to one word at every step, for the time line. */
export function stepsOf(generation: Generation, chip: Chip, choice: HeatChoice): readonly ProfileEntry[] {
  const steps = generation.attention[0]?.pattern.dims[0] ?? 0;
  return Array.from({ length: steps }, (_, step) => {
    const [entry] = attentionProfile(reduced(generation, { ...choice, step }), chip.positions, 'step');
    return { key: step, mean: entry?.mean ?? 0, peak: entry?.peak ?? 0 };
  });
}

/** What of a choice the generation does not have; those parts fall back to the mean. */
export function checkChoice(
  generation: Generation,
  choice: HeatChoice,
): { readonly choice: HeatChoice; readonly missing: readonly ('layer' | 'head' | 'step')[] } {
  const layer = choice.layer === 'mean' || generation.attention.some(({ site }) => site === choice.layer);
  const chosen = layer ? choice.layer : 'mean';
  const head = choice.head === 'mean' || choice.head < headCount(generation, chosen);
  const steps = generation.attention[0]?.pattern.dims[0] ?? 0;
  const step = choice.step === 'mean' || choice.step < steps;
  return {
    choice: { layer: chosen, head: head ? choice.head : 'mean', step: step ? choice.step : 'mean' },
    missing: [
      ...(layer ? [] : ['layer' as const]),
      ...(head ? [] : ['head' as const]),
      ...(step ? [] : ['step' as const]),
    ],
  };
}

/** Heads that every one of the chosen layers has. */
export function headCount(generation: Generation, layer: string): number {
  const chosen = generation.attention.filter(({ site }) => layer === 'mean' || site === layer);
  return Math.min(...chosen.map(({ pattern }) => pattern.dims[1]));
}

function reduced(generation: Generation, { layer, head, step }: HeatChoice): readonly LayerAttention[] {
  return generation.attention
    .filter(({ site }) => layer === 'mean' || site === layer)
    .map((entry) => remember(reductions, entry, `${head} ${step}`, () => reduce(entry, head, step)));
}

/**
 * One layer with steps and heads averaged away for all tokens at once: reading memory in its own order is what keeps the first
 * heatmap within a frame. [step, head, query, token] -> [1, 1, query, token].
 */
function reduce(layer: LayerAttention, head: number | 'mean', step: number | 'mean'): LayerAttention {
  const [steps, heads, queries, tokens] = layer.pattern.dims;
  const { data } = layer.pattern;
  const size = queries * tokens;
  const sums = new Float64Array(size);
  let count = 0;
  for (let s = step === 'mean' ? 0 : step; s < (step === 'mean' ? steps : step + 1); s += 1) {
    for (let h = head === 'mean' ? 0 : head; h < (head === 'mean' ? heads : head + 1); h += 1) {
      const start = (s * heads + h) * size;
      for (let i = 0; i < size; i += 1) sums[i] = sums[i]! + data[start + i]!;
      count += 1;
    }
  }
  const means = Float32Array.from(sums, (sum) => sum / count);
  return { ...layer, pattern: tensor(['step', 'head', 'query', 'token'], [1, 1, queries, tokens], means) };
}

function remember<K extends WeakKey, V>(
  store: WeakMap<K, Map<string, V>>,
  owner: K,
  key: string,
  make: () => V,
): V {
  let entries = store.get(owner);
  if (!entries) {
    entries = new Map();
    store.set(owner, entries);
  }
  const found = entries.get(key);
  if (found !== undefined) return found;
  const made = make();
  entries.set(key, made);
  return made;
}

import { daam, laterHalf } from '../methods/attention/daam.ts';
import { heatFigures } from '../methods/attention/figures.ts';
import { outputMaps } from '../methods/attention/outputs.ts';
import { attentionProfile, type ProfileEntry } from '../methods/attention/profile.ts';
import type { Generation, LayerAttention } from '../protocol/jobs.ts';
import { type Grid, tensor } from '../tensor/tensor.ts';
import { type Chip, chipsOf } from './words.ts';

/** Side of the grid that heatmaps are read on: twice the finest layer's. */
export const HEAT_SIDE = 32;

/** The scale reaches at least this many times the uniform share. */
const LEAST_SCALE = 3;

/** Which maps are averaged: the visitor's choice, already known to exist. */
export interface HeatChoice {
  readonly layer: string;
  readonly head: number | 'mean';
  readonly step: number | 'mean' | 'late';
  /** `daam`, or what the attention outputs say (`outputs`), which knows layers only. */
  readonly recipe?: 'daam' | 'outputs';
}

/**
 * What is shown before anything is chosen: the recipe as published. The later half of the steps alone draws the object word sharper
 * (validation prompts: mean IoU 0.71 against 0.69), but lets articles drift: 62% of "a" are flat instead of 86%.
 */
export const USUAL_CHOICE = { layer: 'mean', head: 'mean', step: 'mean' } as const;

export interface WordHeat {
  readonly chip: Chip;
  readonly map: Grid;
  readonly peak: number;
  readonly mean: number;
}

export interface Heats {
  /** One for each chip asked for, in their order. */
  readonly words: readonly WordHeat[];
  /** Common end of the scale: the largest value over all plain words, and at least three times {@link uniform}. */
  readonly max: number;
  /** 1 / tokens. */
  readonly uniform: number;
}

const reductions = new WeakMap<LayerAttention, Map<string, LayerAttention>>();
const outputs = new WeakMap<Generation, Map<string, readonly Grid[]>>();
const maps = new WeakMap<Generation, Map<string, Omit<WordHeat, 'chip'>>>();

/**
 * Heatmaps of chips under a choice of layer, head and step (recipe `daam`). Each is computed once per generation and choice, so
 * that a click on a word computes nothing.
 */
export function heatsOf(generation: Generation, chips: readonly Chip[], choice: HeatChoice): Heats {
  if (choice.recipe === 'outputs') return outputHeats(generation, chips, choice);
  const words = chips.map((chip): WordHeat => ({ chip, ...heatOf(generation, chip, choice) }));
  const plain = words.filter(({ chip }) => chip.special === undefined);
  const uniform = 1 / (generation.attention[0]?.pattern.dims[3] ?? 1);
  // Where no word rises above the uniform share, nothing may look hot.
  const max = Math.max(LEAST_SCALE * uniform, ...plain.map(({ peak }) => peak));
  return { words, max, uniform };
}

/** Recipe `outputs`: shares among all chips that are words. */
function outputHeats(generation: Generation, chips: readonly Chip[], { layer }: HeatChoice): Heats {
  const layers = generation.products.filter(({ site }) => layer === 'mean' || site === layer);
  const tokens = generation.reading.tokens.length;
  const plain = chips.filter(({ special }) => special === undefined);
  const lists = plain.map(({ probe, positions }) => (probe ? positions.map((at) => tokens + at) : positions));
  const key = `outputs ${layer} ${plain.map(({ key: name }) => name).join(' ')}`;
  const found = remember(outputs, generation, key, () => outputMaps(layers, lists, HEAT_SIDE, HEAT_SIDE));
  const words = plain.map((chip, index): WordHeat => {
    const map = found[index]!;
    const { peak, mean } = heatFigures(map);
    return { chip, map, peak, mean };
  });
  return { words, max: 1, uniform: 1 / Math.max(1, plain.length) };
}

function heatOf(
  generation: Generation,
  { positions, probe }: Chip,
  choice: HeatChoice,
): Omit<WordHeat, 'chip'> {
  const { layer, head, step } = choice;
  const key = `${layer} ${head} ${step} ${probe ? '?' : ''}${positions.join(',')}`;
  return remember(maps, generation, key, () => {
    const source = probe ? generation.probeAttention : generation.attention;
    const { map } = daam(reduced(source, choice), positions, HEAT_SIDE, HEAT_SIDE);
    const { peak, mean } = heatFigures(map);
    return { map, peak, mean };
  });
}

/** Attention to one word at every step, for the time line. */
export function stepsOf(generation: Generation, chip: Chip, choice: HeatChoice): readonly ProfileEntry[] {
  const steps = generation.attention[0]?.pattern.dims[0] ?? 0;
  return Array.from({ length: steps }, (_, step) => {
    const source = chip.probe ? generation.probeAttention : generation.attention;
    const [entry] = attentionProfile(reduced(source, { ...choice, step }), chip.positions, 'step');
    return { key: step, mean: entry?.mean ?? 0, peak: entry?.peak ?? 0 };
  });
}

/** What of a choice the generation does not have; those parts fall back to what is usual. */
export function checkChoice(
  generation: Generation,
  choice: HeatChoice,
): { readonly choice: HeatChoice; readonly missing: readonly ('layer' | 'head' | 'step')[] } {
  const layer = choice.layer === 'mean' || generation.attention.some(({ site }) => site === choice.layer);
  const chosen = layer ? choice.layer : 'mean';
  const head = choice.head === 'mean' || choice.head < headCount(generation, chosen);
  const steps = generation.attention[0]?.pattern.dims[0] ?? 0;
  const step = typeof choice.step === 'string' || choice.step < steps;
  return {
    choice: {
      layer: chosen,
      head: head ? choice.head : 'mean',
      step: step ? choice.step : USUAL_CHOICE.step,
    },
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

/**
 * Computes what the first heatmaps need, in slices short enough that the page answers in between: head means of every layer and
 * step, then the maps of all words under the visitor's choice. `rest` lets the page have its turn.
 */
export async function prepareHeats(
  generation: Generation,
  wanted: HeatChoice,
  rest: () => Promise<void>,
): Promise<void> {
  let start = performance.now();
  const pause = async (): Promise<void> => {
    if (performance.now() - start < SLICE_MS) return;
    await rest();
    start = performance.now();
  };
  const { choice } = checkChoice(generation, wanted);
  for (const layer of generation.attention) {
    for (let step = 0; step < layer.pattern.dims[0]; step += 1) {
      await pause();
      stepMean(layer, choice.head, step);
    }
  }
  for (const chip of chipsOf(generation.reading)) {
    await pause();
    if (chip.special === undefined) heatOf(generation, chip, choice);
  }
}

const SLICE_MS = 6;

function reduced(
  layers: readonly LayerAttention[],
  { layer, head, step }: HeatChoice,
): readonly LayerAttention[] {
  return layers
    .filter(({ site }) => layer === 'mean' || site === layer)
    .map((entry) =>
      typeof step === 'string'
        ? remember(reductions, entry, `${head} ${step}`, () => someSteps(entry, head, step))
        : stepMean(entry, head, step),
    );
}

/**
 * One step of one layer with the heads averaged away for all tokens at once, which reads memory in its own order.
 * [step, head, query, token] -> [1, 1, query, token].
 */
function stepMean(layer: LayerAttention, head: number | 'mean', step: number): LayerAttention {
  return remember(reductions, layer, `${head} ${step}`, () => {
    const [, heads, queries, tokens] = layer.pattern.dims;
    const size = queries * tokens;
    const first = head === 'mean' ? 0 : head;
    const count = head === 'mean' ? heads : 1;
    const at = (step * heads + first) * size;
    const mean = layer.pattern.data.slice(at, at + size);
    for (let h = 1; h < count; h += 1)
      add(mean, layer.pattern.data.subarray(at + h * size, at + (h + 1) * size));
    return averaged(layer, mean, count);
  });
}

function someSteps(layer: LayerAttention, head: number | 'mean', which: 'mean' | 'late'): LayerAttention {
  const [steps, , queries, tokens] = layer.pattern.dims;
  const mean = new Float32Array(queries * tokens);
  const first = which === 'late' ? laterHalf(steps) : 0;
  for (let step = first; step < steps; step += 1) add(mean, stepMean(layer, head, step).pattern.data);
  return averaged(layer, mean, steps - first);
}

function add(sum: Float32Array, term: Float32Array): void {
  for (let i = 0; i < sum.length; i += 1) sum[i] = sum[i]! + term[i]!;
}

/** Takes over `sum`. */
function averaged(layer: LayerAttention, sum: Float32Array, count: number): LayerAttention {
  if (count > 1) for (let i = 0; i < sum.length; i += 1) sum[i] = sum[i]! / count;
  const [, , queries, tokens] = layer.pattern.dims;
  return { ...layer, pattern: tensor(['step', 'head', 'query', 'token'], [1, 1, queries, tokens], sum) };
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

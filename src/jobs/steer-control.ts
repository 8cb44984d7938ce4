/** From an edit, as the visitor states it, to what happens at every step: maps, gates, values, scores, and the account of it. */

import type { TextStates } from '../families/diffusion/sampler.ts';
import type { StepControl } from '../families/diffusion/steer-feeds.ts';
import type { CrossAttentionTap, InstrumentedUnet } from '../families/diffusion/unet.ts';
import { type Correspondence, refinement, replacement } from '../methods/attention/steer/alignment.ts';
import { VitrineError } from '../protocol/errors.ts';
import type { PromptReading, PromptWord } from '../protocol/jobs.ts';
import { regionMask } from '../protocol/region.ts';
import type { AccountLine, Edit, StepWindow } from '../protocol/steer.ts';

/** Largest grid whose self-attention is taken over, in positions (Prompt-to-Prompt: 16 x 16 and coarser). */
const SELF_POSITIONS = 256;

export interface SteerControl {
  at(step: number): StepControl;
  /** The target's text at a step. */
  text(step: number): TextStates;
  readonly correspondence: Correspondence;
  readonly account: readonly AccountLine[];
}

export interface SteerTexts {
  readonly source: { readonly reading: PromptReading; readonly states: TextStates };
  readonly target: { readonly reading: PromptReading; readonly states: TextStates };
  /** The hidden prompt of a recolouring. */
  readonly hidden: { readonly reading: PromptReading; readonly states: TextStates } | null;
}

/** Throws `bad-parameter` naming a word that the prompt does not have, or a method that the prompts do not allow. */
export function steerControl(
  edit: Edit,
  { source, target, hidden }: SteerTexts,
  unet: InstrumentedUnet,
  steps: number,
  grid: { readonly height: number; readonly width: number },
): SteerControl {
  const tokens = target.states.tokens;
  const correspondence = correspond(edit, source.reading, target.reading);
  const factor = new Float32Array(tokens).fill(1);
  for (const { word, weight } of edit.weights) {
    for (const position of wordAt(target.reading, word).positions) factor[position] = weight;
  }
  const crossSteps = stepsIn(edit.crossSteps, steps);
  const selfSteps = stepsIn(edit.selfSteps, steps);
  const paintSteps = edit.paint ? stepsIn(edit.paint.steps, steps) : [];
  const selfLayers = unet.selfTaps.filter(({ queries }) => queries !== null && queries <= SELF_POSITIONS);
  const self = new Set(selfLayers.map(({ site }) => site));
  const own = edit.method === 'own' && !edit.recolour;
  const cross = {
    map: correspondence.map,
    // A recolouring keeps the source's pattern whole: only what is read there changes.
    gate: own ? new Float32Array(tokens) : correspondence.gate,
    factor,
    renormalise: edit.renormalise,
  };
  const weighted = edit.weights.some(({ weight }) => weight !== 1);
  const active = !own || weighted || edit.renormalise;
  const swapped = hidden && edit.recolour ? swap(edit.recolour, source, hidden) : null;
  const addends = edit.paint ? painted(edit.paint, target.reading, unet, grid) : null;
  const inCross = new Set(crossSteps);
  const inSelf = new Set(selfSteps);
  const inPaint = new Set(paintSteps);
  return {
    correspondence,
    at: (step) => ({
      cross: active && inCross.has(step) ? cross : null,
      self: inSelf.has(step) ? self : new Set(),
      addend: addends && inPaint.has(step) ? (layer) => addends.get(layer.site)! : null,
    }),
    text: (step) => (swapped ? (inCross.has(step) ? swapped.states : source.states) : target.states),
    account: account(),
  };

  function account(): readonly AccountLine[] {
    const named = (positions: readonly number[]) =>
      positions.map((position) => ({ position, text: target.reading.tokens[position]!.text }));
    const all = Array.from({ length: tokens }, (_, position) => position);
    const crossLayers = unet.taps.map(({ site }) => site);
    const lines: AccountLine[] = [
      {
        what: 'maps',
        layers: crossLayers,
        steps: own ? [] : crossSteps,
        tokens: cross.gate.includes(0) ? named(all.filter((position) => cross.gate[position] !== 0)) : [],
      },
      {
        what: 'weights',
        layers: crossLayers,
        steps: weighted ? crossSteps : [],
        tokens: named(all.filter((position) => factor[position] !== 1)),
      },
      { what: 'self', layers: [...self], steps: selfSteps, tokens: [] },
      {
        what: 'values',
        layers: crossLayers,
        steps: swapped ? crossSteps : [],
        tokens: named(swapped?.positions ?? []),
      },
      {
        what: 'scores',
        layers: addends ? [...addends.keys()] : [],
        steps: paintSteps,
        tokens: named(edit.paint?.words.flatMap((word) => wordAt(target.reading, word).positions) ?? []),
      },
      {
        what: 'latents',
        layers: [],
        steps: edit.blend !== null || edit.within !== null ? stepsIn([0, 1], steps) : [],
        tokens: edit.blend === null ? [] : named(wordAt(target.reading, edit.blend).positions),
      },
    ];
    return lines.filter(({ steps: found }) => found.length > 0);
  }
}

/** The steps of a window, counted from 0: step i is in when i / steps lies in it. */
export function stepsIn([from, to]: StepWindow, steps: number): readonly number[] {
  return Array.from({ length: steps }, (_, step) => step).filter(
    (step) => step / steps >= from - 1e-9 && step / steps < to - 1e-9,
  );
}

export function wordAt(reading: PromptReading, index: number): PromptWord {
  const word = reading.words[index];
  if (!word) {
    const allowed = `0 to ${reading.words.length - 1}`;
    throw new VitrineError('bad-parameter', `the prompt has no word ${index}`, { name: 'word', allowed });
  }
  return word;
}

function correspond(edit: Edit, source: PromptReading, target: PromptReading): Correspondence {
  if (edit.method !== 'replace') return refinement(source, target);
  if (source.words.length !== target.words.length) {
    const allowed = `${source.words.length} words, as the first prompt has`;
    throw new VitrineError('bad-parameter', 'replace needs prompts of equally many words', {
      name: 'prompt',
      allowed,
    });
  }
  return replacement(source, target);
}

/** Recipe A: the word's own values. Recipe B: all from the word to the end, because a causal encoder tells every later token. */
function swap(
  { word, recipe }: NonNullable<Edit['recolour']>,
  source: SteerTexts['source'],
  hidden: NonNullable<SteerTexts['hidden']>,
): { readonly states: TextStates; readonly positions: readonly number[] } {
  const { positions } = wordAt(source.reading, word);
  const other = wordAt(hidden.reading, word).positions;
  if (positions.length !== other.length) {
    const allowed = `a word of ${positions.length} tokens`;
    throw new VitrineError('bad-parameter', 'the other colour is read as more or fewer tokens', {
      name: 'recolour',
      allowed,
    });
  }
  const { tokens, width } = source.states;
  const first = positions[0]!;
  const swapped = Array.from(
    { length: recipe === 'A' ? positions.length : tokens - first },
    (_, at) => first + at,
  );
  const data = source.states.data.slice();
  for (const position of swapped) {
    data.set(hidden.states.data.subarray(position * width, (position + 1) * width), position * width);
  }
  return { states: { tokens, width, data }, positions: swapped };
}

/** By layer: what is added to its scores, [query, token]. */
function painted(
  { words, region, strength }: NonNullable<Edit['paint']>,
  reading: PromptReading,
  { taps }: InstrumentedUnet,
  { height, width }: { readonly height: number; readonly width: number },
): ReadonlyMap<string, Float32Array> {
  const positions = words.flatMap((word) => wordAt(reading, word).positions);
  const tokens = reading.tokens.length;
  const known = taps.filter((tap): tap is CrossAttentionTap & { queries: number } => tap.queries !== null);
  return new Map(
    known.map(({ site, queries }) => {
      const rows = Math.round(Math.sqrt((queries * height) / width));
      const mask = regionMask(region, rows, queries / rows);
      const addend = new Float32Array(queries * tokens);
      mask.data.forEach((inside, query) => {
        for (const position of positions) addend[query * tokens + position] = inside ? strength : -strength;
      });
      return [site, addend];
    }),
  );
}

/** What a visitor takes from the model, as edits of its runs. */

import type { Rgb8 } from '../families/contrastive/resample.ts';
import type { ImageFeatures, SeenStates } from '../families/generative/bridge.ts';
import type { DecoderEdits } from '../families/generative/run-decoder.ts';
import type { Intervention, SequenceToken } from '../protocol/ask.ts';
import { VitrineError } from '../protocol/errors.ts';
import {
  type GenerativeModel,
  heatGrid,
  imageFeatures,
  seeStates,
  tokensByPlace,
} from './generative-model.ts';

export const NOTHING: Intervention = { patches: [], heads: [], edges: [] };

/** Image tokens of a picture with some patches replaced by the mean one: states before a Q-Former, tokens after a projector. */
export async function maskedFeatures(
  model: GenerativeModel,
  picture: Rgb8,
  patches: readonly number[],
): Promise<ImageFeatures> {
  const states = await seeStates(model, [picture]);
  if (patches.length === 0) return imageFeatures(model, states);
  return maskRows(model, states, [patches]);
}

/** One row for each set of patches: the picture's image tokens with that set replaced. `states` are of one picture. */
export async function maskRows(
  model: GenerativeModel,
  states: SeenStates,
  sets: readonly (readonly number[])[],
): Promise<ImageFeatures> {
  const [, positions = 0, channels = 0] = states.dims;
  if (model.bridge && model.bridge.maps.length > 0) {
    const grid = model.config.grid;
    // The class token, where there is one, comes first.
    const first = positions - grid * grid;
    const data = replaceRows(states.data, positions, channels, first, sets);
    return imageFeatures(model, { dims: [sets.length, positions, channels], data, parts: null });
  }
  const whole = await imageFeatures(model, states);
  checkPatches(sets.flat(), heatGrid(model, whole) ** 2);
  const places = tokensByPlace(model, whole);
  const tokens = places ? sets.map((set) => set.flatMap((place) => places[place]!)) : sets;
  const data = replaceRows(whole.data, whole.tokens, whole.width, 0, tokens);
  return { ...whole, batch: sets.length, data };
}

/** Rows `first` and after of [position, channel], some replaced by their common mean; one copy for each set. */
export function replaceRows(
  data: Float32Array,
  positions: number,
  channels: number,
  first: number,
  sets: readonly (readonly number[])[],
): Float32Array {
  checkPatches(sets.flat(), positions - first);
  const mean = new Float64Array(channels);
  for (let p = first; p < positions; p++) {
    for (let c = 0; c < channels; c++) mean[c] = mean[c]! + data[p * channels + c]! / (positions - first);
  }
  const size = positions * channels;
  const out = new Float32Array(sets.length * size);
  sets.forEach((patches, row) => {
    out.set(data.subarray(0, size), row * size);
    for (const patch of patches) out.set(mean, row * size + (first + patch) * channels);
  });
  return out;
}

function checkPatches(patches: readonly number[], count: number): void {
  const wrong = patches.find((patch) => !Number.isInteger(patch) || patch < 0 || patch >= count);
  if (wrong !== undefined) {
    throw new VitrineError('bad-parameter', `no patch ${wrong}`, {
      name: 'patches',
      allowed: `0 to ${count - 1}`,
    });
  }
}

/** Edits of a run over the first `length` positions of prompt and answer; the last prompt position predicts, so it counts as answer. */
export function editsOf(
  model: GenerativeModel,
  intervention: Intervention,
  prompt: readonly SequenceToken[],
): (length: number) => DecoderEdits {
  const { blocks } = model.decoder;
  for (const { block, head } of intervention.heads) {
    const heads = blocks[block]?.heads ?? 0;
    if (head >= heads) {
      throw new VitrineError('bad-parameter', `no head ${head} in block ${block}`, {
        name: 'heads',
        allowed: `${blocks.length} blocks of ${blocks[0]?.heads ?? 0}`,
      });
    }
  }
  const of = (role: SequenceToken['role']) =>
    prompt.filter((token) => token.role === role).map(({ position }) => position);
  const from = { image: of('image'), question: of('question') };
  return (length) => ({
    heads: intervention.heads,
    edges: intervention.edges.map(({ from: source, to, blocks: [first, last] }) => ({
      blocks: blocks.map(({ block }) => block).filter((block) => block >= first && block <= last),
      from: from[source],
      to:
        to === 'question'
          ? from.question
          : Array.from({ length: length - prompt.length + 1 }, (_, i) => prompt.length - 1 + i),
    })),
  });
}

/** Activation patching between exact counterfactuals: does one layer, at few positions, carry the answer. */

import type { GenerativeModel } from '../../jobs/generative-model.ts';
import { drawSeed } from '../../jobs/scenes.ts';
import { patchStates, tracePair } from '../../jobs/trace.ts';
import { COLOUR_NAMES } from '../../world/catalogue.ts';
import type { Random } from '../../world/random.ts';
import { cellCover, type Item, thingMask } from './items.ts';

export interface Place {
  readonly block: number;
  readonly at: 'object' | 'last';
}

/** At most this share of the image tokens is patched. */
const SHARE = 0.15;

/** Two runs of one question on a scene and its repainted twin, both answered right. */
export interface Pair {
  readonly traced: Awaited<ReturnType<typeof tracePair>>;
  /** Image positions on the object, the most covered first, at most {@link SHARE} of all; empty behind a Q-Former. */
  readonly object: readonly number[];
  readonly elsewhere: readonly number[];
}

/** Null when either run answers wrong or both the same. */
export async function patchPair(model: GenerativeModel, item: Item, random: Random): Promise<Pair | null> {
  const drawn = drawSeed(item.seed, model.config.imageSize);
  const own = item.answer;
  const color = random.pick(COLOUR_NAMES.filter((name) => name !== own));
  const { question, seed, subject } = item;
  try {
    const traced = await tracePair(model, {
      source: { image: { kind: 'scene', seed }, question },
      target: { image: { kind: 'variant', seed, thing: subject, color }, question },
    });
    if (model.tokenizer.token(traced.before) !== own || model.tokenizer.token(traced.after) !== color)
      return null;
    const { positions, grid } = traced.target;
    if (positions.length !== grid * grid) return { traced, object: [], elsewhere: [...positions] };
    const cover = cellCover(thingMask(drawn, [subject]), grid);
    const order = positions.map((_, patch) => patch).sort((a, b) => cover[b]! - cover[a]!);
    const most = Math.floor(SHARE * positions.length);
    const object = order.filter((patch) => cover[patch]! > 0.1).slice(0, most);
    const elsewhere = order.filter((patch) => cover[patch] === 0);
    return {
      traced,
      object: object.map((patch) => positions[patch]!),
      elsewhere: random.shuffle(elsewhere).map((patch) => positions[patch]!),
    };
  } catch (error) {
    if (error instanceof Error && error.message === 'both runs answer the same') return null;
    throw error;
  }
}

/** Whether the target's answer becomes the source's. `control`: as many image positions off the object. */
export async function flips(
  model: GenerativeModel,
  pair: Pair,
  place: Place,
  control: boolean,
): Promise<boolean> {
  const { source, target, before } = pair.traced;
  const chosen = place.at === 'last' ? [target.sequence.length - 1] : pair.object;
  const positions = control ? pair.elsewhere.slice(0, chosen.length) : chosen;
  if (positions.length === 0) return false;
  const [logits] = await patchStates(model, source, target, place.block, [positions]);
  return logits!.indexOf(Math.max(...logits!)) === before;
}

/** Places that may be chosen: object positions after any block, the last position no later than two thirds of depth. */
export function places(model: GenerativeModel): readonly Place[] {
  const blocks = model.decoder.blocks.map(({ block }) => block);
  const spatial = !(model.bridge && model.bridge.maps.length > 0);
  return [
    ...(spatial ? blocks.map((block) => ({ block, at: 'object' as const })) : []),
    ...blocks
      .filter((block) => block + 1 <= (2 / 3) * blocks.length)
      .map((block) => ({ block, at: 'last' as const })),
  ];
}

/** Activation patching between exact counterfactuals: does one layer, at few positions, carry the answer. */

import type { GenerativeModel } from '../../jobs/generative-model.ts';
import { drawSeed } from '../../jobs/scenes.ts';
import { patchSeen, patchStates, tracePair } from '../../jobs/trace.ts';
import { COLOUR_NAMES } from '../../world/catalogue.ts';
import type { Random } from '../../world/random.ts';
import { cellCover, type Item, thingMask } from './items.ts';

/** `object`: image tokens on the object; `last`: the last position; `seen`: patches on the object, before the bridge reads them. */
export interface Place {
  /** Counted from 0; -1 for the vision tower's last layer. */
  readonly block: number;
  readonly at: 'object' | 'last' | 'seen';
}

/** At most this share of the image tokens is patched. */
const SHARE = 0.15;

/** Two runs of one question on a scene and its repainted twin, both answered right. */
export interface Pair {
  readonly traced: Awaited<ReturnType<typeof tracePair>>;
  /** Patches on the object, the most covered first, at most {@link SHARE} of all, and those off it. */
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
    const { grid } = traced.target;
    const cover = cellCover(thingMask(drawn, [subject]), grid);
    const order = Array.from(cover, (_, patch) => patch).sort((a, b) => cover[b]! - cover[a]!);
    const most = Math.floor(SHARE * cover.length);
    const object = order.filter((patch) => cover[patch]! > 0.1).slice(0, most);
    const elsewhere = order.filter((patch) => cover[patch] === 0);
    return { traced, object, elsewhere: random.shuffle(elsewhere) };
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
  const count = place.at === 'last' ? 1 : pair.object.length;
  const patches = (control ? pair.elsewhere : pair.object).slice(0, count);
  if (place.at !== 'last' && patches.length === 0) return false;
  let logits: Float32Array | undefined;
  if (place.at === 'seen') [logits] = await patchSeen(model, source, target, [patches]);
  else {
    // Behind a Q-Former image tokens lie nowhere: any of them is off the object.
    const images = patches.map((patch) => target.positions[patch % target.positions.length]!);
    const positions = place.at === 'last' && !control ? [target.sequence.length - 1] : images;
    [logits] = await patchStates(model, source, target, place.block, [positions]);
  }
  return logits!.indexOf(Math.max(...logits!)) === before;
}

/** Places that may be chosen: the object's image tokens after any block, or its patches before a Q-Former; the last position no later than two thirds of depth. */
export function places(model: GenerativeModel): readonly Place[] {
  const blocks = model.decoder.blocks.map(({ block }) => block);
  const spatial = !(model.bridge && model.bridge.maps.length > 0);
  return [
    ...(spatial
      ? blocks.map((block) => ({ block, at: 'object' as const }))
      : [{ block: -1, at: 'seen' } as const]),
    ...blocks
      .filter((block) => block + 1 <= (2 / 3) * blocks.length)
      .map((block) => ({ block, at: 'last' as const })),
  ];
}

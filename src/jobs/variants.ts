/** Exact counterfactuals: a scene of the world with one thing changed and every other pixel's cause the same. */

import { VitrineError } from '../protocol/errors.ts';
import type { ImageSource } from '../protocol/image.ts';
import { COLOUR_NAMES } from '../world/catalogue.ts';
import { recolour, withoutThing } from '../world/counterfactual.ts';
import { type Drawing, drawScene } from '../world/draw.ts';
import type { Scene } from '../world/graph.ts';
import { sampleScene } from '../world/scene.ts';

type Variant = Extract<ImageSource, { kind: 'variant' }>;

export function drawVariant(variant: Variant, size: number): Drawing {
  return drawScene(variantScene(variant), size);
}

/** Throws `bad-parameter` for a thing or a colour that is not there. */
export function variantScene({ seed, thing, color }: Variant): Scene {
  const scene = sampleScene(seed);
  if (!scene.things.some(({ id }) => id === thing)) {
    const allowed = scene.things.map(({ id }) => id).join(', ');
    throw new VitrineError('bad-parameter', `scene ${seed} has no thing ${thing}`, {
      name: 'thing',
      allowed,
    });
  }
  if (color === null) return withoutThing(scene, thing);
  const known = COLOUR_NAMES.find((name) => name === color);
  if (!known) {
    const allowed = COLOUR_NAMES.join(', ');
    throw new VitrineError('bad-parameter', `no colour ${color}`, { name: 'color', allowed });
  }
  return recolour(scene, thing, known);
}

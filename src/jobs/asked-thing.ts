/** The thing of a drawn scene that a question names, and the picture with that thing in another colour. */

import { VitrineError } from '../protocol/errors.ts';
import type { ImageSource } from '../protocol/image.ts';
import { type Scene, sampleScene, type Thing } from '../world/scene.ts';

/** The first thing whose kind is a word of the question; "the man" and a shirt are the person's, and where no car stands a taxi is the car. */
export function askedThing(scene: Scene, question: string): Thing | undefined {
  const words = question.toLowerCase().split(/\W+/);
  const named = (kind: string): boolean =>
    words.includes(kind) || (kind === 'person' && (words.includes('man') || words.includes('shirt')));
  const taxi = words.includes('car') ? scene.things.find(({ kind }) => kind === 'taxi') : undefined;
  return scene.things.find(({ kind }) => named(kind)) ?? taxi;
}

/** The picture as it is for null. Throws `bad-parameter` for what is no drawn scene, and for a question that names nothing in it. */
export function repainted(image: ImageSource, question: string, color: string | null): ImageSource {
  if (color === null) return image;
  if (image.kind !== 'scene') {
    throw new VitrineError('bad-parameter', 'only a drawn scene can be repainted', {
      name: 'repaint',
      allowed: 'a drawn scene',
    });
  }
  const scene = sampleScene(image.seed);
  const thing = askedThing(scene, question);
  if (!thing) {
    throw new VitrineError('bad-parameter', 'the question names nothing in the scene', {
      name: 'question',
      allowed: scene.things.map(({ kind }) => kind).join(', '),
    });
  }
  return { kind: 'variant', seed: image.seed, thing: thing.id, color };
}

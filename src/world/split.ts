import type { Colour, Kind, Place } from './catalogue.ts';

/**
 * Train and held-out scenes are disjoint by construction: the split is the generator's stream number, so the same
 * seed gives unrelated scenes in the two splits. The pairs below never occur in a train scene, so that held-out scenes
 * can measure whether a model composes what it has only seen apart.
 */
export type Split = 'train' | 'heldout';
export const SPLIT_STREAMS = { train: 1, heldout: 2 } as const satisfies Record<Split, number>;

export const UNSEEN_COLOURS: readonly (readonly [Colour, Kind])[] = [
  ['purple', 'car'],
  ['green', 'dog'],
  ['pink', 'boat'],
  ['blue', 'tree'],
  ['orange', 'house'],
  ['red', 'cat'],
  ['white', 'kite'],
  ['yellow', 'bird'],
  ['green', 'taxi'],
  ['pink', 'truck'],
  ['blue', 'mushroom'],
  ['red', 'duck'],
  ['purple', 'bench'],
  ['orange', 'umbrella'],
];

export const UNSEEN_PLACES: readonly (readonly [Kind, Place])[] = [
  ['bus', 'beach'],
  ['cat', 'sea'],
  ['boat', 'city'],
  ['flower', 'road'],
  ['house', 'desert'],
  ['ball', 'lawn'],
  ['plane', 'city'],
  ['tower', 'beach'],
  ['duck', 'desert'],
  ['bench', 'sea'],
];

export function isUnseenColour(kind: Kind, color: Colour): boolean {
  return UNSEEN_COLOURS.some((pair) => pair[0] === color && pair[1] === kind);
}

export function isUnseenPlace(kind: Kind, place: Place): boolean {
  return UNSEEN_PLACES.some((pair) => pair[0] === kind && pair[1] === place);
}

/** Whether a scene holds a colour-object or object-place pair that no train scene holds. */
export function unseenCombination(scene: {
  readonly place: Place;
  readonly things: readonly { readonly kind: Kind; readonly color: Colour }[];
}): boolean {
  return scene.things.some(
    ({ kind, color }) => isUnseenColour(kind, color) || isUnseenPlace(kind, scene.place),
  );
}

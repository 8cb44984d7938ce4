/** The settings that the page and the evaluation give an edit: the best on validation prompts. */

import type { Edit, Region, StepWindow } from './steer.ts';

/** How hard a painted map is pushed, and how long: before the picture's details. */
export const PAINT_STRENGTH = 8;
const PAINT_STEPS: StepWindow = [0, 0.6];

/**
 * Another word's values read with the prompt unchanged: the first picture's maps and composition are kept throughout, and all of it
 * outside of the word's own map.
 */
export function recolourEdit(recolour: NonNullable<Edit['recolour']>): Partial<Edit> {
  return { recolour, crossSteps: [0, 1], selfSteps: [0, 1], blend: recolour.word };
}

/** Words pushed into a region. Self-attention is the second picture's own: that of the first would hold the thing where it is. */
export function paintEdit(
  words: readonly number[],
  region: Region,
  strength = PAINT_STRENGTH,
): Partial<Edit> {
  return { paint: { words, region, strength, steps: PAINT_STEPS }, selfSteps: [0, 0] };
}

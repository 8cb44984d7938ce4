/** The fixed edits that steering is judged by. */

import type { Edit } from '../protocol/steer.ts';

/** The first picture again. */
export const NEUTRAL_EDIT: Edit = {
  prompt: '',
  method: 'refine',
  crossSteps: [0, 1],
  selfSteps: [0, 0.4],
  weights: [],
  renormalise: false,
  blend: null,
  recolour: null,
  paint: null,
  within: null,
};

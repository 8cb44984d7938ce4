import type { PaintingJobs } from './painting.ts';
import { type Fields, integer, name, number, seed, text } from './validation-fields.ts';
import { units } from './validation-neurons.ts';
import { region, stepWindow } from './validation-steer.ts';

/** What the brush for units may be asked. */
export const paintingValidators: {
  readonly [K in keyof PaintingJobs]: (params: Fields) => PaintingJobs[K]['params'];
} = {
  paintUnits: (params) => ({
    model: name(params, 'model'),
    site: name(params, 'site'),
    units: units(params.units),
    region: region(params.region, 'region'),
    prompt: text(params, 'prompt', 2000),
    seed: seed(params, 'seed'),
    steps: integer(params, 'steps', 1, 50),
    guidance: number(params, 'guidance', 1, 20),
    strength: number(params, 'strength', 0, 50),
    during: stepWindow(params.during, 'during'),
    concept: text(params, 'concept', 200),
    judge: name(params, 'judge'),
    sets: integer(params, 'sets', 1, 10_000),
  }),
};

import type { ClassifyJobs } from './classify.ts';
import type { NeuronJobs } from './neurons.ts';
import { dissectionValidators } from './validation-dissection.ts';
import { bad, type Fields, fields, integer, name, number, seed, strings, text } from './validation-fields.ts';
import { image } from './validation-image.ts';

const { dissect } = dissectionValidators;

/** What the neurons page may ask beyond a dissection. */
export const neuronValidators: {
  readonly [K in keyof (NeuronJobs & ClassifyJobs)]: (
    params: Fields,
  ) => (NeuronJobs & ClassifyJobs)[K]['params'];
} = {
  surveyLayers: (params) => {
    const sites = strings(params, 'sites', 500, 200);
    const [first] = sites;
    if (first === undefined) throw bad('sites', 'at least one layer', sites);
    const { site: _, data: _data, weights: _weights, ...rest } = dissect({ ...params, site: first });
    return { ...rest, sites };
  },
  unitEvidence: (params) => ({
    ...dissect(params),
    unit: integer(params, 'unit', 0, 1_000_000),
    threshold: number(params, 'threshold', -Number.MAX_VALUE, Number.MAX_VALUE),
    concept: text(params, 'concept', 200),
    category: text(params, 'category', 200),
    ...(params.foundOn === undefined ? {} : { foundOn: integer(params, 'foundOn', 1, 100_000) }),
  }),
  referee: (params) => ({
    model: name(params, 'model'),
    site: name(params, 'site'),
    units: units(params.units),
    concept: text(params, 'concept', 200),
    scenes: integer(params, 'scenes', 2, 10_000),
    seed: seed(params, 'seed'),
    sets: integer(params, 'sets', 1, 10_000),
    ...(params.judge === undefined ? {} : { judge: name(params, 'judge') }),
  }),
  classify: (params) => ({
    model: name(params, 'model'),
    image: image(fields(params.image, 'image')),
    top: integer(params, 'top', 1, 1000),
  }),
  pictureUnits: (params) => ({
    model: name(params, 'model'),
    site: name(params, 'site'),
    image: image(fields(params.image, 'image')),
    ...(params.noise === undefined ? {} : { noise: number(params, 'noise', 0, 1) }),
  }),
};

export function units(list: unknown): readonly number[] {
  if (!Array.isArray(list) || list.length === 0 || list.length > 10_000) {
    throw bad('units', '1 to 10,000 units', list);
  }
  return list.map((unit: unknown) => integer({ units: unit }, 'units', 0, 1_000_000));
}

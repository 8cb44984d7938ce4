import type { Jobs } from './jobs.ts';
import { bad, type Fields, fields, integer, name, number, seed, strings, text } from './validation-fields.ts';

/** Validators of the neurons page's own jobs, out of those of a dissection and of a picture. */
export function neuronValidators(
  dissect: (params: Fields) => Jobs['dissect']['params'],
  image: (source: Fields) => Jobs['explain']['params']['image'],
): {
  readonly [K in 'surveyLayers' | 'pictureUnits' | 'unitEvidence' | 'referee']: (
    params: Fields,
  ) => Jobs[K]['params'];
} {
  return {
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
    }),
    referee: (params) => ({
      model: name(params, 'model'),
      site: name(params, 'site'),
      units: units(params.units),
      concept: text(params, 'concept', 200),
      scenes: integer(params, 'scenes', 2, 10_000),
      seed: seed(params, 'seed'),
      sets: integer(params, 'sets', 1, 10_000),
    }),
    pictureUnits: (params) => ({
      model: name(params, 'model'),
      site: name(params, 'site'),
      image: image(fields(params.image, 'image')),
    }),
  };
}

function units(list: unknown): readonly number[] {
  if (!Array.isArray(list) || list.length === 0 || list.length > 10_000) {
    throw bad('units', '1 to 10,000 units', list);
  }
  return list.map((unit: unknown) => integer({ units: unit }, 'units', 0, 1_000_000));
}

import { VECTOR_KINDS } from './concepts.ts';
import type { JobKind, Jobs } from './jobs.ts';
import { askValidators } from './validation-ask.ts';
import { conceptValidators, headNames } from './validation-concepts.ts';
import { dissectionValidators } from './validation-dissection.ts';
import {
  bad,
  type Fields,
  fields,
  integer,
  name,
  number,
  oneOf,
  prompt,
  seed,
  strings,
  templates,
} from './validation-fields.ts';
import { image } from './validation-image.ts';
import { libraryValidators } from './validation-library.ts';
import { namingValidators } from './validation-naming.ts';
import { neuronValidators } from './validation-neurons.ts';
import { paintingValidators } from './validation-painting.ts';
import { edit } from './validation-steer.ts';

/** Longest side of a picture that may cross the thread boundary, in pixels; the page reduces larger ones first. */
export const maxImageSide = 4096;

/** Longest prompt, in characters: far beyond any model's token limit, short enough to tokenise at once. */
export const maxPromptLength = 2000;

/**
 * Checks what came over the thread boundary and returns only the known fields. Throws `bad-prompt`, `bad-image`, or
 * `bad-parameter` with `detail.name` and `detail.allowed`; never coerces.
 */
export function validate<K extends JobKind>(kind: K, params: unknown): Jobs[K]['params'] {
  if (!Object.hasOwn(validators, kind)) throw bad('kind', Object.keys(validators).join(', '), kind);
  return validators[kind](fields(params, 'params'));
}

const validators: { readonly [K in JobKind]: (params: Fields) => Jobs[K]['params'] } = {
  generate,
  inspect: (params) => ({
    ...generate(params),
    image: image(fields(params.image, 'image')),
    noise: number(params, 'noise', 0.01, 1),
    by: oneOf(params, 'by', ['noise', 'inversion']),
  }),
  steer: (params) => ({ ...generate(params), edit: edit(fields(params.edit, 'edit')) }),
  explain: (params) => ({
    model: name(params, 'model'),
    image: image(fields(params.image, 'image')),
    prompt: prompt(params),
    concepts: strings(params, 'concepts', 500, 200),
    vectors: oneOf(params, 'vectors', VECTOR_KINDS),
    ...templates(params),
    without: headNames(params, 'without'),
  }),
  gallery: (params) => ({ seeds: seeds(params), size: integer(params, 'size', 16, 1024) }),
  readPrompt: (params) => ({ model: name(params, 'model'), prompt: prompt(params) }),
  sites: (params) => ({
    model: name(params, 'model'),
    ...(params.of === undefined ? {} : { of: oneOf(params, 'of', ['units']) }),
  }),
  ...conceptValidators,
  ...dissectionValidators,
  ...libraryValidators,
  ...askValidators,
  ...neuronValidators,
  ...namingValidators,
  ...paintingValidators,
};

function generate(params: Fields): Jobs['generate']['params'] {
  return {
    model: name(params, 'model'),
    prompt: prompt(params),
    seed: seed(params, 'seed'),
    steps: integer(params, 'steps', 1, 50),
    guidance: number(params, 'guidance', 1, 20),
    ...(params.probes !== undefined && { probes: strings(params, 'probes', 12, 60) }),
  };
}

function seeds(params: Fields): readonly number[] {
  const list = params.seeds;
  if (!Array.isArray(list) || list.length > 256) throw bad('seeds', 'a list of at most 256 seeds', list);
  return list.map((value: unknown) => seed({ seed: value }, 'seed'));
}

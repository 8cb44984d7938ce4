import { type ConceptJobs, type HeadName, VECTOR_KINDS } from './concepts.ts';
import { ANSWER_VECTORS } from './read-answer.ts';
import {
  bad,
  type Fields,
  fields,
  integer,
  name,
  oneOf,
  seed,
  strings,
  templates,
  text,
} from './validation-fields.ts';
import { image } from './validation-image.ts';

/** Pictures of one `embed`: a visitor's folder goes over in portions. */
export const mostPictures = 4096;

export const conceptValidators: {
  readonly [K in keyof ConceptJobs]: (params: Fields) => ConceptJobs[K]['params'];
} = {
  heads: (params) => ({ ...survey(params), words: integer(params, 'words', 1, 64) }),
  ablateHeads: (params) => ({
    ...survey(params),
    heads: headNames(params, 'heads'),
  }),
  separate: (params) => ({
    ...survey(params),
    concepts: strings(params, 'concepts', 2000, 200),
    vectors: oneOf(params, 'vectors', VECTOR_KINDS),
    ...templates(params),
  }),
  embed: (params) => ({
    model: name(params, 'model'),
    images: list(params, 'images', mostPictures).map(image),
    texts: strings(params, 'texts', 10_000, 2000),
  }),
  collect: (params) => ({
    model: name(params, 'model'),
    items: list(params, 'items', mostPictures).map((item) => ({
      image: image(fields(item.image, 'image')),
      caption: text(item, 'caption', 2000),
    })),
  }),
  match: (params) => ({
    model: name(params, 'model'),
    image: image(fields(params.image, 'image')),
    text: text(params, 'text', 2000),
  }),
  readAnswer,
  separateAnswer: (params) => answerQuestion(params),
  referAnswer: (params) => {
    const asked = readAnswer(params);
    return { ...asked, ...change(params, asked.concepts.length) };
  },
  refer: (params) => {
    const concepts = strings(params, 'concepts', 500, 200);
    return {
      model: name(params, 'model'),
      image: image(fields(params.image, 'image')),
      concepts,
      vectors: oneOf(params, 'vectors', VECTOR_KINDS),
      ...templates(params),
      ...change(params, concepts.length),
    };
  },
};

function readAnswer(params: Fields): ConceptJobs['readAnswer']['params'] {
  return {
    ...answerQuestion(params),
    image: image(fields(params.image, 'image')),
    repaint: params.repaint === null ? null : text(params, 'repaint', 40),
  };
}

function answerQuestion(params: Fields): ConceptJobs['separateAnswer']['params'] {
  return {
    model: name(params, 'model'),
    question: text(params, 'question', 2000),
    prefix: text(params, 'prefix', 200),
    concepts: strings(params, 'concepts', 2000, 200),
    vectors: oneOf(params, 'vectors', ANSWER_VECTORS),
  };
}

/** What a referee changes. */
function change(params: Fields, concepts: number) {
  return {
    concept: integer(params, 'concept', 0, Math.max(0, concepts - 1)),
    from: integer(params, 'from', 0, 999),
    act: oneOf(params, 'act', ['remove', 'add']),
    seed: seed(params, 'seed'),
  };
}

function survey(params: Fields) {
  return {
    model: name(params, 'model'),
    scenes: integer(params, 'scenes', 16, 10_000),
    seed: seed(params, 'seed'),
  };
}

function list(params: Fields, field: string, most: number): readonly Fields[] {
  const value = params[field];
  if (!Array.isArray(value) || value.length > most) throw bad(field, `a list of at most ${most}`, value);
  return value.map((entry: unknown) => fields(entry, field));
}

export function headNames(params: Fields, field: string): readonly HeadName[] {
  return list(params, field, 4096).map((entry) => ({
    layer: integer(entry, 'layer', 0, 999),
    head: integer(entry, 'head', 0, 999),
  }));
}

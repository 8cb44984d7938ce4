import type { AskJobs, GivenAnswer, Intervention, Sampling } from './ask.ts';
import {
  bad,
  type Fields,
  fields,
  integer,
  maxPromptLength,
  name,
  number,
  oneOf,
  seed,
  text,
} from './validation-fields.ts';
import { image } from './validation-image.ts';

/** Longest answer, in tokens. */
export const maxAnswerTokens = 256;

/** Parameters of the jobs of the ask view. */
export const askValidators: { readonly [K in keyof AskJobs]: (params: Fields) => AskJobs[K]['params'] } = {
  answer: (params) => ({
    ...asked(params),
    prefix: text(params, 'prefix', maxPromptLength),
    sampling: sampling(fields(params.sampling, 'sampling')),
    maxTokens: integer(params, 'maxTokens', 1, maxAnswerTokens),
    ...(params.intervention === undefined
      ? {}
      : { intervention: intervention(fields(params.intervention, 'intervention')) }),
  }),
  explainAnswer: given,
  ablatePatches: (params) => ({ ...given(params), level: oneOf(params, 'level', ['token', 'pixel']) }),
  trace: (params) => ({
    model: name(params, 'model'),
    source: side(fields(params.source, 'source')),
    target: side(fields(params.target, 'target')),
  }),
  bridge: (params) => ({ model: name(params, 'model'), image: image(fields(params.image, 'image')) }),
};

function asked(params: Fields) {
  return { model: name(params, 'model'), ...side(params) };
}

function side(params: Fields) {
  return {
    image: image(fields(params.image, 'image')),
    question: text(params, 'question', maxPromptLength),
  };
}

function given(params: Fields): GivenAnswer {
  const answer = list(params, 'answer', maxAnswerTokens, (entry) =>
    integer({ answer: entry }, 'answer', 0, 1e7),
  );
  if (answer.length === 0) throw bad('answer', 'at least one token', answer);
  return { ...asked(params), answer };
}

function sampling(params: Fields): Sampling {
  return {
    mode: oneOf(params, 'mode', ['greedy', 'sample']),
    temperature: number(params, 'temperature', 0.05, 5),
    topP: number(params, 'topP', 0, 1),
    seed: seed(params, 'seed'),
  };
}

function intervention(params: Fields): Intervention {
  return {
    patches: list(params, 'patches', 4096, (entry) => integer({ patches: entry }, 'patches', 0, 4095)),
    heads: list(params, 'heads', 4096, (entry) => {
      const head = fields(entry, 'heads');
      return { block: integer(head, 'block', 0, 999), head: integer(head, 'head', 0, 999) };
    }),
    edges: list(params, 'edges', 16, (entry) => {
      const edge = fields(entry, 'edges');
      const [first, last] = list(edge, 'blocks', 2, (block) => integer({ blocks: block }, 'blocks', 0, 999));
      if (first === undefined || last === undefined)
        throw bad('blocks', 'a first and a last block', edge.blocks);
      return {
        from: oneOf(edge, 'from', ['image', 'question']),
        to: oneOf(edge, 'to', ['question', 'answer']),
        blocks: [first, last] as const,
      };
    }),
  };
}

function list<T>(from: Fields, name: string, most: number, read: (entry: unknown) => T): readonly T[] {
  const value = from[name];
  if (!Array.isArray(value) || value.length > most) throw bad(name, `a list of at most ${most}`, value);
  return value.map(read);
}

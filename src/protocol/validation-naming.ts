import type { NamingJobs, WatchedParams } from './naming.ts';
import { dissectionValidators, parts, shard } from './validation-dissection.ts';
import { bad, type Fields, fields, integer, name, strings } from './validation-fields.ts';

/** Words of a list, characters of each. */
const MOST_WORDS = 20_000;
const LONGEST = 100;

/** What CLIP-Dissect may be asked. */
export const namingValidators: {
  readonly [K in keyof NamingJobs]: (params: Fields) => NamingJobs[K]['params'];
} = {
  nameUnits: (params) => ({
    ...watched(params),
    judge: name(params, 'judge'),
    words: strings(params, 'words', MOST_WORDS, LONGEST),
    ...(params.parts === undefined ? {} : { parts: parts(params.parts) }),
  }),
  watchUnits: (params) => ({
    ...watched(params),
    judge: name(params, 'judge'),
    shard: shard(fields(params.shard, 'shard')),
  }),
  namedUnit: (params) => ({
    ...watched(params),
    unit: integer(params, 'unit', 0, 1_000_000),
    pictures: pictures(params.pictures),
  }),
};

function watched(params: Fields): WatchedParams {
  const { recipe: _, weights: _weights, fresh: _fresh, ...rest } = dissectionValidators.dissect(params);
  return rest;
}

function pictures(list: unknown): readonly number[] {
  if (!Array.isArray(list) || list.length > 64) throw bad('pictures', 'at most 64 pictures', list);
  return list.map((picture: unknown) => integer({ pictures: picture }, 'pictures', 0, 10_000_000));
}

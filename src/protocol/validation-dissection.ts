/** What the neurons view's jobs may be asked. */

import type { Bytes } from '../tensor/bytes.ts';
import type { DataFiles, DirectoryHandle } from './data.ts';
import type { DissectionJobs, DissectParams } from './dissection.ts';
import { bad, type Fields, fields, integer, name, number, oneOf, seed, text } from './validation-fields.ts';

const PASSES = ['threshold', 'count'] as const;

export const dissectionValidators: {
  readonly [K in keyof DissectionJobs]: (params: Fields) => DissectionJobs[K]['params'];
} = {
  dissect,
  dissectPart: (params) => ({
    ...dissect(params),
    shard: shard(fields(params.shard, 'shard')),
    pass: oneOf(params, 'pass', PASSES),
    ...(params.thresholds === undefined ? {} : { thresholds: bytes(params.thresholds, 'thresholds') }),
  }),
  dissectMerge: (params) => ({
    parts: parts(params.parts),
    pass: oneOf(params, 'pass', PASSES),
    ...(params.whole === undefined ? {} : { whole: dissect(fields(params.whole, 'whole')) }),
  }),
  dissectKept: dissect,
  unit: (params) => ({
    ...dissect(params),
    unit: integer(params, 'unit', 0, 1_000_000),
    threshold: number(params, 'threshold', -Number.MAX_VALUE, Number.MAX_VALUE),
    top: integer(params, 'top', 1, 64),
  }),
  inspectData: (params) => ({ data: dataFiles(fields(params.data, 'data')) }),
};

function dissect(params: Fields): DissectParams {
  return {
    model: name(params, 'model'),
    site: name(params, 'site'),
    scenes: integer(params, 'scenes', 1, 1_000_000),
    seed: seed(params, 'seed'),
    ...(params.recipe === undefined
      ? {}
      : { recipe: oneOf(params, 'recipe', ['netdissect', 'dissect', 'per-image']) }),
    ...(params.weights === undefined ? {} : { weights: oneOf(params, 'weights', ['trained', 'shuffled']) }),
    ...(params.noise === undefined ? {} : { noise: number(params, 'noise', 0, 1) }),
    ...(params.data === undefined ? {} : { data: dataFiles(fields(params.data, 'data')) }),
    ...(params.fresh === undefined ? {} : { fresh: params.fresh === true }),
  };
}

export function shard(from: Fields): { readonly index: number; readonly of: number } {
  const of = integer(from, 'of', 1, 100_000);
  return { index: integer(from, 'index', 0, of - 1), of };
}

export function parts(value: unknown): readonly Uint8Array[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > 100_000) {
    throw bad('parts', 'a list of parts', value);
  }
  return value.map((part: unknown) => bytes(part, 'parts'));
}

function bytes(value: unknown, name: string): Uint8Array {
  if (!(value instanceof Uint8Array)) throw bad(name, 'bytes', value);
  return value;
}

/** Handles of the browser: told by what they can do. */
function dataFiles(from: Fields): DataFiles {
  const kind = oneOf(from, 'kind', ['directory', 'zip', 'files']);
  const label = text(from, 'name', 500);
  if (kind === 'zip') return { kind, name: label, bytes: blob(from.bytes, 'bytes') };
  if (kind === 'directory') {
    const { directory } = from;
    if (!isDirectory(directory)) throw bad('directory', 'a folder', directory);
    return { kind, name: label, directory };
  }
  if (!Array.isArray(from.files)) throw bad('files', 'a list of files', from.files);
  const files = from.files.map((value: unknown) => {
    const file = fields(value, 'files');
    return { path: text(file, 'path', 4000), bytes: blob(file.bytes, 'bytes') };
  });
  return { kind, name: label, files };
}

function blob(value: unknown, name: string): Bytes {
  if (!isBytes(value)) throw bad(name, 'a file', value);
  return value;
}

function isBytes(value: unknown): value is Bytes {
  return (
    has(value, 'slice') && has(value, 'arrayBuffer') && 'size' in value && typeof value.size === 'number'
  );
}

function isDirectory(value: unknown): value is DirectoryHandle {
  return has(value, 'getDirectoryHandle') && has(value, 'getFileHandle') && has(value, 'entries');
}

function has(value: unknown, method: string): value is object {
  return typeof value === 'object' && value !== null && typeof (value as Fields)[method] === 'function';
}

import { VitrineError } from './errors.ts';
import {
  type LibraryJobs,
  type LibraryKind,
  type ModelPlace,
  type PlanParams,
  PREPARATIONS,
} from './library.ts';
import { bad, type Fields, fields, oneOf, text } from './validation-fields.ts';

/** More files than this are no model's folder. */
const MOST_FILES = 2000;

export const libraryValidators: {
  readonly [K in LibraryKind]: (params: Fields) => LibraryJobs[K]['params'];
} = {
  planModel: plan,
  fetchModel: plan,
  library: () => ({}),
  removeKept: (params) => ({ key: text(params, 'key', 300) }),
};

function plan(params: Fields): PlanParams {
  return {
    place: place(fields(params.place, 'place')),
    precision: text(params, 'precision', 20),
    preparation: oneOf(params, 'preparation', PREPARATIONS),
  };
}

function place(from: Fields): ModelPlace {
  const kind = oneOf(from, 'kind', ['hub', 'url', 'files']);
  if (kind === 'url') return { kind, url: webAddress(from, 'url') };
  if (kind === 'files') return { kind, name: text(from, 'name', 200), files: ownFiles(from.files) };
  const id = text(from, 'id', 150);
  if (!/^[\w.-]+(\/[\w.-]+)?$/.test(id)) throw bad('id', 'a name as owner/model', id);
  const revision = text(from, 'revision', 100);
  if (revision === '') throw bad('revision', 'a branch or a commit', revision);
  const token = from.token === undefined ? {} : { token: text(from, 'token', 200) };
  return { kind, base: webAddress(from, 'base'), id, revision, ...token };
}

function webAddress(from: Fields, name: string): string {
  const value = text(from, name, 2000);
  if (!/^https?:\/\/[^\s/?#]+/.test(value)) throw bad(name, 'an address that starts with https://', value);
  return value;
}

function ownFiles(list: unknown): Extract<ModelPlace, { kind: 'files' }>['files'] {
  if (!Array.isArray(list) || list.length === 0 || list.length > MOST_FILES) {
    throw bad('files', `1 to ${MOST_FILES} files`, list);
  }
  return list.map((item: unknown) => {
    const entry = fields(item, 'files');
    const path = text(entry, 'path', 1000);
    if (!isFileData(entry.data))
      throw new VitrineError('bad-parameter', `${path} is no file`, { name: 'files' });
    return { path, data: entry.data };
  });
}

function isFileData(
  value: unknown,
): value is Extract<ModelPlace, { kind: 'files' }>['files'][number]['data'] {
  return (
    typeof value === 'object' &&
    value !== null &&
    'size' in value &&
    typeof value.size === 'number' &&
    'slice' in value &&
    typeof value.slice === 'function' &&
    'arrayBuffer' in value &&
    typeof value.arrayBuffer === 'function'
  );
}

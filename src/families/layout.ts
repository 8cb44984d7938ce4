/** Which file of a folder plays which role: a model's family told from the names alone, as the Hub's conventions have them. */

import { VitrineError } from '../protocol/errors.ts';
import type { ModelFamily } from '../protocol/library.ts';
import { noView } from './kinds.ts';

export interface ListedFile {
  /** Inside the folder, with forward slashes. */
  readonly path: string;
  readonly bytes: number;
}

export interface Layout {
  readonly family: ModelFamily;
  /** By role. */
  readonly files: Readonly<Record<string, ListedFile>>;
  /** Every precision in which the whole model is there. */
  readonly precisions: readonly string[];
  readonly precision: string;
}

/** File name endings of precisions, best first; the plain name is fp32 unless it says otherwise. */
const PRECISIONS = ['fp32', 'fp16', 'q8', 'int8', 'uint8', 'quantized', 'q4f16', 'q4', 'bnb4'] as const;

/** A role and the names that its file may have, best first. */
type Roles = Readonly<Record<string, readonly string[]>>;

/** Roles of each family: those that must be there, and those that may. The first that fits counts. */
const FAMILY_FILES: readonly {
  readonly family: ModelFamily;
  readonly needed: Roles;
  readonly wanted: Roles;
}[] = [
  {
    family: 'diffusion',
    needed: { unet: ['unet'], vae_decoder: ['vae_decoder'], text_encoder: ['text_encoder'] },
    wanted: { vae_encoder: ['vae_encoder'] },
  },
  {
    family: 'generative',
    // Captioners of two files have their vision tower in `encoder_model`; Florence has both, the second joins picture and words.
    needed: {
      vision_encoder: ['vision_encoder', 'encoder_model'],
      decoder_model_merged: ['decoder_model_merged', 'decoder_model'],
    },
    wanted: {
      encoder_model: ['encoder_model'],
      embed_tokens: ['embed_tokens'],
      multi_modal_projector: ['multi_modal_projector'],
      qformer: ['qformer'],
    },
  },
  {
    family: 'contrastive',
    needed: { vision_model: ['vision_model'], text_model: ['text_model'] },
    wanted: {},
  },
];

/** Small files by role; the first path that exists counts. */
const SIDE_FILES: Readonly<Record<string, readonly string[]>> = {
  config: ['config.json'],
  tokenizer: ['tokenizer.json', 'tokenizer/tokenizer.json'],
  tokenizer_config: ['tokenizer_config.json', 'tokenizer/tokenizer_config.json'],
  vocabulary: ['tokenizer/vocab.json', 'vocab.json'],
  merges: ['tokenizer/merges.txt', 'merges.txt'],
  special_tokens: ['special_tokens_map.json', 'tokenizer/special_tokens_map.json'],
  preprocessor_config: ['preprocessor_config.json', 'feature_extractor/preprocessor_config.json'],
  model_index: ['model_index.json'],
  scheduler_config: ['scheduler/scheduler_config.json', 'scheduler_config.json'],
  unet_config: ['unet/config.json'],
  vae_config: ['vae_decoder/config.json', 'vae/config.json'],
  generation_config: ['generation_config.json'],
  chat_template: ['chat_template.json'],
  chat_template_text: ['chat_template.jinja'],
  labels: ['labels.txt', 'synset.txt', 'imagenet_classes.txt'],
  world_statistics: ['world_statistics.json'],
};

/**
 * Reads a listing. `precision` is empty for the best that is there in whole. Throws `unsupported`, saying what was looked
 * for, when the files make no model that a view here can run.
 */
export function readLayout(listing: readonly ListedFile[], precision = ''): Layout {
  const files = listing.filter(({ path }) => !path.split('/').some((part) => part.startsWith('.')));
  const models = files.filter(({ path }) => path.endsWith('.onnx'));
  if (models.length === 0) {
    throw noView('no-onnx', '');
  }
  const side = sideFiles(files);
  const named = new Map<string, Map<string, ListedFile>>();
  for (const file of models) {
    const { name, precision: own } = splitName(file.path);
    const versions = named.get(name) ?? new Map<string, ListedFile>();
    // The shallowest file of a name counts: copies in deeper folders are variants of something else.
    const known = versions.get(own);
    if (!known || depth(file.path) < depth(known.path)) versions.set(own, file);
    named.set(name, versions);
  }
  for (const { family, needed, wanted } of FAMILY_FILES) {
    const roles = rolesOf(needed, named);
    if (roles.size < Object.keys(needed).length) continue;
    // An encoder and a decoder without a way to prepare pictures have words for both.
    if (family === 'generative' && !side.preprocessor_config) {
      throw noView('files', [...named.keys()].slice(0, 6).join(', '));
    }
    const taken = new Set(roles.values());
    for (const [role, versions] of rolesOf(wanted, named))
      if (!taken.has(versions)) roles.set(role, versions);
    return choose(family, roles, side, files, precision);
  }
  const joint = named.get('model');
  // Both towers in one file: what has words and pictures to prepare is no backbone.
  if (joint && side.preprocessor_config && (side.tokenizer || (side.vocabulary && side.merges))) {
    return choose('contrastive', new Map([['vision_model', joint]]), side, files, precision);
  }
  const only = named.has('model') ? 'model' : named.size === 1 ? [...named.keys()][0] : undefined;
  if (only === undefined) {
    const found = [...named.keys()].slice(0, 6).join(', ');
    throw noView('files', found);
  }
  return choose('backbone', new Map([['vision_model', named.get(only)!]]), side, files, precision);
}

/** Versions of one file, by precision. */
type Versions = ReadonlyMap<string, ListedFile>;

function rolesOf(roles: Roles, named: ReadonlyMap<string, Versions>): Map<string, Versions> {
  return new Map(
    Object.entries(roles).flatMap(([role, names]) => {
      const found = names.map((name) => named.get(name)).find((versions) => versions !== undefined);
      return found ? [[role, found] as const] : [];
    }),
  );
}

function choose(
  family: ModelFamily,
  roles: ReadonlyMap<string, Versions>,
  side: Readonly<Record<string, ListedFile>>,
  listing: readonly ListedFile[],
  wanted: string,
): Layout {
  const precisions = PRECISIONS.filter((name) => [...roles.values()].every((versions) => versions.has(name)));
  // Parts in different precisions: each in its best.
  const precision = wanted === '' ? (precisions[0] ?? 'mixed') : wanted;
  if (wanted !== '' && wanted !== 'mixed' && !precisions.some((name) => name === wanted)) {
    throw new VitrineError('unsupported', `no ${wanted} version of every part`, { what: wanted });
  }
  const files: Record<string, ListedFile> = { ...side };
  for (const [role, versions] of roles) {
    const file = versions.get(precision) ?? versions.get(PRECISIONS.find((name) => versions.has(name)) ?? '');
    if (!file) continue;
    files[role] = file;
    for (const [index, data] of externalData(file.path, listing).entries()) {
      files[`${role}.data${index === 0 ? '' : index}`] = data;
    }
  }
  return { family, files, precisions: precisions.length > 0 ? precisions : ['mixed'], precision };
}

/** Weights beside a file: `model.onnx_data`, `model.onnx_data_1`, or the `weights.pb` of Stable Diffusion exports. */
function externalData(path: string, listing: readonly ListedFile[]): readonly ListedFile[] {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return listing.filter(
    (file) =>
      file.path.startsWith(`${path}_data`) ||
      file.path === `${path}.data` ||
      (file.path === `${folder}weights.pb` && folder !== ''),
  );
}

/** `unet/model_fp16.onnx` is the unet in fp16; `onnx/text_model.onnx` the text_model in fp32. */
function splitName(path: string): { readonly name: string; readonly precision: string } {
  const parts = path.slice(0, -'.onnx'.length).split('/');
  const file = parts.at(-1)!;
  const ending = PRECISIONS.find((name) => file.endsWith(`_${name}`));
  const stem = ending === undefined ? file : file.slice(0, -ending.length - 1);
  const folder = parts.at(-2);
  // Diffusion exports name the folder, not the file.
  const name = stem === 'model' && folder !== undefined && folder !== 'onnx' ? folder : stem;
  return { name, precision: ending ?? 'fp32' };
}

function sideFiles(files: readonly ListedFile[]): Readonly<Record<string, ListedFile>> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return Object.fromEntries(
    Object.entries(SIDE_FILES).flatMap(([role, paths]) => {
      const file = paths.map((path) => byPath.get(path)).find((found) => found !== undefined);
      return file ? [[role, file]] : [];
    }),
  );
}

function depth(path: string): number {
  return path.split('/').length;
}

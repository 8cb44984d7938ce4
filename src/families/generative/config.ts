/** What a generative model's `config.json` says that running it needs: fields of LLaVA, BLIP-2, Idefics and their kin. */

import { VitrineError } from '../../protocol/errors.ts';

export interface GenerativeConfig {
  /** Height and width of the vision model's input, in pixels. */
  readonly imageSize: number;
  /** Height and width of the grid of patches that the vision model makes. */
  readonly grid: number;
  /** Image tokens that a square of `imageSize` becomes, where nothing between tower and decoder changes their number but `scale_factor`. */
  readonly tokensOfSquare: number;
  /** The token that stands for the picture in a prompt; undefined where image tokens come first without one. */
  readonly imageToken: number | undefined;
  /** Tokens that end an answer. */
  readonly endTokens: readonly number[];
  /** Longest sequence, image tokens counted. */
  readonly limit: number;
}

const USUAL_LIMIT = 2048;

/** `generation` is `generation_config.json`, null for a folder without. Throws `model-corrupt` naming what is missing. */
export function readGenerativeConfig(json: unknown, generation: unknown = null): GenerativeConfig {
  const text = record(property(json, 'text_config')) ?? record(json) ?? {};
  const vision = property(json, 'vision_config');
  const imageSize = property(vision, 'image_size');
  const patchSize = property(vision, 'patch_size');
  if (typeof imageSize !== 'number' || typeof patchSize !== 'number' || !(imageSize >= patchSize)) {
    throw corrupt('vision_config has no image_size and patch_size');
  }
  const grid = Math.floor(imageSize / patchSize);
  const scale = property(json, 'scale_factor');
  const imageToken = property(json, 'image_token_index') ?? property(json, 'image_token_id');
  const end = property(generation, 'eos_token_id') ?? property(json, 'eos_token_id') ?? text.eos_token_id;
  const endTokens = (Array.isArray(end) ? end : [end]).filter((id) => typeof id === 'number');
  if (endTokens.length === 0) throw corrupt('eos_token_id');
  const limit = text.max_position_embeddings;
  return {
    imageSize,
    grid,
    tokensOfSquare: Math.max(
      1,
      Math.round((grid / (typeof scale === 'number' && scale > 0 ? scale : 1)) ** 2),
    ),
    imageToken: typeof imageToken === 'number' ? imageToken : undefined,
    endTokens,
    limit: typeof limit === 'number' && limit > 0 ? limit : USUAL_LIMIT,
  };
}

function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

function property(value: unknown, name: string): unknown {
  return record(value)?.[name];
}

function corrupt(what: string): VitrineError {
  return new VitrineError('model-corrupt', `config: ${what}`, { file: 'config' });
}

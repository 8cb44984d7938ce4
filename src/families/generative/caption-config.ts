/** What the files of an encoder-decoder captioner say that running it needs: ViT-GPT2, BLIP, Florence-2 and their kin. */

import { VitrineError } from '../../protocol/errors.ts';
import type { Preprocessing } from '../contrastive/preprocess.ts';

export interface CaptionConfig {
  /** Height and width of the picture that the model takes, in pixels. */
  readonly imageSize: number;
  /** Tokens that every text begins with. */
  readonly start: readonly number[];
  /** Tokens that end it. */
  readonly endTokens: readonly number[];
  /** Longest text, its start counted. */
  readonly limit: number;
}

const USUAL_LIMIT = 512;

type Fields = Readonly<Record<string, unknown>>;

/**
 * `generation_config.json` goes before `config.json`, whose text part (`text_config`, `decoder`) goes before its top.
 * Throws `model-corrupt` naming what is missing.
 */
export function readCaptionConfig(json: unknown, generation: unknown, rules: Preprocessing): CaptionConfig {
  const top = record(json);
  const places = [record(generation), record(top.text_config ?? top.decoder), top];
  const number = (name: string): number | undefined => {
    const found = places.map((fields) => fields[name]).find((value) => typeof value === 'number');
    return typeof found === 'number' ? found : undefined;
  };
  // BLIP begins with the beginning of text and ends with the separator.
  const start = number('decoder_start_token_id') ?? number('bos_token_id');
  if (start === undefined) throw corrupt('decoder_start_token_id');
  const forced = number('forced_bos_token_id');
  const endTokens = places.flatMap(({ eos_token_id: end }) => (Array.isArray(end) ? end : [end]));
  const ends = [...endTokens, number('sep_token_id')].filter((id) => typeof id === 'number');
  if (ends.length === 0) throw corrupt('eos_token_id');
  return {
    imageSize: imageSize(top, rules),
    start: forced === undefined ? [start] : [start, forced],
    endTokens: [...new Set(ends)],
    limit: number('max_position_embeddings') ?? number('n_positions') ?? number('n_ctx') ?? USUAL_LIMIT,
  };
}

function imageSize(top: Fields, { crop, resize }: Preprocessing): number {
  if (crop) return crop.width;
  if (resize) return 'shortest' in resize ? resize.shortest : resize.width;
  const { image_size: size } = record(top.vision_config ?? top.encoder);
  if (typeof size === 'number' && size > 0) return size;
  throw corrupt('no size of pictures');
}

/**
 * What Florence-2 reads for a task, as its `preprocessor_config.json` lists them (`<CAPTION>`: a sentence); any other text is read
 * as it is. Empty stands for a caption.
 */
export function taskPrompt(preprocessor: unknown, question: string): string {
  const tasks = record(record(preprocessor).task_prompts_without_inputs);
  const typed = question.trim() === '' ? '<CAPTION>' : question.trim();
  const prompt = tasks[typed];
  return typeof prompt === 'string'
    ? prompt
    : question.trim() === ''
      ? 'What does the image describe?'
      : typed;
}

function record(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function corrupt(what: string): VitrineError {
  return new VitrineError('model-corrupt', `config: ${what}`, { file: 'config' });
}

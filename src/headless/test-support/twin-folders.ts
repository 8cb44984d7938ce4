/** Structural twins as folders in the Hub's layout: the exported files, and the configs and tokenizer that belong to them. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createNodeRuntime, type NodeRuntime } from '../runtime.ts';
import { type FolderModel, writeModelFolder } from './model-folder.ts';

export interface TwinFolder {
  readonly family: 'contrastive' | 'diffusion' | 'generative' | 'backbone';
  readonly files: FolderModel['files'];
}

const fixtures = join(import.meta.dirname, '../../../models/fixtures');

export function fixture(path: string): Uint8Array {
  return new Uint8Array(readFileSync(join(fixtures, path)));
}

/** Token `n` of every twin is the word `wn`, but for the special ones. */
const WORDS = Array.from({ length: 64 }, (_, id) => `w${id}`);
const SPECIAL: Readonly<Record<number, string>> = { 0: '<pad>', 1: '<s>', 2: '</s>', 63: '<end>' };
const vocabulary = Object.fromEntries(WORDS.map((word, id) => [SPECIAL[id] ?? word, id]));

const tokenizer = {
  version: '1.0',
  added_tokens: Object.entries(SPECIAL).map(([id, content]) => ({
    id: Number(id),
    content,
    special: true,
    lstrip: false,
    rstrip: false,
    single_word: false,
    normalized: false,
  })),
  normalizer: { type: 'Lowercase' },
  pre_tokenizer: { type: 'Whitespace' },
  post_processor: null,
  decoder: null,
  model: { type: 'WordLevel', vocab: vocabulary, unk_token: '<pad>' },
};

const tokenizerConfig = {
  tokenizer_class: 'PreTrainedTokenizerFast',
  bos_token: '<s>',
  eos_token: '<end>',
  pad_token: '<pad>',
  unk_token: '<pad>',
  model_max_length: 40,
};

const centred = { image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5], resample: 2 };

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** `models` names twin files by role and path; `size` is the side of their pictures. */
function folder(
  family: TwinFolder['family'],
  size: number,
  config: object,
  models: Readonly<Record<string, readonly [path: string, twin: string]>>,
  more: Readonly<Record<string, unknown>> = {},
): TwinFolder {
  const side = {
    config,
    tokenizer,
    tokenizer_config: tokenizerConfig,
    preprocessor_config: { ...centred, size: { height: size, width: size } },
    ...more,
  };
  return {
    family,
    files: Object.fromEntries([
      ...Object.entries(models).map(([role, [path, twin]]) => [
        path,
        { role, bytes: fixture(`files/${twin}.onnx`) },
      ]),
      ...Object.entries(side).map(([role, value]) => [`${role}.json`, { role, bytes: json(value) }]),
    ]),
  };
}

/** A decoder VLM of answers.py: configs and tokenizer are those that the classes saved. */
function answering(twin: 'idefics' | 'llava', decoder = `${twin}-decoder.legacy`): TwinFolder {
  const side = [
    'config',
    'generation_config',
    'tokenizer',
    'tokenizer_config',
    'preprocessor_config',
  ] as const;
  const model = (role: string, file: string) =>
    [`onnx/${role}.onnx`, { role, bytes: fixture(`files/${file}.onnx`) }] as const;
  return {
    family: 'generative',
    files: Object.fromEntries([
      model('vision_encoder', `${twin}-vision.legacy`),
      model('embed_tokens', `${twin}-embed.legacy`),
      model('decoder_model_merged', decoder),
      ...side.map((role) => [`${role}.json`, { role, bytes: json(answerGoldens()[twin][role]) }] as const),
      ['chat_template.json', { role: 'chat_template', bytes: json({ chat_template: CHAT_TEMPLATE }) }],
    ]),
  };
}

/** What answers.py asks with. */
const CHAT_TEMPLATE = `{% for message in messages %}w40 {% for part in message['content'] %}{% if part['type'] == 'text' %} {{ part['text'] }}{% elif part['type'] == 'image' %}<image>{% endif %}{% endfor %}<end_of_utterance>\n{% endfor %}{% if add_generation_prompt %}w41{% endif %}`;

interface Listed {
  readonly dims: readonly number[];
  readonly data: readonly number[];
}

export interface AnswerGolden {
  readonly config: unknown;
  readonly generation_config: unknown;
  readonly tokenizer: unknown;
  readonly tokenizer_config: unknown;
  readonly preprocessor_config: unknown;
  readonly prompt: readonly number[];
  /** What the processor hands over, as 8-bit values. */
  readonly pixels: Listed;
  readonly ids: readonly number[];
  /** [position, token] of prompt and answer. */
  readonly logits: Listed;
  /** [layer, head, answer token, key], of the positions that predict. */
  readonly patterns: Listed;
  readonly intact: Listed;
  readonly ablated: Listed;
}

export function answerGoldens(): Readonly<Record<'idefics' | 'llava', AnswerGolden>> {
  return JSON.parse(new TextDecoder().decode(fixture('goldens/answers.json')));
}

export const TWIN_FOLDERS = {
  clip: () =>
    folder(
      'contrastive',
      24,
      { vision_config: { image_size: 24, patch_size: 8 } },
      { vision_model: ['onnx/model.onnx', 'clip.optimum'] },
    ),
  siglip: () =>
    folder(
      'contrastive',
      24,
      { model_type: 'siglip', vision_config: { image_size: 24, patch_size: 8 } },
      { vision_model: ['onnx/model.onnx', 'siglip.dynamo'] },
      { tokenizer_config: { ...tokenizerConfig, bos_token: null } },
    ),
  idefics: () => answering('idefics'),
  llava: () => answering('llava'),
  /** Grouped queries as one fused operator. */
  'llava-genai': () => answering('llava', 'llava-decoder.genai'),
  'vit-gpt2': () =>
    folder(
      'generative',
      24,
      { decoder_start_token_id: 1, eos_token_id: 63, decoder: { n_positions: 40 } },
      {
        vision_encoder: ['onnx/encoder_model.onnx', 'vit-gpt2-encoder.optimum'],
        decoder_model_merged: ['onnx/decoder_model_merged.onnx', 'vit-gpt2-decoder.optimum-merged'],
      },
    ),
  /** BART's merged decoder keeps the picture's keys in a cache of their own; it has no captioner among the twins, so it borrows a tower. */
  'vit-bart': () =>
    folder(
      'generative',
      24,
      { decoder_start_token_id: 2, eos_token_id: 63, max_position_embeddings: 40 },
      {
        vision_encoder: ['onnx/encoder_model.onnx', 'vit-gpt2-encoder.optimum'],
        decoder_model_merged: ['onnx/decoder_model_merged.onnx', 'bart-decoder.optimum-merged'],
      },
    ),
  blip: () =>
    folder(
      'generative',
      24,
      { text_config: { bos_token_id: 1, eos_token_id: 2, sep_token_id: 63, max_position_embeddings: 40 } },
      {
        vision_encoder: ['onnx/encoder_model.onnx', 'blip-encoder.legacy'],
        decoder_model_merged: ['onnx/decoder_model.onnx', 'blip-decoder.legacy'],
      },
    ),
  florence: () =>
    folder(
      'generative',
      32,
      { text_config: { decoder_start_token_id: 2, eos_token_id: 63, max_position_embeddings: 40 } },
      {
        vision_encoder: ['onnx/vision_encoder.onnx', 'florence-vision.legacy'],
        embed_tokens: ['onnx/embed_tokens.onnx', 'florence-embed.legacy'],
        encoder_model: ['onnx/encoder_model.onnx', 'florence-encoder.legacy'],
        decoder_model_merged: ['onnx/decoder_model.onnx', 'florence-decoder.legacy'],
      },
      {
        preprocessor_config: {
          ...centred,
          size: { height: 32, width: 32 },
          task_prompts_without_inputs: { '<CAPTION>': 'w20 w33 w7' },
        },
      },
    ),
} as const satisfies Readonly<Record<string, () => TwinFolder>>;

export type TwinName = keyof typeof TWIN_FOLDERS;

/** A host whose model folder holds these twins under their names. */
export function twinRuntime(...names: readonly TwinName[]): NodeRuntime {
  const root = writeModelFolder(names.map((id) => ({ id, ...TWIN_FOLDERS[id]() })));
  return createNodeRuntime({ models: root, threads: 1 });
}

/** The picture of `captions.py` and `answers.py`, as pixels. */
export function drawnPicture(width: number, height = width) {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++) {
        data[(y * width + x) * 4 + channel] = (17 * x + 31 * y + 71 * channel + 5 * x * y) % 256;
      }
      data[(y * width + x) * 4 + 3] = 255;
    }
  }
  return { width, height, data };
}

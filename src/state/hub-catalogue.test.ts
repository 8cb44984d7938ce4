/**
 * Every id's files as its page on the Hub listed them (public copies of those pages and of code that fetches the files; sizes and what
 * plays no role left out; of `SD-Turbo-onnx` the folders were seen, and files of three of them): what the catalogue offers reads as the
 * family that it states, and a twin of that name is there.
 */

import { describe, expect, it } from 'vitest';
import { readLayout } from '../families/layout.ts';
import { readTwins } from '../headless/test-support/twins.ts';
import { HUB_CATALOGUE } from './hub-catalogue.ts';

const words = ['config.json', 'preprocessor_config.json', 'tokenizer.json', 'tokenizer_config.json'];
const towers = ['model', 'text_model', 'vision_model'];
const parts = ['vision_encoder', 'embed_tokens', 'decoder_model_merged'];
const onnx = (...names: readonly string[]) => names.map((name) => `onnx/${name}.onnx`);
const pipeline = ['model_index.json', 'scheduler/scheduler_config.json', 'text_encoder/model.onnx'].concat(
  ['merges.txt', 'special_tokens_map.json', 'tokenizer_config.json', 'vocab.json'].map(
    (name) => `tokenizer/${name}`,
  ),
  ['unet/model.onnx', 'vae_decoder/model.onnx', 'vae_encoder/model.onnx'],
);

const LISTED: Readonly<Record<string, readonly string[]>> = {
  'Xenova/clip-vit-base-patch32': [...words, ...onnx(...towers)],
  'Xenova/clip-vit-base-patch16': [...words, ...onnx(...towers)],
  'Xenova/siglip-base-patch16-224': [...words, 'spiece.model', ...onnx(...towers)],
  'Xenova/vit-gpt2-image-captioning': [
    ...words,
    ...onnx('encoder_model', 'decoder_model', 'decoder_model_merged', 'decoder_with_past_model'),
  ],
  'onnx-community/Florence-2-base-ft': [
    ...words,
    ...onnx('vision_encoder', 'embed_tokens', 'encoder_model', 'decoder_model', 'decoder_model_merged'),
  ],
  'HuggingFaceTB/SmolVLM-256M-Instruct': [...words, 'chat_template.json', ...onnx(...parts)],
  'HuggingFaceTB/SmolVLM-500M-Instruct': [...words, 'chat_template.json', ...onnx(...parts)],
  'llava-hf/llava-interleave-qwen-0.5b-hf': [...words, 'chat_template.json', ...onnx(...parts)],
  'nmkd/stable-diffusion-1.5-onnx-fp16': [...pipeline, 'unet/weights.pb'],
  'TensorStack/SD-Turbo-onnx': [
    ...pipeline,
    'tokenizer/model.onnx',
    'controlnet/model.onnx',
    'text_encoder/config.json',
    'vae_decoder/config.json',
  ],
  'aislamov/lcm-dreamshaper-v7-onnx': [
    ...pipeline,
    'unet/config.json',
    'unet/model.onnx_data',
    'vae_decoder/config.json',
    'vae_decoder/model.onnx_data',
  ],
  'Xenova/resnet-18': ['config.json', 'preprocessor_config.json', ...onnx('model')],
  'Xenova/resnet-50': ['config.json', 'preprocessor_config.json', ...onnx('model')],
  'Xenova/vit-base-patch16-224': ['config.json', 'preprocessor_config.json', ...onnx('model')],
};

const twins = new Set(readTwins().map(({ source }) => source));

describe.each(HUB_CATALOGUE)('$id', ({ id, family, twin }) => {
  it('reads as what it is offered as', () => {
    const listing = (LISTED[id] ?? []).map((path) => ({ path, bytes: 1 }));
    expect(readLayout(listing).family).toBe(family);
  });

  it('is covered by a twin', () => {
    expect(twins).toContain(twin);
  });
});

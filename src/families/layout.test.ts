import { expect, test } from 'vitest';
import { readLayout } from './layout.ts';

const list = (...paths: string[]) => paths.map((path, index) => ({ path, bytes: index + 1 }));
const paths = (files: Readonly<Record<string, { readonly path: string }>>) =>
  Object.fromEntries(Object.entries(files).map(([role, { path }]) => [role, path]));

test('a CLIP of two files, with the precision asked for', () => {
  const files = list(
    '.gitattributes',
    'config.json',
    'tokenizer.json',
    'tokenizer_config.json',
    'preprocessor_config.json',
    'onnx/model.onnx',
    'onnx/text_model.onnx',
    'onnx/text_model_quantized.onnx',
    'onnx/vision_model.onnx',
    'onnx/vision_model_fp16.onnx',
    'onnx/vision_model_quantized.onnx',
  );
  const best = readLayout(files);
  expect(best).toMatchObject({ family: 'contrastive', precision: 'fp32', precisions: ['fp32', 'quantized'] });
  expect(paths(best.files)).toEqual({
    config: 'config.json',
    tokenizer: 'tokenizer.json',
    tokenizer_config: 'tokenizer_config.json',
    preprocessor_config: 'preprocessor_config.json',
    vision_model: 'onnx/vision_model.onnx',
    text_model: 'onnx/text_model.onnx',
  });
  expect(readLayout(files, 'quantized').files.vision_model?.path).toBe('onnx/vision_model_quantized.onnx');
  // Only the vision model has halves.
  expect(() => readLayout(files, 'fp16')).toThrow('no fp16 version');
});

test('Stable Diffusion names its folders, and keeps weights beside its graphs', () => {
  const { family, files } = readLayout(
    list(
      'model_index.json',
      'scheduler/scheduler_config.json',
      'tokenizer/vocab.json',
      'tokenizer/merges.txt',
      'tokenizer/tokenizer_config.json',
      'safety_checker/model.onnx',
      'text_encoder/model.onnx',
      'unet/model.onnx',
      'unet/model.onnx_data',
      'unet/config.json',
      'vae_decoder/model.onnx',
      'vae_encoder/model.onnx',
    ),
  );
  expect(family).toBe('diffusion');
  expect(paths(files)).toMatchObject({
    unet: 'unet/model.onnx',
    'unet.data': 'unet/model.onnx_data',
    text_encoder: 'text_encoder/model.onnx',
    vae_decoder: 'vae_decoder/model.onnx',
    vae_encoder: 'vae_encoder/model.onnx',
    vocabulary: 'tokenizer/vocab.json',
    scheduler_config: 'scheduler/scheduler_config.json',
    unet_config: 'unet/config.json',
  });
  expect(files).not.toHaveProperty('safety_checker');
});

test('a language model with a vision encoder', () => {
  const { family, files, precision } = readLayout(
    list(
      'preprocessor_config.json',
      'onnx/vision_encoder.onnx',
      'onnx/vision_encoder_q4.onnx',
      'onnx/embed_tokens_q4.onnx',
      'onnx/decoder_model_merged_q4.onnx',
    ),
  );
  expect(family).toBe('generative');
  expect(precision).toBe('q4');
  expect(files.vision_encoder?.path).toBe('onnx/vision_encoder_q4.onnx');
});

test('a CLIP in one file', () => {
  const files = list(
    'config.json',
    'tokenizer.json',
    'tokenizer_config.json',
    'preprocessor_config.json',
    'onnx/model.onnx',
  );
  const { family, files: found } = readLayout(files);
  expect(family).toBe('contrastive');
  expect(found.vision_model?.path).toBe('onnx/model.onnx');
  expect(found).not.toHaveProperty('text_model');
  expect(readLayout(files.filter(({ path }) => !path.startsWith('token'))).family).toBe('backbone');
});

test('captioners: two files, or a tower and a text encoder of their own', () => {
  const captioner = readLayout(
    list(
      'config.json',
      'preprocessor_config.json',
      'onnx/encoder_model.onnx',
      'onnx/decoder_model.onnx',
      'onnx/decoder_model_merged.onnx',
    ),
  );
  expect(captioner.family).toBe('generative');
  expect(paths(captioner.files)).toEqual({
    config: 'config.json',
    preprocessor_config: 'preprocessor_config.json',
    vision_encoder: 'onnx/encoder_model.onnx',
    decoder_model_merged: 'onnx/decoder_model_merged.onnx',
  });
  const uncached = readLayout(
    list(
      'preprocessor_config.json',
      'encoder_model.onnx',
      'decoder_model.onnx',
      'decoder_with_past_model.onnx',
    ),
  );
  expect(uncached.files.decoder_model_merged?.path).toBe('decoder_model.onnx');
  const florence = readLayout(
    list(
      'preprocessor_config.json',
      'vision_encoder.onnx',
      'embed_tokens.onnx',
      'encoder_model.onnx',
      'decoder_model_merged.onnx',
    ),
  );
  expect(paths(florence.files)).toEqual({
    preprocessor_config: 'preprocessor_config.json',
    vision_encoder: 'vision_encoder.onnx',
    embed_tokens: 'embed_tokens.onnx',
    encoder_model: 'encoder_model.onnx',
    decoder_model_merged: 'decoder_model_merged.onnx',
  });
});

test('a single file is a backbone, whatever it is called', () => {
  const { family, files, precision } = readLayout(list('SqueezeNet_fp16.onnx', 'LICENSE'));
  expect({ family, precision, files: paths(files) }).toEqual({
    family: 'backbone',
    precision: 'fp16',
    files: { vision_model: 'SqueezeNet_fp16.onnx' },
  });
});

test('what makes no model says what was there', () => {
  expect(() => readLayout(list('model.safetensors', 'config.json'))).toThrow(
    expect.objectContaining({ detail: { found: 'no-onnx', what: '' } }),
  );
  // BART and T5 have an encoder and a decoder, and nothing that prepares pictures.
  expect(() => readLayout(list('config.json', 'encoder_model.onnx', 'decoder_model_merged.onnx'))).toThrow(
    expect.objectContaining({ detail: { found: 'files', what: 'encoder_model, decoder_model_merged' } }),
  );
  expect(() => readLayout(list('encoder.onnx', 'joiner.onnx'))).toThrow('encoder, joiner');
});

import { expect, it } from 'vitest';
import { fixture } from '../../headless/test-support/twin-folders.ts';
import { indexModel } from '../../onnx/model-index.ts';
import { assumedConfig } from './assumed-config.ts';
import { readDiffusionConfig } from './config.ts';

const unet = indexModel(fixture('files/unet.legacy.onnx'));

it('takes what the file states, and the sizes of Stable Diffusion', () => {
  const found = readDiffusionConfig(assumedConfig(null, {}));
  expect(found).toEqual({
    latentChannels: 4,
    latentSize: 64,
    scalingFactor: 0.18215,
    pictureSize: 512,
    assumed: true,
  });
  expect(
    readDiffusionConfig(assumedConfig(null, { scheduler: { prediction_type: 'v_prediction' } })),
  ).toMatchObject({
    latentSize: 96,
    pictureSize: 768,
  });
  // The twin's file states 4 channels of 4 x 6.
  expect(readDiffusionConfig(assumedConfig(unet, {}))).toMatchObject({ latentChannels: 4, latentSize: 4 });
});

it('keeps the configs that are there, and then says that nothing was assumed', () => {
  const given = {
    unet: { in_channels: 8, sample_size: 16 },
    vae: { scaling_factor: 0.5, block_out_channels: [8, 16] },
  };
  expect(readDiffusionConfig(assumedConfig(unet, given))).toEqual({
    latentChannels: 8,
    latentSize: 16,
    scalingFactor: 0.5,
    pictureSize: 32,
    assumed: false,
  });
  expect(readDiffusionConfig(assumedConfig(unet, { unet: given.unet })).assumed).toBe(true);
});

import { expect, it } from 'vitest';
import { fixture } from '../headless/test-support/twin-folders.ts';
import { indexModel } from '../onnx/model-index.ts';
import { readPreprocessing } from './contrastive/preprocess.ts';
import { readVisionConfig } from './vision-config.ts';

const rules = readPreprocessing({
  image_mean: [0, 0, 0],
  image_std: [1, 1, 1],
  size: { width: 24, height: 24 },
});

it.each(['siglip-vision.dynamo', 'clip-vision.legacy', 'vit.fp16', 'siglip.dynamo'])(
  'reads the patches of %s off its convolution where the config leaves them out',
  (name) => {
    const model = indexModel(fixture(`files/${name}.onnx`));
    const { grid, imageSize } = readVisionConfig({ vision_config: {} }, model, rules);
    // Patches of 8 pixels.
    expect(grid).toBe(imageSize / 8);
    expect(readVisionConfig({ vision_config: { patch_size: 4, image_size: 24 } }, model, rules).grid).toBe(6);
  },
);

it('finds none where windows overlap', () => {
  const model = indexModel(fixture('files/resnet-basic.legacy.onnx'));
  expect(readVisionConfig(null, model, rules).grid).toBe(0);
});

/** How pictures are prepared for a backbone whose folder does not say: the usual ways, as `preprocessor_config.json`. */

import type { ModelIndex } from '../onnx/model-index.ts';
import type { Preparation } from '../protocol/library.ts';

type Known = Exclude<Preparation, 'read'>;

const CROPPED = { size: { shortest_edge: 256 }, crop_size: { width: 224, height: 224 }, resample: 2 };

const CONFIGS: Readonly<Record<Known, object>> = {
  /** Red, green, blue in 0 to 1, minus the mean of ImageNet, over its deviation. */
  imagenet: { ...CROPPED, image_mean: [0.485, 0.456, 0.406], image_std: [0.229, 0.224, 0.225] },
  /** Blue, green, red in 0 to 255, minus the mean. */
  caffe: {
    ...CROPPED,
    do_rescale: false,
    do_flip_channel_order: true,
    image_mean: [103.939, 116.779, 123.68],
    image_std: [1, 1, 1],
  },
  unit: { ...CROPPED, do_normalize: false },
  centred: { ...CROPPED, image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] },
};

/** The preparation for pictures of the size that the model's input has (224 where it does not say). */
export function preparationConfig(preparation: Known, imageSize = 224): object {
  const shortest = Math.round((imageSize * 256) / 224);
  return {
    ...CONFIGS[preparation],
    size: { shortest_edge: shortest },
    crop_size: { width: imageSize, height: imageSize },
  };
}

/** What the graph itself gives away: exporters from Caffe leave their name, or its way of naming weights. */
export function likelyPreparation(model: ModelIndex): Known {
  const named = [...model.initializers.keys()].some((name) => /_w_0$/.test(name));
  return /caffe/i.test(model.producer) || named ? 'caffe' : 'imagenet';
}

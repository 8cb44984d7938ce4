import { expect, test } from 'vitest';
import { modelView, readPreprocessing, toPixels, writePlanes } from './preprocess.ts';

const CLIP = {
  do_resize: true,
  size: { shortest_edge: 4 },
  resample: 3,
  do_center_crop: true,
  crop_size: { height: 4, width: 4 },
  image_mean: [0.5, 0.25, 0],
  image_std: [0.5, 1, 2],
};

function columns(width: number, height: number) {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) data.set([(i % width) * 10, 7, 255, 255], i * 4);
  return { width, height, data };
}

test('a picture of the model size passes unchanged, cropped at the centre', () => {
  const rules = readPreprocessing(CLIP);
  const view = modelView(columns(7, 4), rules);
  // (7 - 4) / 2 is cut to 1: columns 1 to 4 stay.
  expect([view.width, view.height]).toEqual([4, 4]);
  expect([view.data[0], view.data[3], view.data[6], view.data[9]]).toEqual([10, 20, 30, 40]);
  const pixels = toPixels(view);
  expect([...pixels.data.subarray(4, 8)]).toEqual([20, 7, 255, 255]);
});

test('values are rescaled, then normalised by channel, planes first', () => {
  const rules = readPreprocessing(CLIP);
  const target = new Float32Array(2 + 3 * 16).fill(-9);
  writePlanes(modelView(columns(4, 4), rules), rules, target, 2);
  expect([...target.subarray(0, 2)]).toEqual([-9, -9]);
  expect(target[2 + 1]).toBeCloseTo((10 / 255 - 0.5) / 0.5, 6);
  expect(target[2 + 16]).toBeCloseTo(7 / 255 - 0.25, 6);
  expect(target[2 + 47]).toBeCloseTo(1 / 2, 6);
});

test('the shorter side is brought to size', () => {
  const rules = readPreprocessing({ ...CLIP, do_center_crop: false });
  const view = modelView(columns(11, 8), rules);
  expect([view.width, view.height]).toEqual([5, 4]);
});

test('what is not supported is named', () => {
  expect(() => readPreprocessing({ ...CLIP, resample: 0 })).toThrow('resample 0');
  expect(() => readPreprocessing({ ...CLIP, image_std: [1] })).toThrow('image_std');
  expect(() => readPreprocessing({ ...CLIP, size: { height: 4 } })).toThrow('size.width');
});

test('a strip of pixels is refused instead of being blown up', () => {
  expect(() => modelView(columns(65, 1), readPreprocessing(CLIP))).toThrow('65 x 1 is too narrow');
  expect(modelView(columns(64, 1), readPreprocessing(CLIP)).width).toBe(4);
});

test('a model from Caffe takes blue first, in 0 to 255, minus the means of that order', () => {
  const rules = readPreprocessing({
    do_rescale: false,
    do_flip_channel_order: true,
    image_mean: [103, 116, 123],
    image_std: [1, 1, 1],
  });
  const target = new Float32Array(3);
  writePlanes({ width: 1, height: 1, data: Uint8ClampedArray.of(10, 20, 30) }, rules, target, 0);
  expect([...target]).toEqual([30 - 103, 20 - 116, 10 - 123]);
});

import { expect, it } from 'vitest';
import { pictureSide } from './picture-side.ts';

const clip = { image_mean: [0, 0, 0], image_std: [1, 1, 1] };

it.each([
  ['a crop', { ...clip, size: { shortest_edge: 256 }, crop_size: { height: 224, width: 224 } }, 224],
  ['a shorter side', { ...clip, size: 384 }, 384],
  ['both sides', { ...clip, size: { height: 512, width: 384 } }, 512],
  ['parts', { size: { longest_edge: 2048 }, max_image_size: { longest_edge: 364 } }, 728],
  ['no more than is worth it', { ...clip, size: 4000 }, 1024],
  ['nothing that is understood', { ...clip, resample: 77 }, undefined],
])('%s', (_, preparation, side) => {
  expect(pictureSide(preparation, null)).toBe(side);
});

it('of a model that draws is what it draws', () => {
  const config = {
    unet: { in_channels: 4, sample_size: 64 },
    vae: { scaling_factor: 0.18, sample_size: 768, block_out_channels: [128, 256, 512, 512] },
  };
  expect(pictureSide(null, config)).toBe(512);
});

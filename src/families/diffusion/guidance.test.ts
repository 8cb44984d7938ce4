import { expect, it } from 'vitest';
import { fixture } from '../../headless/test-support/twin-folders.ts';
import { indexModel } from '../../onnx/model-index.ts';
import { guidanceEmbedding, guidanceFeeds, guidanceWidth } from './guidance.ts';

it('is sines, then cosines, of 1000 (scale - 1) at frequencies from 1 down to 1e-4', () => {
  // half = 3: frequencies 1, 1e-2, 1e-4.
  const found = guidanceEmbedding(8.5, 7);
  const angles = [7500, 75, 0.75];
  const wanted = [...angles.map(Math.sin), ...angles.map(Math.cos), 0];
  expect(found.length).toBe(7);
  found.forEach((value, i) => {
    expect(value).toBeCloseTo(wanted[i]!, 6);
  });
  // No guidance: angle 0.
  expect([...guidanceEmbedding(1, 4)]).toEqual([0, 0, 1, 1]);
});

it('is fed to every row, and to no U-Net that has no such input', () => {
  const { timestep_cond: fed } = guidanceFeeds(4, 2.5, 3);
  expect(fed?.dims).toEqual([3, 4]);
  const one = [...guidanceEmbedding(2.5, 4)];
  expect(fed?.data).toEqual(Float32Array.from([...one, ...one, ...one]));
  expect(guidanceFeeds(null, 2.5, 3)).toEqual({});
});

it('reads its width off the file, then off the config, and says which field is missing', () => {
  const told = indexModel(fixture('files/unet-lcm.optimum.onnx'));
  expect(guidanceWidth(told, {})).toBe(12);
  expect(guidanceWidth(indexModel(fixture('files/unet.legacy.onnx')), {})).toBeNull();
  const silent = {
    ...told,
    inputs: told.inputs.map((input) =>
      input.name === 'timestep_cond' ? { ...input, dims: ['batch', 'width'] } : input,
    ),
  };
  expect(guidanceWidth(silent, { unet: { time_cond_proj_dim: 256 } })).toBe(256);
  for (const config of [
    null,
    {},
    { unet: { time_cond_proj_dim: null } },
    { unet: { time_cond_proj_dim: 1 } },
  ]) {
    expect(() => guidanceWidth(silent, config)).toThrow('unet.time_cond_proj_dim');
  }
});

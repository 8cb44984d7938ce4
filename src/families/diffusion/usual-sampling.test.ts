import { expect, it } from 'vitest';
import { usualSampling } from './usual-sampling.ts';

const turbo = {
  _class_name: 'EulerDiscreteScheduler',
  timestep_spacing: 'trailing',
  prediction_type: 'epsilon',
};
const told = { time_cond_proj_dim: 256 };

it.each([
  ['Stable Diffusion 1.5', { _class_name: 'PNDMScheduler', steps_offset: 1 }, {}, [25, 7.5]],
  ['Turbo', turbo, {}, [1, 1]],
  ['velocities spaced to the end', { ...turbo, prediction_type: 'v_prediction' }, {}, [25, 7.5]],
  ['a schedule rescaled to pure noise', { ...turbo, rescale_betas_zero_snr: true }, {}, [25, 7.5]],
  ['latent consistency that is told', { _class_name: 'LCMScheduler' }, told, [4, 8.5]],
  [
    'latent consistency that has learnt it',
    { _class_name: 'LCMScheduler' },
    { time_cond_proj_dim: null },
    [4, 1],
  ],
])('%s', (_, scheduler, unet, [steps, guidance]) => {
  expect(usualSampling(scheduler, unet)).toEqual({ steps, guidance });
});

it('says nothing of what it cannot read', () => {
  expect(usualSampling(null, null)).toBeNull();
});

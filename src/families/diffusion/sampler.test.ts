import { expect, test } from 'vitest';
import type { Session, Value } from '../session.ts';
import { cumulativeAlphas } from './ddim.ts';
import { guide, type SamplePlan, sample } from './sampler.ts';
import { readScheduler } from './scheduler.ts';

const scheduler = readScheduler({
  beta_schedule: 'squaredcos_cap_v2',
  prediction_type: 'v_prediction',
  timestep_spacing: 'trailing',
  rescale_betas_zero_snr: true,
  clip_sample: false,
});
const alphas = cumulativeAlphas(scheduler);
const dims = [1, 2, 3] as const;
const size = 6;

/** A model that knows the clean latents: v for which the clean prediction is `text state + element / 10`. */
function oracle(seen: number[]): Session {
  return {
    inputs: [],
    outputs: ['out_sample', 'map'],
    release: async () => undefined,
    run: async (feeds) => {
      const { sample: x, timestep, encoder_hidden_states: text } = feeds;
      if (x?.type !== 'float32' || timestep?.type !== 'int64' || text?.type !== 'float32')
        throw new Error('feeds');
      const batch = x.dims[0]!;
      expect([x.dims, timestep.dims, text.dims]).toEqual([[batch, ...dims], [batch], [batch, 2, 1]]);
      seen.push(Number(timestep.data[0]));
      const alpha = alphas[Number(timestep.data[0])]!;
      const v = x.data.map((value, i) => {
        const row = Math.floor(i / size);
        const clean = text.data[row * 2]! + (i % size) / 10;
        return (Math.sqrt(alpha) * value - clean) / Math.sqrt(1 - alpha);
      });
      const map: Value = { type: 'float32', dims: [1], data: Float32Array.of(seen.length) };
      return { out_sample: { type: 'float32', dims: x.dims, data: v }, map };
    },
  };
}

function plan(unet: Session, guidance: number): SamplePlan {
  return {
    unet,
    scheduler,
    fresh: () => new Float32Array(),
    latentDims: dims,
    noise: Float32Array.from({ length: size }, (_, i) => Math.sin(i + 1)),
    unconditional: { tokens: 2, width: 1, data: Float32Array.of(1, 9) },
    conditional: { tokens: 2, width: 1, data: Float32Array.of(2, 9) },
    steps: 5,
    guidance,
    guidanceWidth: null,
    capture: ['map'],
  };
}

test.each([1, 4])(
  'guidance %d leads to the guided clean latents of a model that knows them',
  async (guidance) => {
    const seen: number[] = [];
    const captured: number[] = [];
    let last = new Float32Array();
    const steps = sample(plan(oracle(seen), guidance));
    for (;;) {
      const { done, value } = await steps.next();
      if (done) {
        last = Float32Array.from(value);
        break;
      }
      expect(Object.keys(value.captured)).toEqual(['map']);
      captured.push(Number(value.captured.map?.data[0]));
      // uncond 1, cond 2: 1 + guidance * (2 - 1)
      value.clean.forEach((clean, i) => {
        expect(clean).toBeCloseTo(1 + guidance + i / 10, 3);
      });
    }
    expect(seen).toEqual([999, 799, 599, 399, 199]);
    expect(captured).toEqual([1, 2, 3, 4, 5]);
    last.forEach((value, i) => {
      expect(value).toBeCloseTo(1 + guidance + i / 10, 3);
    });
  },
);

test('guidance mixes the halves of a batch', () => {
  expect([...guide(Float32Array.of(1, 2, 3, 5), 2, 3)]).toEqual([7, 11]);
  expect([...guide(Float32Array.of(1, 2), 2, 3)]).toEqual([1, 2]);
  expect(() => guide(new Float32Array(5), 2, 3)).toThrow('5');
});

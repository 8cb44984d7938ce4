import { afterAll, expect, test } from 'vitest';
import { denoise } from '../families/diffusion/sampler.ts';
import { readPrompt } from '../families/prompt.ts';
import { createNodeRuntime } from '../headless/runtime.ts';
import { openDiffusion } from './diffusion-model.ts';
import { planSampling } from './generate.ts';

const runtime = createNodeRuntime({ threads: 1 });
afterAll(() => runtime.close());

test('a U-Net that is only watched gives exactly what the steered one gives when nothing is steered', async () => {
  const [watched, steered] = [
    await openDiffusion(runtime, 'scene-diffusion', 'watch'),
    await openDiffusion(runtime, 'scene-diffusion'),
  ];
  const reading = readPrompt('a red car on the lawn', watched.tokenizer, watched.rules);
  const plan = await planSampling(watched, reading, { seed: 3, steps: 1, guidance: 4 });
  const { taps, selfTaps } = watched.instrumented;
  const capture = [
    ...taps.flatMap(({ output, products }) => [output, products]),
    ...selfTaps.map(({ output }) => output),
  ];
  expect(watched.unet.inputs).toEqual(['sample', 'timestep', 'encoder_hidden_states']);
  expect(steered.unet.inputs.length).toBeGreaterThan(3);
  const run = ({ unet }: Pick<typeof watched, 'unet'>) =>
    denoise({ ...plan, unet, capture }, plan.noise, 700);
  const [own, other] = [await run(watched), await run(steered)];
  expect(own.prediction).toEqual(other.prediction);
  expect(Object.keys(own.captured)).toEqual(capture);
  for (const name of capture) expect(own.captured[name], name).toEqual(other.captured[name]);
});

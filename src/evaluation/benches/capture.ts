/** What a whole generation costs more when every attention map of every step is kept. */

import { decode } from '../../families/diffusion/decode.ts';
import { type SamplePlan, sample } from '../../families/diffusion/sampler.ts';
import { readPrompt } from '../../families/prompt.ts';
import { createNodeRuntime } from '../../headless/runtime.ts';
import { type CaptureRecord, capturePlan } from '../../jobs/capture-plan.ts';
import { openDiffusion } from '../../jobs/diffusion-model.ts';
import { planSampling } from '../../jobs/generate.ts';
import { externalise } from '../../onnx/externalise.ts';
import { DIFFUSION } from '../generated.ts';
import type { Measure } from '../table.ts';
import { compare, describeTimes } from './interleave.ts';

const STEPS = 25;
const EFFORT = { rounds: 9, leastMs: 0, warmUps: 1 };

export const capture: Measure = async () => {
  const runtime = createNodeRuntime();
  const model = await openDiffusion(runtime, DIFFUSION, 'watch');
  const reading = readPrompt('a red car on the lawn by day', model.tokenizer, model.rules);
  const bare = await planSampling(model, reading, { seed: 1, steps: STEPS, guidance: 4 });
  // The page's session holds the usual key; the file as it is needs one of its own.
  const unet = await runtime.open('bench/unet', async () => {
    const data = await runtime.bytes(DIFFUSION, 'unet');
    const { graph, location } = externalise(data, 'unet.onnx');
    return { graph, weights: { path: location, data } };
  });
  const plain: SamplePlan = { ...bare, unet, capture: [] };
  const run = async (plan: SamplePlan, record: CaptureRecord | null): Promise<void> => {
    let clean = plan.noise;
    for await (const step of sample(plan)) {
      record?.add(step);
      clean = step.clean;
    }
    record?.finish();
    await decode(model.decoder, clean, plan.latentDims, model.config.scalingFactor);
  };
  const result = await compare(
    () => run(plain, null),
    async () => {
      const { plan: full, record } = await capturePlan(model, bare, []);
      await run(full, record);
    },
    EFFORT,
  );
  await runtime.close();
  return [
    {
      name: `a generation of ${STEPS} steps with every cross- and self-attention map captured`,
      value: result.ratio,
      bar: { is: 'at most', value: 1.25 },
      note: describeTimes(result),
    },
  ];
};

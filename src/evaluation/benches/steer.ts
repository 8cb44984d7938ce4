/** What an edit costs against a plain generation: it draws two pictures. */

import { decode } from '../../families/diffusion/decode.ts';
import { type SamplePlan, sample } from '../../families/diffusion/sampler.ts';
import { readPrompt } from '../../families/prompt.ts';
import { createNodeRuntime } from '../../headless/runtime.ts';
import { openDiffusion } from '../../jobs/diffusion-model.ts';
import { planSampling } from '../../jobs/generate.ts';
import { steer as steerJob } from '../../jobs/steer.ts';
import { externalise } from '../../onnx/externalise.ts';
import { PLAIN_EDIT } from '../../protocol/steer.ts';
import { DIFFUSION } from '../generated.ts';
import type { Measure } from '../table.ts';
import { compare, describeTimes } from './interleave.ts';

const STEPS = 25;
const EFFORT = { rounds: 5, leastMs: 0, warmUps: 1 };
const PROMPT = 'a red car on the lawn by day';

export const steer: Measure = async () => {
  const runtime = createNodeRuntime();
  const model = await openDiffusion(runtime, DIFFUSION);
  const reading = readPrompt(PROMPT, model.tokenizer, model.rules);
  const settings = { seed: 1, steps: STEPS, guidance: 4 };
  const unet = await runtime.open('bench/unet', async () => {
    const data = await runtime.bytes(DIFFUSION, 'unet');
    const { graph, location } = externalise(data, 'unet.onnx');
    return { graph, weights: { path: location, data } };
  });
  const plain: SamplePlan = { ...(await planSampling(model, reading, settings)), unet, capture: [] };
  const cancellation = { cancelled: false, check: () => undefined };
  // As the page does: every step's guess is decoded and shown.
  const generate = async (): Promise<void> => {
    for await (const { clean } of sample(plain)) {
      await decode(model.decoder, clean, plain.latentDims, model.config.scalingFactor);
    }
  };
  const edit = {
    ...PLAIN_EDIT,
    prompt: 'a blue car on the lawn by day',
    method: 'replace' as const,
    blend: 2,
  };
  const result = await compare(
    generate,
    () =>
      steerJob(
        { model: DIFFUSION, prompt: PROMPT, ...settings, edit },
        { runtime, cancellation, report: () => undefined },
      ),
    EFFORT,
  );
  await runtime.close();
  return [
    {
      name: `an edit of ${STEPS} steps: replace, self-attention, local blend, both pictures' maps kept`,
      value: result.ratio,
      bar: { is: 'at most', value: 2.3 },
      note: describeTimes(result),
    },
  ];
};

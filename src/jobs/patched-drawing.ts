/** A diffusion model with one layer patched: pictures drawn with what is fed to the patch, step by step. */

import { decode } from '../families/diffusion/decode.ts';
import { sample } from '../families/diffusion/sampler.ts';
import type { Session, Value } from '../families/session.ts';
import { instrument } from '../onnx/instrument.ts';
import type { Patch } from '../onnx/patch.ts';
import type { Pixels } from '../protocol/image.ts';
import type { GenerateParams, PromptReading } from '../protocol/jobs.ts';
import { diffusionCard } from './diffusion-model.ts';
import { planSampling } from './generate.ts';
import { openPlain } from './open.ts';
import type { JobContext, Runtime } from './runtime.ts';

export type Fed = Readonly<Record<string, Value>>;

export interface PatchedDrawing {
  /** `fed` says what the patch's inputs are at a step, counted from 0, of a run of so many rows: the prompt's is the last. */
  draw(
    prompt: PromptReading,
    how: Pick<GenerateParams, 'seed' | 'steps' | 'guidance'>,
    fed: (step: number, rows: number) => Fed,
    context: Pick<JobContext<never>, 'runtime' | 'cancellation'>,
  ): Promise<Pixels>;
}

/** `name` tells this patch from others of the model. */
export async function openPatchedDrawing(
  runtime: Runtime,
  id: string,
  name: string,
  change: Patch,
): Promise<PatchedDrawing> {
  const card = await diffusionCard(runtime, id);
  const unet = await runtime.open(`${id}/unet/${name}`, async () => ({
    graph: instrument(card.graph.model, [change]),
    weights: { path: card.graph.location, data: await runtime.bytes(id, 'unet') },
  }));
  const model = {
    ...card,
    unet,
    textEncoder: await openPlain(runtime, id, 'text_encoder'),
    decoder: await openPlain(runtime, id, 'vae_decoder'),
  };
  return {
    draw: async (prompt, how, fed, { runtime: host, cancellation }) => {
      let step = 0;
      const stepped: Session = {
        ...unet,
        run: (feeds, fetch) => unet.run({ ...feeds, ...fed(step, feeds.sample?.dims[0] ?? 1) }, fetch),
      };
      const plan = await planSampling(model, prompt, how);
      let { noise: clean } = plan;
      for await (const each of sample({ ...plan, capture: [], unet: stepped })) {
        ({ clean } = each);
        step = each.index + 1;
        await host.pause();
        cancellation.check();
      }
      return decode(model.decoder, clean, plan.latentDims, card.config.scalingFactor);
    },
  };
}

/** The sites of a model that views offer: units to dissect of whatever sees or answers, attention maps of a diffusion model. */

import type { Site } from '../onnx/sites/site.ts';
import { VitrineError } from '../protocol/errors.ts';
import type { SiteSummary } from '../protocol/jobs.ts';
import { decoderSites } from './decoder-units.ts';
import { diffusionCard } from './diffusion-model.ts';
import { DECODER, generativeCard } from './generative-model.ts';
import { hasFile } from './present-file.ts';
import type { Job, Runtime } from './runtime.ts';
import { unetSites } from './unet-units.ts';
import { visionCard } from './vision-model.ts';

export const sites: Job<'sites'> = async ({ model, of }, { runtime }) => {
  if (await hasFile(runtime, model, 'vision_model')) return visionSites(runtime, model);
  if (await hasFile(runtime, model, DECODER)) return answeringSites(runtime, model);
  return of === 'units' ? unetUnits(runtime, model) : attentionSites(runtime, model);
};

async function unetUnits(runtime: Runtime, model: string): Promise<readonly SiteSummary[]> {
  return (await unetSites(runtime, model)).map(summaryOf);
}

async function visionSites(runtime: Runtime, model: string): Promise<readonly SiteSummary[]> {
  const { tower } = await visionCard(runtime, model);
  return tower.dissectable.map(summaryOf);
}

/** The vision tower's, then the decoder's where its image tokens can be told (not where it reads the picture by cross attention). */
async function answeringSites(runtime: Runtime, model: string): Promise<readonly SiteSummary[]> {
  const seen = await visionSites(runtime, model);
  try {
    await generativeCard(runtime, model);
  } catch (error) {
    if (error instanceof VitrineError && error.code === 'unsupported') return seen;
    throw error;
  }
  return [...seen, ...(await decoderSites(runtime, model)).map(summaryOf)];
}

function summaryOf({ name, kind, axes, shape }: Site): SiteSummary {
  const units = shape?.[axes.indexOf('channel')];
  return { name, kind, axes, ...(typeof units === 'number' ? { units } : {}) };
}

async function attentionSites(runtime: Runtime, model: string): Promise<readonly SiteSummary[]> {
  const { graph, instrumented } = await diffusionCard(runtime, model);
  const tapped = new Set(instrumented.taps.map(({ site }) => site));
  return graph.inventory.sites
    .filter(({ name }) => tapped.has(name))
    .map(({ name, kind, axes, heads }) => ({
      name,
      kind,
      axes,
      ...(heads === null ? {} : { units: heads }),
    }));
}

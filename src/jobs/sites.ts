/** The sites of a model that views offer: units to dissect of a contrastive model, attention maps of a diffusion model. */

import type { Site } from '../onnx/sites/site.ts';
import { VitrineError } from '../protocol/errors.ts';
import type { SiteSummary } from '../protocol/jobs.ts';
import { diffusionCard } from './diffusion-model.ts';
import type { Job, Runtime } from './runtime.ts';
import { unetSites } from './unet-units.ts';
import { visionCard } from './vision-model.ts';

export const sites: Job<'sites'> = async ({ model, of }, { runtime }) => {
  if (await hasFile(runtime, model, 'vision_model')) return visionSites(runtime, model);
  return of === 'units' ? unetUnits(runtime, model) : attentionSites(runtime, model);
};

async function unetUnits(runtime: Runtime, model: string): Promise<readonly SiteSummary[]> {
  return (await unetSites(runtime, model)).map(summaryOf);
}

async function visionSites(runtime: Runtime, model: string): Promise<readonly SiteSummary[]> {
  const { tower } = await visionCard(runtime, model);
  return tower.dissectable.map(summaryOf);
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

async function hasFile(runtime: Runtime, model: string, file: string): Promise<boolean> {
  try {
    await runtime.bytes(model, file);
    return true;
  } catch (error) {
    if (error instanceof VitrineError && error.code === 'model-missing') return false;
    throw error;
  }
}

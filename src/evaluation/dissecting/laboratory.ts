/** Dissections of a suite, each run once: of the models as they are, and of the same with shuffled weights. */

import { createNodeRuntime, type NodeRuntime } from '../../headless/runtime.ts';
import { dissect } from '../../jobs/dissect.ts';
import { shuffleWeights } from '../../jobs/shuffled.ts';
import { detectorIou } from '../../methods/dissection/recipe.ts';
import type { Dissection } from '../../protocol/dissection.ts';

/** Scenes of a range that nothing was trained on. */
export const SEED = 70_000_000;
const SHUFFLE_SEED = 5;

export interface Layer {
  readonly model: string;
  readonly site: string;
}

export interface Laboratory {
  readonly trained: NodeRuntime;
  readonly scenes: number;
  dissect(layer: Layer): Promise<Dissection>;
  /** The control. */
  dissectShuffled(layer: Layer): Promise<Dissection>;
  close(): Promise<void>;
}

export function openLaboratory(scenes: number): Laboratory {
  const trained = createNodeRuntime();
  const control = createNodeRuntime({
    transform: (bytes, _, file) => (file === 'vision_model' ? shuffleWeights(bytes, SHUFFLE_SEED) : bytes),
  });
  const known = new Map<string, Promise<Dissection>>();
  const run = (runtime: NodeRuntime, { model, site }: Layer): Promise<Dissection> => {
    const key = `${runtime === control ? 'shuffled' : 'trained'} ${model} ${site}`;
    const found = known.get(key) ?? dissect({ model, site, scenes, seed: SEED }, quiet(runtime));
    known.set(key, found);
    return found;
  };
  return {
    trained,
    scenes,
    dissect: (layer) => run(trained, layer),
    dissectShuffled: (layer) => run(control, layer),
    close: async () => {
      await trained.close();
      await control.close();
    },
  };
}

export function quiet(runtime: NodeRuntime) {
  return { runtime, cancellation: { cancelled: false, check: () => undefined }, report: () => undefined };
}

export function detectors({ rows }: Dissection): Dissection['rows'] {
  return rows.filter(({ iou, dead }) => !dead && iou >= detectorIou);
}

import type { Json, Settings } from '../../exports/settings.ts';
import type { DissectParams } from '../../protocol/dissection.ts';
import { hashesOf } from './download.ts';

/** What travels with every file of the neurons view. */
export function neuronSettings(
  kind: string,
  model: string,
  recipe: string,
  device: string,
  parameters: Readonly<Record<string, Json>>,
): Settings {
  return { kind, model, sha256: hashesOf(model), recipe, device, link: location.href, parameters };
}

/** A dissection's own parameters; the visitor's data set by its name. */
export function dissectionParameters(params: DissectParams): Readonly<Record<string, Json>> {
  const { site, scenes, seed, weights = 'trained', noise, data } = params;
  return {
    site,
    scenes,
    seed,
    weights,
    ...(noise !== undefined && { noise }),
    ...(data && { data: data.name }),
  };
}

/** What a dissection works on: a layer's units, annotated pictures, and the batches that a shard of them holds. */

import { type Legend, legendOf } from '../methods/dissection/legend.ts';
import { peaksOf } from '../methods/dissection/peaks.ts';
import { RECIPES, type RecipeRules } from '../methods/dissection/recipe.ts';
import { Survey } from '../methods/dissection/survey.ts';
import type { UnitMaps } from '../methods/dissection/units.ts';
import type { DissectParams, Recipe, Shard } from '../protocol/dissection.ts';
import { VitrineError } from '../protocol/errors.ts';
import { type AnnotatedPicture, type AnnotatedSource, worldSource } from './annotated-source.ts';
import { datasetSource, openData } from './dataset-source.ts';
import type { Cancellation, Runtime } from './runtime.ts';
import { SCENE_BATCH } from './unit-activations.ts';
import { openUnits, siteFile, type UnitMapper } from './unit-source.ts';

export interface DissectWork {
  readonly key: string;
  readonly recipe: Recipe;
  readonly rules: RecipeRules;
  readonly legend: Legend;
  readonly source: AnnotatedSource;
  readonly units: UnitMapper;
  /** Runs batch `batch` of the whole data set: pictures `8 batch` and on, those left out that cannot be read. */
  look(batch: number, cancellation: Cancellation): Promise<readonly Seen[]>;
}

/** A picture with the units' activations on it, and the highest of each. */
export interface Seen {
  readonly index: number;
  readonly maps: UnitMaps;
  readonly peaks: Float32Array;
  readonly seen: AnnotatedPicture;
}

export async function openWork(runtime: Runtime, params: DissectParams): Promise<DissectWork> {
  const units = await openUnits(runtime, params);
  const { data } = params;
  const source = data
    ? datasetSource(runtime, await openData(data), data.name, params.scenes)
    : worldSource(params, units.size);
  return workOf(await workKey(runtime, params, source), params.recipe ?? 'netdissect', units, source);
}

/** A dissection of any units on any pictures; `key` tells it from others. */
export function workOf(key: string, recipe: Recipe, units: UnitMapper, source: AnnotatedSource): DissectWork {
  return {
    key,
    recipe,
    rules: RECIPES[recipe],
    legend: legendOf(source.categories),
    source,
    units,
    look: async (batch, cancellation) => {
      const pictures: { readonly index: number; readonly seen: AnnotatedPicture }[] = [];
      const end = Math.min((batch + 1) * SCENE_BATCH, source.count);
      for (let index = batch * SCENE_BATCH; index < end; index += 1) {
        const seen = await source.read(index, units.size);
        if (seen) pictures.push({ index, seen });
      }
      if (pictures.length === 0) return [];
      const maps = await units.maps(pictures.map(({ seen }) => seen.picture));
      cancellation.check();
      return pictures.map((picture, i) => ({ ...picture, maps: maps[i]!, peaks: peaksOf(maps[i]!) }));
    },
  };
}

/** The batches of a shard, first and end: whole batches, so that every picture runs with the same neighbours anywhere. */
export function shardBatches(count: number, { index, of }: Shard): readonly [first: number, end: number] {
  if (!(Number.isInteger(of) && of > 0 && Number.isInteger(index) && index >= 0 && index < of)) {
    throw new VitrineError('bad-parameter', `no shard ${index} of ${of}`, {
      name: 'shard',
      allowed: '0 to of - 1',
    });
  }
  const batches = Math.ceil(count / SCENE_BATCH);
  return [Math.floor((index * batches) / of), Math.floor(((index + 1) * batches) / of)];
}

/** An empty survey of all pictures, for units whose maps have this size. */
export function newSurvey({ rules, source }: DissectWork, [units, height, width]: readonly number[]): Survey {
  const positions = rules.enlarged ? source.mostPixels : height! * width!;
  return new Survey({
    units: units!,
    count: source.count * positions,
    quantile: rules.quantile,
    enlarged: rules.enlarged,
  });
}

/** What tells one dissection's work from another's, the model's weights among it. */
async function workKey(runtime: Runtime, params: DissectParams, source: AnnotatedSource): Promise<string> {
  const { model, site, recipe = 'netdissect', weights = 'trained', noise = 0 } = params;
  const bytes = await runtime.bytes(model, await siteFile(runtime, params));
  return JSON.stringify(['dissect 1', model, fingerprint(bytes), site, recipe, weights, noise, source.key]);
}

/** FNV-1a over the length and 65,536 bytes spread over the file: enough to notice that a model was trained anew. */
export function fingerprint(bytes: Uint8Array): string {
  let hash = 0x811c9dc5 ^ bytes.length;
  const step = Math.max(1, bytes.length / 65536);
  for (let at = 0; at < bytes.length; at += step) {
    hash = Math.imul(hash ^ bytes[Math.floor(at)]!, 0x01000193);
  }
  return (hash >>> 0).toString(16);
}

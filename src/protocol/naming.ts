/** CLIP-Dissect across threads: units named with words, by pictures that need no labels. */

import type { DissectParams, LabelScore, Shard, UnitReport } from './dissection.ts';
import type { Device, Progress } from './progress.ts';

/** The layer and the pictures; `data` may be a folder of pictures alone. */
export type WatchedParams = Pick<DissectParams, 'model' | 'site' | 'scenes' | 'seed' | 'noise' | 'data'>;

export interface NameUnitsParams extends WatchedParams {
  /** The contrastive model that says how well a picture and a word match; may be the model itself. */
  readonly judge: string;
  /** None: the labels of the drawn world. */
  readonly words: readonly string[];
  /** What `watchUnits` made of all shards, instead of watching here. */
  readonly parts?: readonly Uint8Array[];
}

/** A shard of the pictures, watched by the layer and by the judge; words come later. */
export interface WatchUnitsParams extends Omit<NameUnitsParams, 'words' | 'parts'> {
  readonly shard: Shard;
}

export interface NamingProgress extends Progress {
  /** Pictures that an earlier run had watched; absent when it began anew. */
  readonly resumedAt?: number;
}

/** A word and how much better it fits a unit than it fits any unit: SoftWPMI in nats. */
export type WordScore = Omit<LabelScore, 'iou' | 'category'> & { readonly score: number };

export interface NamedUnit {
  readonly unit: number;
  /** Best word, empty for a unit that gives the same everywhere. */
  readonly concept: string;
  readonly score: number;
  /** The words after it. */
  readonly next: readonly WordScore[];
  readonly dead: boolean;
  /** Its strongest pictures by mean activation, strongest first, as numbers in the data set or after the first seed. */
  readonly pictures: readonly number[];
}

export interface UnitNames {
  readonly rows: readonly NamedUnit[];
  /** Pictures looked at, and strongest ones that each unit is judged by. */
  readonly images: number;
  readonly top: number;
  readonly words: number;
  /** Words that the judge's vocabulary does not hold, left out. */
  readonly unknown: readonly string[];
  /** Baseline: the best score that as many pictures drawn at random reach, 95th percentile. */
  readonly chance: number;
  readonly device: Device;
  readonly elapsedMs: number;
}

export interface NamedUnitParams extends WatchedParams {
  readonly unit: number;
  readonly pictures: readonly number[];
}

export interface NamingJobs {
  nameUnits: { params: NameUnitsParams; progress: NamingProgress; result: UnitNames };
  watchUnits: { params: WatchUnitsParams; progress: NamingProgress; result: Uint8Array };
  /** Pictures of a named unit, with its activation on each. */
  namedUnit: { params: NamedUnitParams; progress: Progress; result: UnitReport };
}

/** Network dissection across threads: what is asked, what a row says, and what is known of one unit. */

import type { Grid } from '../tensor/tensor.ts';
import type { DataFiles, DataSummary } from './data.ts';
import type { Pixels } from './image.ts';
import type { Device, Progress } from './progress.ts';

/**
 * Which published procedure the figures follow; they are not interchangeable.
 * `netdissect`: threshold at the top 0.005 of raw activations, IoU pooled over images that contain the label's category.
 * `dissect`: threshold at the top 0.01 after enlarging, IoU pooled over all pixels.
 * `per-image`: threshold twice the image's own mean, mean IoU of the images that contain the label.
 */
export type Recipe = 'netdissect' | 'dissect' | 'per-image';

export interface DissectParams {
  readonly model: string;
  /** Site name, as `vision.blocks.4.mlp.post` or `unet.mid.conv.0.post`. */
  readonly site: string;
  /** Scenes of the world, or pictures of `data` at most. */
  readonly scenes: number;
  /** First seed of the world's scenes. */
  readonly seed: number;
  /** Default `netdissect`. */
  readonly recipe?: Recipe;
  /** `shuffled`: the control, every weight tensor's values shuffled among themselves. Default `trained`. */
  readonly weights?: 'trained' | 'shuffled';
  /** Noise level of a diffusion model's input: 0 is clean, 1 is pure noise. Default 0.4. Of no meaning to other models. */
  readonly noise?: number;
  /** A data set of the visitor's instead of the world. */
  readonly data?: DataFiles;
  /** Forgets what an interrupted or finished run has left, instead of going on from there. */
  readonly fresh?: boolean;
}

/** One label's score for one unit. */
export interface LabelScore {
  readonly concept: string;
  readonly category: string;
  readonly iou: number;
}

export interface DissectionRow {
  readonly unit: number;
  /** Best label, its category, and its score under the recipe. Empty and 0 for a unit that never met a label. */
  readonly concept: string;
  readonly category: string;
  readonly iou: number;
  /** Highest IoU that a mask of this quantile could reach for this label; 1 under `per-image`. */
  readonly ceiling: number;
  /** Share of the label's pixels that the unit's mask covers, 0 to 1. */
  readonly coverage: number;
  /**
   * Chance that the unit peaks higher in an image with its label than in one without, among images annotated for the
   * category; 0.5 is no relation, NaN when one of the two is missing.
   */
  readonly auc: number;
  /** Activation above which a position counts as firing. Under `per-image` it takes no part in the figures. */
  readonly threshold: number;
  /** Next best label, for honesty. */
  readonly runnerUp: string;
  readonly runnerUpIou: number;
  /** Up to four labels after the best, best first; the runner-up is the first of them. */
  readonly next: readonly LabelScore[];
  /** A unit whose activation never varies. */
  readonly dead: boolean;
}

export interface DissectProgress extends Progress {
  /** Absent while files load. */
  readonly pass?: 'threshold' | 'count';
  /** Rows as they firm up (second pass only). */
  readonly rows?: readonly DissectionRow[];
  /** How much had been done by an earlier run that this one went on from; absent when it began anew. */
  readonly resumedAt?: number;
}

export interface Dissection {
  readonly site: string;
  readonly recipe: Recipe;
  /** Top share of activations that counts as firing. */
  readonly quantile: number;
  /** How far from the true quantile thresholds may lie, as a share of their size: 0 when exact. */
  readonly thresholdError: number;
  /** Pictures that were counted. */
  readonly scenes: number;
  readonly seed: number;
  readonly rows: readonly DissectionRow[];
  readonly device: Device;
  readonly elapsedMs: number;
}

// ---- a part of a dissection, for several workers or machines; all parts merge to the same bytes ----

export interface Shard {
  readonly index: number;
  readonly of: number;
}

export interface DissectPartParams extends DissectParams {
  readonly shard: Shard;
  readonly pass: 'threshold' | 'count';
  /** For pass `count`: what `dissectMerge` made of all parts of pass `threshold`. */
  readonly thresholds?: Uint8Array;
}

export interface DissectPartProgress extends Progress {
  readonly pass?: 'threshold' | 'count';
  /** As of a whole dissection, of this shard's pass. */
  readonly resumedAt?: number;
  /** The part so far, now and then, in pass `count`: merge those of all shards for a table that firms up. */
  readonly part?: Uint8Array;
}

export interface DissectMergeParams {
  readonly parts: readonly Uint8Array[];
  readonly pass: 'threshold' | 'count';
  /** The parts are all of this dissection: the merged pass is kept where job `dissect` goes on from it. */
  readonly whole?: DissectParams;
}

export interface DissectMerged {
  /** Parts of one pass as one, readable by the next: thresholds, or the whole count. */
  readonly merged: Uint8Array;
  /** Of pass `count`. */
  readonly rows: readonly DissectionRow[];
  readonly thresholdError: number;
  readonly images: number;
}

// ---- one unit ----

export interface UnitParams extends DissectParams {
  readonly unit: number;
  readonly threshold: number;
  readonly top: number;
}

export interface UnitExample {
  /** Seed of a scene of the world, or number of the picture in the data set. */
  readonly sceneSeed: number;
  readonly caption: string;
  readonly image: Pixels;
  readonly activation: Grid;
  readonly peak: number;
}

export interface UnitReport {
  readonly examples: readonly UnitExample[];
}

export interface UnitEvidenceParams extends DissectParams {
  readonly unit: number;
  readonly threshold: number;
  readonly concept: string;
  readonly category: string;
  /** Pictures that the sentence is found on, default 1,536: rare things need many. */
  readonly foundOn?: number;
}

/** How often the unit's activation falls into each bin, as shares that sum to 1, inside and outside the concept. */
export interface ActivationDistribution {
  /** Bin edges, ascending, one more than bins; activation units. */
  readonly edges: Float32Array;
  readonly inside: Float32Array;
  readonly outside: Float32Array;
  /** Pixels counted. */
  readonly insidePixels: number;
  readonly outsidePixels: number;
}

/** A condition that goes with a unit's firing on a thing. */
export interface SentencePart {
  readonly concept: string;
  readonly category: string;
  /** Share of the thing's firing pixels that also carry this label. */
  readonly share: number;
  /** Share of all the thing's pixels that do: the baseline. */
  readonly baseline: number;
}

/** A thing that raises or lowers the odds that the unit fires. */
export interface SentenceThing {
  readonly concept: string;
  readonly category: string;
  /** Nats of log odds that one of usual size adds; it grows with the thing's length, up to three times. */
  readonly weight: number;
  /** Share of the images showing it in which the unit fires, 0 to 1, and of the others (NaN without others). */
  readonly rate: number;
  readonly otherwise: number;
  /** How large it is where it is shown, in pixels of the label map. */
  readonly usualPixels: number;
  /** Images that show it. */
  readonly images: number;
}

/**
 * "Fires on wheels, mostly of buses, rarely at night; also on bumpers; less often with grass": the words that the evidence
 * allows, for the page to word. `auc`: chance that the sentence alone ranks a held-out scene in which the unit fires above one
 * in which it does not.
 */
export interface UnitSentence {
  /** What it fires on, that which tells most first. */
  readonly heads: readonly SentenceThing[];
  /** What keeps it from firing. */
  readonly less: readonly SentenceThing[];
  /** What goes with its firing on the first of the heads. */
  readonly mostly: readonly SentencePart[];
  readonly rarely: readonly SentencePart[];
  /** NaN when the unit fires in none or all of the held-out scenes. */
  readonly auc: number;
  /** Images that the words were found on, and others that they were scored on. */
  readonly images: number;
  readonly heldOut: number;
  /** Held-out scenes in which it fires. */
  readonly fired: number;
}

/** What is known of a unit before its sentence is. */
export interface UnitFigures {
  readonly distribution: ActivationDistribution;
  /** Every label that the unit met, best first. */
  readonly labels: readonly LabelScore[];
}

export interface UnitEvidenceProgress extends Progress {
  readonly figures?: UnitFigures;
}

export interface UnitEvidence extends UnitFigures {
  readonly sentence: UnitSentence;
}

// ---- the causal referee: what is lost when units are switched off ----

export interface RefereeParams {
  readonly model: string;
  readonly site: string;
  readonly units: readonly number[];
  /** A label of the drawn world that the model's texts can name. */
  readonly concept: string;
  readonly scenes: number;
  readonly seed: number;
  /** Random sets of live units, matched in mean activation, that the effect is ranked among. */
  readonly sets: number;
  /** The contrastive model that looks at what a diffusion model draws; of no meaning to others. */
  readonly judge?: string;
}

export interface RefereeProgress extends Progress {
  /** Probability that each matched set loses, so far. */
  readonly matched?: readonly number[];
}

/** How well a thing is recognised. */
export interface Recognition {
  /** Mean probability, in scenes that show it, of its name among the names of its kind, or of the answer yes; in pictures drawn of it, of its name. */
  readonly probability: number;
  /** Share of these scenes where that is the likeliest. */
  readonly named: number;
  /** Chance that a scene with it matches better than one without; 0.5 is guessing, and 1 is soon reached. NaN where none are without. */
  readonly auc: number;
  /** Distance of the two kinds' mean match in standard deviations (Cohen's d): goes on where AUC is full. */
  readonly clarity: number;
}

export interface RefereeReport {
  /** What may be lost: zero-shot by the match of picture and name, the answer to "is there a tree in the picture", or the thing in pictures drawn of it. */
  readonly outcome: 'match' | 'answer' | 'picture';
  /** The model that looked at the drawn pictures. */
  readonly judge?: string;
  /** With all units on, and with the chosen ones off. */
  readonly intact: Recognition;
  readonly ablated: Recognition;
  /** Names that the thing competes with, its own first; of an answer yes and no. */
  readonly names: readonly string[];
  /** Probability that each matched set loses. */
  readonly matched: readonly number[];
  /** Share of matched sets that lose less probability than the chosen units, 0 to 1. */
  readonly percentile: number;
  /** Ratio of the matched sets' mean activation to the chosen units'; 1 is a perfect match. */
  readonly matchRatio: number;
  readonly scenesWith: number;
  readonly scenesWithout: number;
}

/** The jobs of the neurons view. */
export interface DissectionJobs {
  dissect: { params: DissectParams; progress: DissectProgress; result: Dissection };
  dissectPart: { params: DissectPartParams; progress: DissectPartProgress; result: Uint8Array };
  dissectMerge: { params: DissectMergeParams; progress: Progress; result: DissectMerged };
  /** Whether both passes are done and kept, so that `dissect` answers at once. */
  dissectKept: { params: DissectParams; progress: Progress; result: boolean };
  unit: { params: UnitParams; progress: Progress; result: UnitReport };
  inspectData: { params: { readonly data: DataFiles }; progress: Progress; result: DataSummary };
}

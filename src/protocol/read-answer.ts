/** While a generative model answers: which concept each state holds, layer by token. */

import type { Tensor } from '../tensor/tensor.ts';
import type { SequenceToken } from './ask.ts';
import type { ImageSource, Pixels } from './image.ts';
import type { Device, NullBand, Progress } from './jobs.ts';
import type { Separations } from './separation.ts';

/** What a decoder's states are compared with, see `methods/concepts/reader`. */
export const ANSWER_VECTORS = ['means', 'contextual', 'logit-lens'] as const;
export type AnswerVectors = (typeof ANSWER_VECTORS)[number];

export interface ReadAnswerParams {
  readonly model: string;
  readonly image: ImageSource;
  readonly question: string;
  /** Words that the answer must begin with, "the color is"; may be empty. */
  readonly prefix: string;
  /** A drawn scene may have the thing that the question names in another colour; null leaves the picture alone. */
  readonly repaint: string | null;
  readonly concepts: readonly string[];
  readonly vectors: AnswerVectors;
}

export interface AnswerLayer {
  readonly site: string;
  /** What vectors that mean nothing reach: shuffled labels, or other words of the vocabulary. */
  readonly band: NullBand;
  /** For each position the concept of the highest figure; -1 where none rises above the band. */
  readonly best: readonly number[];
}

export interface AnswerReading {
  readonly recipe: 'contrastive-means' | 'contextual' | 'logit-lens';
  readonly image: Pixels;
  /** Side of the square that the image tokens fill, row by row; 0 where they stand for no places of the picture. */
  readonly grid: number;
  /** Prompt and answer. */
  readonly sequence: readonly SequenceToken[];
  /** The prefix and what the model went on with. */
  readonly answer: string;
  /** Tokens of the answer that were given to it. */
  readonly forced: number;
  /** The position that predicts the first token of the model's own. */
  readonly answering: number;
  readonly layers: readonly AnswerLayer[];
  /** Cosine, or logit for the lens. */
  readonly figures: Tensor<readonly ['layer', 'position', 'concept']>;
  /** First layer from which on the answering position's concept is the first word of the model's own; -1 for never. */
  readonly readableFrom: number;
  /** Scenes behind the probe mean and the vectors. */
  readonly probes: number;
  readonly device: Device;
  readonly elapsedMs: number;
}

// ---- referAnswer: the causal referee of an answer ----

export interface ReferAnswerParams extends ReadAnswerParams {
  /** Index of the concept whose direction is changed. */
  readonly concept: number;
  /** Block after which the direction is changed, and after all later ones; at the answering position. */
  readonly from: number;
  readonly act: 'remove' | 'add';
  /** Of the matched directions. */
  readonly seed: number;
}

export interface AnswerVerdict {
  readonly recipe: 'projection-patch';
  /** The token whose probability is watched: the model's answer where a direction is removed, the concept where one is added. */
  readonly watched: string;
  readonly before: number;
  readonly after: number;
  /** The watched probability after the same act with each matched direction. */
  readonly matched: readonly number[];
  /** Share of matched directions that moved it less far in the act's direction, 0 to 1. */
  readonly percentile: number;
  /** The watched probability after the act with each concept's direction instead; at its own place `after`. */
  readonly others: readonly number[];
  /** What the model says now. */
  readonly said: string;
  /** Probability of each concept's first token, before and after. */
  readonly concepts: { readonly before: readonly number[]; readonly after: readonly number[] };
  readonly device: Device;
  readonly elapsedMs: number;
}

// ---- separateAnswer: does a concept's direction tell held-out pictures apart where the model answers ----

export type SeparateAnswerParams = Pick<
  ReadAnswerParams,
  'model' | 'question' | 'prefix' | 'concepts' | 'vectors'
>;

export interface AnswerSeparation extends Separations {
  readonly recipe: AnswerReading['recipe'];
}

export interface ReadAnswerJobs {
  separateAnswer: { params: SeparateAnswerParams; progress: Progress; result: AnswerSeparation };
  readAnswer: { params: ReadAnswerParams; progress: Progress; result: AnswerReading };
  referAnswer: { params: ReferAnswerParams; progress: Progress; result: AnswerVerdict };
}

/** While a generative model answers: which concept each state holds, layer by token. */

import type { Tensor } from '../tensor/tensor.ts';
import type { SequenceToken } from './ask.ts';
import type { ImageSource, Pixels } from './image.ts';
import type { Device, NullBand, Progress } from './jobs.ts';

/** What a decoder's states are compared with, see `methods/concepts/reader`. */
export const ANSWER_VECTORS = ['means', 'contextual', 'logit-lens'] as const;
export type AnswerVectors = (typeof ANSWER_VECTORS)[number];

export interface ReadAnswerParams {
  readonly model: string;
  readonly image: ImageSource;
  readonly question: string;
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
  /** Prompt and answer. */
  readonly sequence: readonly SequenceToken[];
  readonly answer: string;
  /** The position that predicts the answer's first token. */
  readonly answering: number;
  readonly layers: readonly AnswerLayer[];
  /** Cosine, or logit for the lens. */
  readonly figures: Tensor<readonly ['layer', 'position', 'concept']>;
  /** First layer from which on the answering position's concept is the answer's first word; -1 for never. */
  readonly readableFrom: number;
  /** Scenes behind the probe mean and the vectors. */
  readonly probes: number;
  readonly device: Device;
  readonly elapsedMs: number;
}

export interface ReadAnswerJobs {
  readAnswer: { params: ReadAnswerParams; progress: Progress; result: AnswerReading };
}

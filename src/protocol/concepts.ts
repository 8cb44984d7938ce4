/** Jobs of the concepts view beyond `explain`: what heads do, what separates, what matches. */

import type { Tensor } from '../tensor/tensor.ts';
import type { ImageSource } from './image.ts';
import type { Device, NullBand, Progress } from './jobs.ts';
import type { ReadAnswerJobs } from './read-answer.ts';
import type { Separations } from './separation.ts';

/** Held-out scenes that a figure is measured on: `scenes` of them from `seed` on. */
export interface Survey {
  readonly model: string;
  readonly scenes: number;
  readonly seed: number;
}

/** Where concept vectors come from: the text tower, or the mean state of scenes that show the concept. */
export const VECTOR_KINDS = ['text', 'means'] as const;
export type VectorKind = (typeof VECTOR_KINDS)[number];

// ---- heads: the words that span each head's contribution (TextSpan), and what it tells apart ----

export interface HeadsParams extends Survey {
  /** Words of each span. */
  readonly words: number;
}

export interface HeadName {
  readonly layer: number;
  readonly head: number;
}

export interface HeadReport extends HeadName {
  /** Words of the span in the order chosen, with the share of variance explained up to each. */
  readonly words: readonly { readonly text: string; readonly explained: number }[];
  /** Share that as many random texts explain: mean of the draws. */
  readonly randomExplained: number;
  /** Sum over the embedding of the variance of this head's contribution. */
  readonly variance: number;
  /** For each property the share of that variance which its true values explain, 0 to 1. */
  readonly shares: readonly number[];
}

export interface HeadsReport {
  readonly recipe: 'textspan';
  /** Whether these are the heads of the attention that pools the patches, which count as one layer more. */
  readonly pooled: boolean;
  readonly pool: number;
  readonly properties: readonly {
    readonly name: string;
    readonly values: readonly string[];
    /** 97.5% quantile of the same share under shuffled labels, over all heads: below it nothing is said. */
    readonly chance: number;
  }[];
  readonly heads: readonly HeadReport[];
  readonly device: Device;
  readonly elapsedMs: number;
}

// ---- ablate: zero-shot accuracy without chosen heads ----

export interface AblateHeadsParams extends Survey {
  readonly heads: readonly HeadName[];
}

export interface AblationRow {
  readonly property: string;
  readonly intact: number;
  /** The chosen heads' direct contributions replaced by their means. */
  readonly ablated: number;
  /** The same for as many other heads, drawn at random: from the smallest to the largest of the draws. */
  readonly random: NullBand;
  /** 1 / values. */
  readonly chance: number;
}

export interface HeadAblation {
  readonly recipe: 'mean-ablation';
  readonly rows: readonly AblationRow[];
  readonly device: Device;
  readonly elapsedMs: number;
}

// ---- separate: does a concept's direction tell held-out scenes apart ----

export interface SeparateParams extends Survey {
  readonly concepts: readonly string[];
  readonly vectors: VectorKind;
  /** Sentences that concepts are put into, see `templates`; absent for the usual ones. */
  readonly templates?: readonly string[];
}

export interface SeparationReport extends Separations {
  readonly vectors: VectorKind;
}

// ---- embed: pictures and texts into the joint space ----

export interface EmbedParams {
  readonly model: string;
  readonly images: readonly ImageSource[];
  readonly texts: readonly string[];
}

export interface Embeddings {
  /** Rows of length 1. */
  readonly images: Tensor<readonly ['image', 'embedding']>;
  readonly texts: Tensor<readonly ['text', 'embedding']>;
  readonly logitScale: number;
  readonly device: Device;
  readonly elapsedMs: number;
}

// ---- collect: a collection of pictures with captions, embedded, searched and checked ----

export interface CollectParams {
  readonly model: string;
  readonly items: readonly { readonly image: ImageSource; readonly caption: string }[];
}

export interface PairReport {
  /** Cosine of picture and caption. */
  readonly cosine: number;
  /** The cosine against those of the picture's and the caption's nearest neighbours, see `pair-check`. */
  readonly alignment: number;
  /** Place of the own caption among all captions for the picture, and of the own picture for the caption; counted from 1. */
  readonly captionRank: number;
  readonly pictureRank: number;
  /** The pair whose caption fits the picture best. */
  readonly better: number;
  /** The most similar other picture, and the cosine with it. */
  readonly twin: number;
  readonly twinCosine: number;
}

/** Both modalities in the plane of their first two principal components: pictures first, then captions. */
export interface JointMap {
  readonly points: Tensor<readonly ['point', 'axis']>;
  /** Share of the variance that the plane shows. */
  readonly share: number;
}

export interface Collection {
  readonly recipe: 'pair-check';
  readonly pairs: readonly PairReport[];
  /** Alignment of pairs put together at random: its 5% and 95% quantiles. A true pair below the upper one is doubtful. */
  readonly chance: NullBand;
  /** Distance of the mean picture from the mean caption, both of length-1 embeddings. */
  readonly gap: number;
  readonly raw: JointMap;
  /** After each modality's mean is taken away. */
  readonly centred: JointMap;
  /** Rows of length 1. */
  readonly images: Tensor<readonly ['image', 'embedding']>;
  readonly texts: Tensor<readonly ['text', 'embedding']>;
  readonly device: Device;
  readonly elapsedMs: number;
}

// ---- match: what each component adds to the match of a picture with a text ----

export interface MatchParams {
  readonly model: string;
  readonly image: ImageSource;
  readonly text: string;
}

export interface MatchPart {
  readonly kind: 'input' | 'head' | 'mlp';
  /** -1 for the input. */
  readonly layer: number;
  /** -1 but for heads. */
  readonly head: number;
  /** Logits added to the match with (text - mean text); all parts sum to `total`. */
  readonly logits: number;
  /** Central 95% of the same over random words. */
  readonly band: NullBand;
}

export interface Match {
  readonly recipe: 'component-contributions';
  /** As of a heads' report. */
  readonly pooled: boolean;
  readonly parts: readonly MatchPart[];
  readonly total: number;
  readonly device: Device;
  readonly elapsedMs: number;
}

// ---- refer: the causal referee ----

export interface ReferParams {
  readonly model: string;
  readonly image: ImageSource;
  /** The set whose probabilities are compared. */
  readonly concepts: readonly string[];
  /** Index of the concept whose direction is changed. */
  readonly concept: number;
  /** Block from which on the direction is changed, to the last. */
  readonly from: number;
  readonly act: 'remove' | 'add';
  readonly vectors: VectorKind;
  /** Sentences that concepts are put into, see `templates`; absent for the usual ones. */
  readonly templates?: readonly string[];
  /** Of the matched directions. */
  readonly seed: number;
}

export interface Verdict {
  readonly recipe: 'projection-patch';
  /** Probability of each concept, before and after. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** Probability of the concept after the same act with each matched direction. */
  readonly matched: readonly number[];
  /** Share of matched directions that moved the concept's probability less far in the act's direction, 0 to 1. */
  readonly percentile: number;
  /** Probability of the concept after the act with each concept's direction instead; at its own place `after`. */
  readonly others: readonly number[];
  readonly device: Device;
  readonly elapsedMs: number;
}

export interface ConceptJobs extends ReadAnswerJobs {
  heads: { params: HeadsParams; progress: Progress; result: HeadsReport };
  ablateHeads: { params: AblateHeadsParams; progress: Progress; result: HeadAblation };
  separate: { params: SeparateParams; progress: Progress; result: SeparationReport };
  embed: { params: EmbedParams; progress: Progress; result: Embeddings };
  collect: { params: CollectParams; progress: Progress; result: Collection };
  match: { params: MatchParams; progress: Progress; result: Match };
  refer: { params: ReferParams; progress: Progress; result: Verdict };
}

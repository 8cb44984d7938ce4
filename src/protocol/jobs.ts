import type { Grid, Tensor } from '../tensor/tensor.ts';
import type { AskJobs } from './ask.ts';
import type { Capture } from './capture.ts';
import type { ClassifyJobs } from './classify.ts';
import type { ConceptJobs, HeadName, VectorKind } from './concepts.ts';
import type { DissectionJobs } from './dissection.ts';
import type { ImageSource, Pixels } from './image.ts';
import type { InspectJobs } from './inspect.ts';
import type { LibraryJobs } from './library.ts';
import type { NamingJobs } from './naming.ts';
import type { NeuronJobs } from './neurons.ts';
import type { PaintingJobs } from './painting.ts';
import type { Device, Progress } from './progress.ts';
import type { SteerJobs } from './steer.ts';

export type { Device, Progress } from './progress.ts';

/** One token of a prompt as the model reads it, and where it stands in what the visitor typed. */
export interface PromptToken {
  /** Position in the model's sequence, special tokens counted. */
  readonly position: number;
  readonly id: number;
  readonly text: string;
  /** Start, end and padding tokens. */
  readonly special: boolean;
  /** Index into {@link PromptReading.words}; -1 for special tokens. */
  readonly word: number;
}

/** A word of the prompt: one chip in the page. */
export interface PromptWord {
  readonly text: string;
  /** Positions of its tokens in the model's sequence. */
  readonly positions: readonly number[];
  /** False when the model's vocabulary does not hold it: nothing true can be said of it. */
  readonly known: boolean;
}

export interface PromptReading {
  readonly tokens: readonly PromptToken[];
  readonly words: readonly PromptWord[];
  /** Words beyond the token limit, that the model never sees. */
  readonly cut: readonly string[];
}

/** Why a result must not be trusted; shown beside it. */
export type Caution =
  | { readonly kind: 'unknown-words'; readonly words: readonly string[] }
  /** The model asks for another way of sampling than the one that ran. */
  | { readonly kind: 'scheduler'; readonly asked: string; readonly used: string }
  /** The model's folder does not say how large it draws: side in pixels that was taken. */
  | { readonly kind: 'assumed-size'; readonly side: number }
  /** The model only describes pictures: it never saw what was asked. */
  | { readonly kind: 'question-unread' }
  /** Pictures are seen in at most so many parts along the longer side, not in as many as the model's files ask for. */
  | { readonly kind: 'parts'; readonly parts: number; readonly asked: number }
  /** Patches are pooled by one attention: what the figures then are. `sigmoid`: each concept's probability is its own. */
  | { readonly kind: 'pooled'; readonly sigmoid: boolean }
  | { readonly kind: 'cut-words'; readonly words: readonly string[]; readonly limit: number }
  /** `distance` of the embedding from the held-out scenes' (Mahalanobis), above `threshold`, their 99th percentile. */
  | { readonly kind: 'foreign-image'; readonly distance: number; readonly threshold: number };

// ---- generate: a text-to-image diffusion run with every cross-attention map ----

export interface GenerateParams {
  readonly model: string;
  readonly prompt: string;
  /** 32-bit unsigned. */
  readonly seed: number;
  /** Denoising steps, 1 to 50. */
  readonly steps: number;
  /** Classifier-free guidance scale, 1 (none) to 20. */
  readonly guidance: number;
  /** Words that the prompt does not have, whose maps are asked for all the same. */
  readonly probes?: readonly string[];
}

export interface GenerateProgress extends Progress {
  /** The predicted clean image of this step. */
  readonly preview?: Pixels;
}

/** Cross-attention probabilities of one layer: each (step, head, query) row sums to 1 over tokens. Conditional half only. */
export interface LayerAttention {
  /** Site name, as `unet.down.0.0.attn2.pattern`. */
  readonly site: string;
  readonly gridHeight: number;
  readonly gridWidth: number;
  /** `query` is y * gridWidth + x. */
  readonly pattern: Tensor<readonly ['step', 'head', 'query', 'token']>;
}

export interface Generation extends Capture {
  readonly reading: PromptReading;
  readonly image: Pixels;
  readonly attention: readonly LayerAttention[];
  readonly cautions: readonly Caution[];
  readonly device: Device;
  readonly elapsedMs: number;
}

// ---- explain: a contrastive model on one image ----

export interface ExplainParams {
  readonly model: string;
  readonly image: ImageSource;
  /** Free prompt whose words become clickable. */
  readonly prompt: string;
  /** The concepts or classes to compare: words or phrases. */
  readonly concepts: readonly string[];
  /** What the layers are compared with. */
  readonly vectors: VectorKind;
  /** Sentences that concepts are put into, see `templates`; absent for the usual ones. */
  readonly templates?: readonly string[];
  /** Heads left out of the patches' relevance. */
  readonly without: readonly HeadName[];
}

export interface ConceptScore {
  readonly concept: string;
  /** Softmax over the given concepts of logit scale x cosine, 0 to 1; the uniform 1 / concepts is its baseline. */
  readonly probability: number;
  /** Cosine of image and text embedding, -1 to 1. */
  readonly cosine: number;
  readonly known: boolean;
}

/** The central 95% of the same figure over random words. */
export interface NullBand {
  readonly low: number;
  readonly high: number;
  readonly samples: number;
}

export interface LayerConcepts {
  /** Site name, as `vision.blocks.3.resid_post`. */
  readonly site: string;
  readonly block: number;
  /** Cosine of the centred CLS state with each concept (order of `concepts`): text lens or contrastive means. */
  readonly similarity: readonly number[];
  readonly band: NullBand;
}

export interface WordRelevance {
  readonly word: PromptWord;
  /** Logit units: how much each patch adds to the match with the word, sum over layers and heads. */
  readonly patches: Grid;
  /** Central 95% of the patch relevance over random words on this image. */
  readonly band: NullBand;
}

export interface Explanation {
  readonly reading: PromptReading;
  readonly image: Pixels;
  readonly scores: readonly ConceptScore[];
  readonly layers: readonly LayerConcepts[];
  readonly relevance: readonly WordRelevance[];
  /** Probability-free match of the whole prompt with the image: cosine, and the band of held-out captions. */
  readonly promptCosine: number;
  readonly promptBand: NullBand;
  readonly cautions: readonly Caution[];
  readonly device: Device;
  readonly elapsedMs: number;
}

// ---- small ones ----

export interface GalleryParams {
  readonly seeds: readonly number[];
  readonly size: number;
}

export interface GalleryItem {
  readonly seed: number;
  readonly caption: string;
  readonly pixels: Pixels;
}

export interface ReadPromptParams {
  readonly model: string;
  readonly prompt: string;
}

export interface SitesParams {
  readonly model: string;
  /** Of a diffusion model: its channels to dissect instead of its attention maps. */
  readonly of?: 'units';
}

/** A site that the page can offer for a view. */
export interface SiteSummary {
  readonly name: string;
  readonly kind: string;
  readonly axes: readonly string[];
  readonly units?: number;
}

/** Every job: parameters, progress, result. The engine's handlers and the client derive their types from it. */
export interface Jobs
  extends AskJobs,
    ConceptJobs,
    DissectionJobs,
    SteerJobs,
    LibraryJobs,
    NeuronJobs,
    ClassifyJobs,
    NamingJobs,
    PaintingJobs,
    InspectJobs {
  generate: { params: GenerateParams; progress: GenerateProgress; result: Generation };
  explain: { params: ExplainParams; progress: Progress; result: Explanation };
  gallery: { params: GalleryParams; progress: Progress; result: readonly GalleryItem[] };
  readPrompt: { params: ReadPromptParams; progress: Progress; result: PromptReading };
  sites: { params: SitesParams; progress: Progress; result: readonly SiteSummary[] };
}

export type JobKind = keyof Jobs;
